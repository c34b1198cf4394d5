//! What goes wrong when a person is written down a second time.

use super::culture::Names;
use super::population::LAST_YEAR;
use super::random::Random;
use super::{Culture, Person, Sex, edit, script};

/// One thing that differs from what was registered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mistake {
    /// A letter of the given name inserted, left out, replaced or exchanged.
    GivenTypo,
    /// The same in the family name.
    FamilyTypo,
    /// A letter of a name taken for one that looks alike.
    Misread,
    /// A name spelt as it sounds.
    Respelt,
    /// Given and family names in each other's place.
    SwappedNames,
    /// A short form of the given name.
    Nickname,
    /// Only the initial of the given name.
    Initial,
    /// A second given or family name left out.
    NameLeftOut,
    /// The family name of a husband or wife.
    Married,
    /// Names in the letters of the culture.
    OtherScript,
    /// Day and month exchanged.
    DayMonthSwapped,
    /// A day, month or year one off.
    DateOff,
    /// Two digits of the year mistyped or exchanged.
    YearTypo,
    /// Only the year known.
    YearOnly,
    /// Another address.
    MovedHouse,
    /// A letter of the street mistyped.
    StreetTypo,
    /// No birth date.
    NoBirth,
    /// No address.
    NoAddress,
    /// No telephone.
    NoPhone,
    /// Another telephone.
    NewPhone,
    /// A digit of the telephone wrong.
    Misdialled,
    /// No e-mail, or another one.
    OtherEmail,
    /// The other sex ticked.
    OtherSex,
}

/// How probable each is beside the others.
const SHARES: [(Mistake, f64); 23] = [
    (Mistake::GivenTypo, 10.0),
    (Mistake::FamilyTypo, 10.0),
    (Mistake::Misread, 4.0),
    (Mistake::Respelt, 12.0),
    (Mistake::SwappedNames, 4.0),
    (Mistake::Nickname, 4.0),
    (Mistake::Initial, 2.0),
    (Mistake::NameLeftOut, 6.0),
    (Mistake::Married, 4.0),
    (Mistake::OtherScript, 4.0),
    (Mistake::DayMonthSwapped, 4.0),
    (Mistake::DateOff, 6.0),
    (Mistake::YearTypo, 3.0),
    (Mistake::YearOnly, 2.0),
    (Mistake::MovedHouse, 15.0),
    (Mistake::StreetTypo, 6.0),
    (Mistake::NoBirth, 1.0),
    (Mistake::NoAddress, 2.0),
    (Mistake::NoPhone, 8.0),
    (Mistake::NewPhone, 12.0),
    (Mistake::Misdialled, 4.0),
    (Mistake::OtherEmail, 6.0),
    (Mistake::OtherSex, 0.5),
];

/// How many mistakes a copy has.
const COUNTS: [(u32, f64); 4] = [(1, 0.4), (2, 0.35), (3, 0.18), (4, 0.07)];

/// A person as another office wrote them down.
#[derive(Clone, Debug)]
pub struct Copy {
    /// What it says.
    pub person: Person,
    /// What was done to it, each of which changed something.
    pub done: Vec<Mistake>,
}

/// A copy of `person` with one mistake or more.
pub(super) fn copy(person: &Person, names: &Names, random: &mut Random) -> Copy {
    let count = random.weighted(&COUNTS);
    let mut copy = Copy { person: person.clone(), done: Vec::new() };
    // Some mistakes change nothing of some people, so it may take more draws; names and dates always can be mistaken.
    while (copy.done.len() as u32) < count {
        let mistake = random.weighted(&SHARES);
        if copy.done.iter().any(|&done| done == mistake || hides(done, mistake)) {
            continue;
        }
        let before = copy.person.clone();
        apply(mistake, &mut copy.person, names, random);
        if copy.person != before || mistake == Mistake::MovedHouse {
            copy.done.push(mistake);
        }
    }
    copy
}

/// Whether two mistakes are of one field, where the second would hide the first.
fn hides(one: Mistake, other: Mistake) -> bool {
    const FIELDS: [&[Mistake]; 3] = [
        &[Mistake::DayMonthSwapped, Mistake::DateOff, Mistake::YearTypo, Mistake::YearOnly, Mistake::NoBirth],
        &[Mistake::MovedHouse, Mistake::StreetTypo, Mistake::NoAddress],
        &[Mistake::NoPhone, Mistake::NewPhone, Mistake::Misdialled],
    ];
    FIELDS.iter().any(|field| field.contains(&one) && field.contains(&other))
}

/// A move is only noted: the caller, who knows the towns, finds the new address.
fn apply(mistake: Mistake, person: &mut Person, names: &Names, random: &mut Random) {
    match mistake {
        Mistake::GivenTypo => person.given = edit::typo(&person.given, random),
        Mistake::FamilyTypo => person.family = edit::typo(&person.family, random),
        Mistake::Misread => either(person, random, edit::misread),
        Mistake::Respelt => either(person, random, edit::respell),
        Mistake::SwappedNames => std::mem::swap(&mut person.given, &mut person.family),
        Mistake::Nickname => person.given = edit::nickname(&person.given, random),
        Mistake::Initial => person.given = person.given.chars().take(1).collect(),
        Mistake::NameLeftOut => leave_out(person),
        Mistake::Married => marry(person, names, random),
        Mistake::OtherScript => rewrite(person),
        Mistake::DayMonthSwapped | Mistake::DateOff | Mistake::YearTypo | Mistake::YearOnly | Mistake::NoBirth => {
            person.birth = misdate(mistake, &person.birth, random);
        }
        Mistake::MovedHouse => {}
        Mistake::StreetTypo => person.street = edit::typo(&person.street, random),
        Mistake::NoAddress => {
            person.street.clear();
            person.town.clear();
            person.post_code.clear();
        }
        Mistake::NoPhone => person.phone.clear(),
        Mistake::NewPhone => person.phone = format!("7{:08}", random.below(100_000_000)),
        Mistake::Misdialled => person.phone = edit::misdial(&person.phone, random),
        Mistake::OtherEmail => {
            let other =
                format!("{}{}@post.example", person.family.to_lowercase().replace(' ', ""), random.below(10_000));
            person.email = if person.email.is_empty() || random.chance(0.5) { other } else { String::new() };
        }
        Mistake::OtherSex => {
            person.sex = person.sex.map(|sex| if sex == Sex::Male { Sex::Female } else { Sex::Male });
        }
    }
}

fn either(person: &mut Person, random: &mut Random, change: fn(&str, &mut Random) -> String) {
    if random.chance(0.5) {
        person.given = change(&person.given, random);
    } else {
        person.family = change(&person.family, random);
    }
}

fn leave_out(person: &mut Person) {
    if let Some((first, _)) = person.given.split_once(' ') {
        person.given = first.to_owned();
    } else if let Some((first, _)) = person.family.split_once(' ') {
        person.family = first.to_owned();
    }
}

/// In most cultures here, women take a husband's name; where there are two family names, nobody does.
fn marry(person: &mut Person, names: &Names, random: &mut Random) {
    let adult =
        person.birth.get(..4).and_then(|year| year.parse::<u32>().ok()).is_some_and(|year| year < LAST_YEAR - 18);
    if adult && person.sex == Some(Sex::Female) && person.culture != Culture::Iberian {
        person.family = names.family(random);
    }
}

fn rewrite(person: &mut Person) {
    if let (Some(given), Some(family)) =
        (script::write(&person.given, person.culture), script::write(&person.family, person.culture))
    {
        (person.given, person.family) = (given, family);
    }
}

/// `birth` with this mistake; a date that is no date afterwards stays as it was.
fn misdate(mistake: Mistake, birth: &str, random: &mut Random) -> String {
    let parts: Vec<u32> = birth.split('-').filter_map(|part| part.parse().ok()).collect();
    let &[year, month, day] = parts.as_slice() else { return birth.to_owned() };
    if mistake == Mistake::YearOnly {
        return format!("{year}");
    }
    if mistake == Mistake::NoBirth {
        return String::new();
    }
    let century = year / 100 * 100;
    let kinds = [(Mistake::DateOff, 4), (Mistake::YearTypo, 2)];
    let kind = kinds.iter().find(|kind| kind.0 == mistake).map_or(0, |kind| random.below(kind.1));
    let (year, month, day) = match (mistake, kind) {
        (Mistake::DayMonthSwapped, _) if day <= 12 => (year, day, month),
        (Mistake::DateOff, 0) => (year + 1 - 2 * random.below(2), month, day),
        (Mistake::DateOff, 1) => (year, if month == 12 { 11 } else { month + 1 }, day.min(28)),
        (Mistake::DateOff, _) => (year, month, if day > 1 { day - 1 } else { 2 }),
        (Mistake::YearTypo, 0) => (century + year % 10 * 10 + year / 10 % 10, month, day),
        (Mistake::YearTypo, _) => (century + random.below(10) * 10 + year % 10, month, day),
        _ => (year, month, day),
    };
    if year > LAST_YEAR { birth.to_owned() } else { format!("{year}-{month:02}-{day:02}") }
}
