//! Naming cultures: how names sound and how many there are.

use super::Sex;
use super::random::{Random, Zipf};

/// Where a name could come from. The names are made of syllables that sound like it; some happen to be real names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Culture {
    /// Western Europe.
    Western,
    /// Eastern Europe, also written in Cyrillic.
    Slavic,
    /// North Africa and the Near East, spelt in Latin letters in many ways.
    Arabic,
    /// South Asia, also written in Devanagari.
    Indic,
    /// East Africa.
    Bantu,
    /// East Asia: few family names, short names.
    Sinic,
    /// Iberia and Latin America: two family names, often two given ones.
    Iberian,
}

/// Beginnings, middles and ends of names.
struct Sounds {
    starts: &'static [&'static str],
    middles: &'static [&'static str],
    male: &'static [&'static str],
    female: &'static [&'static str],
    family: &'static [&'static str],
    /// How many family names and how many given names of a sex there are.
    families: usize,
    givens: usize,
}

const WESTERN: Sounds = Sounds {
    starts: &[
        "Al", "Ben", "Car", "Dor", "Ed", "Fre", "Ger", "Hel", "Is", "Jo", "Ka", "Lin", "Mar", "Nor", "Os", "Pe", "Ro",
        "Ste", "Tho", "Wil",
    ],
    middles: &["", "be", "di", "fri", "ha", "li", "ma", "na", "ri", "the", "va", "wi"],
    male: &["n", "rt", "ck", "s", "ld", "m", "no", "las"],
    female: &["na", "da", "le", "tte", "se", "lia", "ra", "ne"],
    family: &["son", "mann", "ter", "feld", "wood", "ley", "berg", "ton", "er", "stein", "ford", "sen"],
    families: 2_800,
    givens: 700,
};
const SLAVIC: Sounds = Sounds {
    starts: &[
        "An", "Bo", "Da", "Ev", "Ga", "Iv", "Ka", "Le", "Mi", "Ni", "Ok", "Pa", "Ra", "Se", "Sve", "Ta", "Va", "Vla",
        "Ye", "Zo",
    ],
    middles: &["", "bo", "da", "di", "go", "ko", "le", "mi", "ro", "sla", "ti", "vi"],
    male: &["n", "mir", "slav", "y", "r", "s", "m", "k"],
    female: &["na", "ya", "ra", "la", "lina", "ta", "va", "nka"],
    family: &["ov", "ev", "enko", "sky", "in", "ich", "uk", "yan", "chuk", "ak", "kin", "ko"],
    families: 2_800,
    givens: 600,
};
const ARABIC: Sounds = Sounds {
    starts: &[
        "Ab", "Ah", "Ba", "Fa", "Ha", "Hu", "Ib", "Ja", "Kha", "Ma", "Mu", "Na", "Om", "Ra", "Sa", "Sha", "Ta", "Wa",
        "Yu", "Za",
    ],
    middles: &["", "bi", "da", "fi", "ha", "ka", "li", "ma", "ri", "sa", "ya", "zi"],
    male: &["d", "med", "r", "m", "l", "f", "n", "s"],
    female: &["a", "ra", "da", "ya", "na", "ma", "la", "h"],
    family: &["i", "awi", "ani", "oud", "een", "ari", "ib", "ouri", "adi", "ami", "aq", "oun"],
    families: 2_200,
    givens: 500,
};
const INDIC: Sounds = Sounds {
    starts: &[
        "A", "An", "Bha", "Cha", "De", "Ga", "Ha", "In", "Ja", "Ka", "La", "Ma", "Na", "Pra", "Ra", "Sha", "Su", "Ta",
        "Vi", "Ya",
    ],
    middles: &["", "bi", "di", "ka", "la", "mi", "ni", "ra", "shi", "ta", "vi", "ya"],
    male: &["sh", "j", "n", "t", "v", "nd", "l", "m"],
    female: &["ta", "na", "li", "ni", "ka", "ya", "ti", "sha"],
    family: &["ni", "kar", "sha", "war", "ria", "tra", "dal", "gi", "das", "dhi", "ly", "man"],
    families: 2_800,
    givens: 700,
};
const BANTU: Sounds = Sounds {
    starts: &[
        "Ba", "Chi", "Go", "Ka", "Ki", "Ku", "Li", "Ma", "Mu", "Mwa", "Na", "Nja", "Nya", "O", "Ru", "Si", "Ta", "Thu",
        "Wa", "Zu",
    ],
    middles: &["", "bu", "di", "ga", "ka", "lu", "mba", "ngi", "ra", "su", "te", "we"],
    male: &["ni", "ku", "go", "ma", "so", "bo", "ji", "ke"],
    female: &["ru", "na", "sha", "mi", "la", "ri", "ya", "ko"],
    family: &["ngo", "la", "ki", "mbi", "ru", "nde", "wa", "ta", "re", "cha", "no", "zi"],
    families: 2_800,
    givens: 600,
};
const SINIC: Sounds = Sounds {
    starts: &[
        "Chen", "Feng", "Gao", "Han", "Jin", "Kang", "Li", "Lin", "Mei", "Ning", "Ping", "Qi", "Rui", "Shan", "Tao",
        "Wei", "Xiao", "Yan", "Yu", "Zhen",
    ],
    middles: &["", "a", "bo", "da", "fei", "hui", "jia", "ke", "lan", "min", "shu", "xin"],
    male: &["", "jun", "long", "ming", "peng", "qiang", "tian", "yong"],
    female: &["", "fang", "hong", "juan", "li", "na", "xia", "ying"],
    family: &["", "g", "n", "o", "u"],
    families: 110,
    givens: 1_200,
};
const IBERIAN: Sounds = Sounds {
    starts: &[
        "Al", "An", "Be", "Car", "Da", "Es", "Fer", "Gon", "He", "Is", "Jo", "Le", "Lu", "Ma", "Mi", "Na", "Pa", "Ra",
        "San", "Vi",
    ],
    middles: &["", "ba", "de", "ga", "gue", "la", "man", "ni", "ra", "ri", "ta", "va"],
    male: &["do", "no", "r", "s", "el", "co", "lio", "to"],
    female: &["da", "na", "ra", "sa", "ela", "ca", "lia", "ta"],
    family: &["ez", "era", "oso", "ales", "ano", "eda", "ero", "inas", "ido", "ra", "illo", "az"],
    families: 1_600,
    givens: 500,
};

impl Culture {
    /// All of them, with the share of households each has.
    pub(super) const SHARES: [(Self, f64); 7] = [
        (Self::Western, 0.2),
        (Self::Slavic, 0.12),
        (Self::Arabic, 0.18),
        (Self::Indic, 0.18),
        (Self::Bantu, 0.14),
        (Self::Sinic, 0.08),
        (Self::Iberian, 0.1),
    ];

    fn sounds(self) -> &'static Sounds {
        match self {
            Self::Western => &WESTERN,
            Self::Slavic => &SLAVIC,
            Self::Arabic => &ARABIC,
            Self::Indic => &INDIC,
            Self::Bantu => &BANTU,
            Self::Sinic => &SINIC,
            Self::Iberian => &IBERIAN,
        }
    }
}

/// How often each name of a culture is drawn.
pub(super) struct Names {
    culture: Culture,
    families: Zipf,
    givens: Zipf,
}

impl Names {
    pub(super) fn new(culture: Culture) -> Self {
        let sounds = culture.sounds();
        Self { culture, families: Zipf::new(sounds.families), givens: Zipf::new(sounds.givens) }
    }

    pub(super) fn culture(&self) -> Culture {
        self.culture
    }

    pub(super) fn family(&self, random: &mut Random) -> String {
        let sounds = self.culture.sounds();
        assemble(self.families.draw(random), sounds, sounds.family)
    }

    pub(super) fn given(&self, sex: Sex, random: &mut Random) -> String {
        let sounds = self.culture.sounds();
        let ends = match sex {
            Sex::Female => sounds.female,
            Sex::Male => sounds.male,
        };
        assemble(self.givens.draw(random), sounds, ends)
    }
}

/// The name of a rank: the same rank is the same name everywhere; common and rare ones sound alike.
fn assemble(rank: usize, sounds: &Sounds, ends: &[&'static str]) -> String {
    let total = sounds.starts.len() * sounds.middles.len() * ends.len();
    // A stride without a factor in common with these lists' lengths, so that ranks spread over all combinations.
    let mut left = (rank * 1_009 + ends.len() * 31) % total;
    let mut pick = |list: &[&'static str]| {
        let at = left % list.len();
        left /= list.len();
        list[at]
    };
    let (start, middle, end) = (pick(sounds.starts), pick(sounds.middles), pick(ends));
    format!("{start}{middle}{end}")
}
