//! The rules of demographic comparison, a file of their own that `identity.rules_file` names: laid over the documented default, read and refused
//! as the configuration is.

use std::collections::BTreeMap;
use std::path::Path;

use whorl_identity::demographic::{Bounds, DEFAULT_RULES_TOML, Field, Level, MAX_WORDS, Odds, Pairs, Rules};

use super::fault::ConfigError;
use super::layers::{Document, Layers};
use super::section::{Reading, Section};

/// The default rules as a list of keys.
const DOCUMENT: Document =
    Document { name: "rules.toml", toml: DEFAULT_RULES_TOML, shown_by: "whorl config print --default-rules" };

/// The strongest threshold that makes sense: nobody's records agree to more bits.
const MOST_BITS: f64 = 1_000.0;

/// More than a halving of the frequency says twice over.
const MOST_RARITY: f64 = 2.0;

/// The rules in the file at `path`, over the default ones.
///
/// # Errors
/// [`ConfigError`] where the file cannot be read, is no TOML, or where a key or value is not allowed.
pub(crate) fn rules(path: &Path) -> Result<Rules, ConfigError> {
    parse(path, &super::read(path)?)
}

fn parse(path: &Path, text: &str) -> Result<Rules, ConfigError> {
    let mut faults = Vec::new();
    let mut layers = Layers::of(&DOCUMENT)?;
    layers.lay_file(path, text, &mut faults)?;
    let base = path.parent().unwrap_or(Path::new(""));
    let mut reading = Reading { layers: &mut layers, faults: &mut faults, base };
    let rules = read(&mut reading);
    if reading.faults.is_empty() {
        let bits = [rules.adjudicate_bits, rules.duplicate_bits].map(f64::from);
        reading.section("").refuse_above(("adjudicate_bits", bits[0]), ("duplicate_bits", bits[1]));
    }
    if faults.is_empty() { Ok(rules) } else { Err(ConfigError::Refused(faults)) }
}

fn read(reading: &mut Reading<'_>) -> Rules {
    let odds = Field::ALL.map(|field| (field, odds(reading, field))).into();
    let bounds = bounds(&mut reading.section("bounds"));
    let pairs = pairs(&mut reading.section("pairs"));
    let mut section = reading.section("");
    Rules {
        adjudicate_bits: bits(&mut section, "adjudicate_bits"),
        duplicate_bits: bits(&mut section, "duplicate_bits"),
        bounds,
        pairs,
        typical_frequency: section.real("typical_frequency", PROBABILITY, is_probability),
        rarity: section.real("rarity", "0 to 2", |value| (0.0..=MOST_RARITY).contains(&value)),
        first_of_january_is_unknown: section.flag("first_of_january_is_unknown"),
        titles: words(&mut section, "titles"),
        particles: words(&mut section, "particles"),
        odds,
    }
}

fn odds(reading: &mut Reading<'_>, field: Field) -> BTreeMap<Level, Odds> {
    let level = |&level: &Level| {
        let name = format!("odds.{}.{}", field.name(), level.name());
        let mut section = reading.section(&name);
        let [m, strangers, relatives, twins] =
            ["m", "strangers", "relatives", "twins"].map(|key| section.real(key, PROBABILITY, is_probability) as f32);
        (level, Odds { m, strangers, relatives, twins })
    };
    field.levels().iter().map(level).collect()
}

fn bounds(section: &mut Section<'_>) -> Bounds {
    Bounds {
        per_block: section.whole("per_block", 1..=Bounds::MOST_PER_BLOCK as i64),
        compared: section.whole("compared", 1..=Bounds::MOST_COMPARED as i64),
    }
}

fn pairs(section: &mut Section<'_>) -> Pairs {
    let is_count = |value: f64| value as f32 > 0.0 && (value as f32).is_finite();
    let [strangers, relatives, twins] = ["strangers", "relatives", "twins"]
        .map(|key| section.real(key, "above 0; choose how many such pairs there are", is_count) as f32);
    Pairs { strangers, relatives, twins }
}

fn bits(section: &mut Section<'_>, key: &str) -> f32 {
    section.real(key, "a number of bits, -1000 to 1000", |value| value.abs() <= MOST_BITS) as f32
}

const PROBABILITY: &str =
    "above 0 and at most 1; choose a probability within, such as 0.000001 for what hardly happens";

/// Also once it is of single precision.
fn is_probability(value: f64) -> bool {
    value as f32 > 0.0 && value <= 1.0
}

fn words(section: &mut Section<'_>, key: &str) -> Vec<String> {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    section.texts(key, MAX_WORDS, "a list of words as names are compared, of a-z and 0-9: \"dr\", not \"Dr.\"", is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Rules, String> {
        parse(Path::new("/etc/whorl/rules.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_default_is_read_as_the_library_reads_it_and_a_file_over_it_changes_what_it_says() {
        assert_eq!(load("").unwrap(), Rules::default());
        assert_eq!(load(DEFAULT_RULES_TOML).unwrap(), Rules::default());
        let text =
            "duplicate_bits = 9\ntitles = [\"lord\"]\n[bounds]\nper_block = 5\n[odds.name]\nsame = { m = 0.5 }\n";
        let mut expected = Rules { duplicate_bits: 9.0, titles: vec!["lord".to_owned()], ..Rules::default() };
        expected.bounds.per_block = 5;
        expected.odds.get_mut(&Field::Name).unwrap().get_mut(&Level::Same).unwrap().m = 0.5;
        assert_eq!(load(text).unwrap(), expected);
        assert!(expected.check().is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_place_and_name_with_what_to_do() {
        for (text, expected) in [
            ("[odds.name]\nsame = { m = \"x\" }", "rules.toml:2:10: odds.name.same.m must be a number"),
            (
                "[odds.sex]\nsame = { m = 1.5 }",
                ":2:10: odds.sex.same.m is 1.5, and must be above 0 and at most 1; choose",
            ),
            ("[odds.sex.same]\ntwins = 0", ":2:1: odds.sex.same.twins is 0, and must be above 0"),
            ("[odds.sex.same]\ntwins = 1e-60", "odds.sex.same.twins is 0.0000"),
            ("[odds.sex.same]\ntwins = nan", "odds.sex.same.twins is NaN, and must be above 0"),
            (
                "[odds.name]\nsme = { m = 0.5 }",
                ":2:1: there is no section [odds.name.sme]; did you mean [odds.name.same]?",
            ),
            ("[odds.nane]\nsame = { m = 0.5 }", ":1:7: there is no section [odds.nane]; did you mean [odds.name]?"),
            ("[odds]\nname = 3", ":2:1: there is no key `name` in [odds]; did you mean the section [odds.name]?"),
            ("[odds.sex]\nsame = { strnagers = 1 }", "`strnagers` in [odds.sex.same]; did you mean `strangers`"),
            ("adjudicate_bits = 9", ":1:1: adjudicate_bits is 9, above duplicate_bits, which is 8; choose"),
            (
                "# a line\nduplicate_bits = 0.5",
                ":2:1: adjudicate_bits is 1, above duplicate_bits, which is 0.5; choose",
            ),
            ("adjudicate_bits = inf", "adjudicate_bits is inf, and must be a number of bits"),
            ("adjudicate_bit = 1", "outside of the sections; did you mean `adjudicate_bits`?"),
            ("quantum = 1", "`whorl config print --default-rules` shows all there are"),
            ("[pairs]\ntwins = -1", "pairs.twins is -1, and must be above 0"),
            ("[bounds]\nper_block = 10000", "bounds.per_block is 10000, and must be 1 to 9999"),
            ("rarity = 3", "rarity is 3, and must be 0 to 2"),
            ("titles = [\"Dr.\"]", "titles must be a list of words as names are compared"),
            ("titles = 7", "titles must be a list of words"),
            ("titles = [", "the format is TOML, and `whorl config print --default-rules` shows all keys"),
        ] {
            let told = load(text).unwrap_err();
            assert!(told.contains(expected) && told.lines().count() == 1, "{text}: {told}");
        }
    }

    #[test]
    fn every_key_of_the_default_is_read() {
        for setting in Layers::of(&DOCUMENT).unwrap().settings() {
            let text = match setting.section.as_str() {
                "" => format!("{} = [1979]", setting.key),
                section => format!("[{section}]\n{} = [1979]", setting.key),
            };
            assert!(load(&text).unwrap_err().contains(&setting.name()), "{}", setting.name());
        }
    }
}
