use std::collections::HashSet;

use super::{
    BlockKey, Bounds, BytesError, Field, Level, Linker, MAX_KEYS, Odds, Particulars, Prepared, Rules, RulesError,
    Verdict, block_keys, text,
};

fn particulars(given: &str, family: &str, birth: &str) -> Particulars {
    Particulars {
        given: given.to_owned(),
        family: family.to_owned(),
        birth: birth.to_owned(),
        sex: "F".to_owned(),
        address: vec!["12 Mill Lane".to_owned(), "Ashham".to_owned()],
        post_code: "10042".to_owned(),
        phone: "+254 712 345 678".to_owned(),
        ..Particulars::default()
    }
}

fn prepared(given: &str, family: &str, birth: &str) -> Prepared {
    Rules::default().prepare(&particulars(given, family, birth))
}

/// How far two names, given and family, agree.
fn names(one: (&str, &str), other: (&str, &str)) -> Level {
    level(Field::Name, &prepared(one.0, one.1, ""), &prepared(other.0, other.1, ""))
}

fn dates(one: &str, other: &str) -> Level {
    level(Field::Birth, &prepared("A", "B", one), &prepared("A", "B", other))
}

fn level(field: Field, one: &Prepared, other: &Prepared) -> Level {
    let weight = Rules::default().compare(one, other, &|_| 0.0);
    weight.fields.iter().find(|agreement| agreement.field == field).unwrap().level
}

#[test]
fn texts_of_any_script_become_small_latin_letters() {
    for (text, expected) in [
        ("  O'Brien-Smith, Jr. ", "obrien smith jr"),
        ("ＭＡＲＩＡ", "maria"),
        ("Müller Straße", "muller strasse"),
        ("Владимир", "vladimir"),
        ("राम", "ram"),
        ("አበበ", "abebe"),
        ("李小龙", "li xiao long"),
        ("\u{0}\u{200D}\u{1F600}", "grinning"),
        ("", ""),
    ] {
        assert_eq!(text::normalise(text), expected);
    }
}

#[test]
fn names_agree_whatever_their_order_spelling_and_titles() {
    let name = ("Marina Joy", "Okoro");
    for (other, expected) in [
        (("Okoro", "Marina Joy"), Level::Same),
        (("Mrs. Marina-Joy", "OKORO"), Level::Same),
        (("Marinajoy", "Okoro"), Level::Same),
        (("Marina", "Okoro"), Level::Part),
        (("Mariana Joy", "Okoru"), Level::Near),
        (("M.", "Okoro"), Level::Initial),
        (("Mar", "Okoro"), Level::Initial),
        (("Marina Joy", "Wexford"), Level::FamilyDiffers),
        (("Tabitha Edith", "Okoro"), Level::GivenDiffers),
        (("Tabitha", "Wexford"), Level::Apart),
        (("", ""), Level::Missing),
    ] {
        assert_eq!(names(name, other), expected, "{other:?}");
        assert_eq!(names(other, name), expected, "{other:?} turned round");
    }
    assert_eq!(names(("Mohamed", "Hassan"), ("محمد", "حسن")), Level::Near);
    assert_eq!(names(("Иван", "Петров"), ("Ivan", "Petrov")), Level::Same);
}

#[test]
fn whole_names_agree_with_divided_ones_and_nobody_knows_which_word_differs() {
    let whole =
        |name: &str| Rules::default().prepare(&Particulars { full_name: name.to_owned(), ..Particulars::default() });
    assert_eq!(level(Field::Name, &whole("Okoro Marina"), &prepared("Marina", "Okoro", "")), Level::Same);
    assert_eq!(level(Field::Name, &whole("Marina Okoro"), &whole("Marina Wexford")), Level::WordDiffers);
}

#[test]
fn dates_agree_as_far_as_they_are_known() {
    for (one, other, expected) in [
        ("1984-03-07", "1984/03/07", Level::Same),
        ("1984-03-07", "1984-07-03", Level::Swapped),
        ("1984-03-07", "1984-03-08", Level::Near),
        ("1984-03-07", "1985-03-07", Level::Near),
        ("1984-03-07", "1948-03-07", Level::Near),
        ("1984-03-07", "1984", Level::YearOnly),
        ("1984-01-01", "1984-03-07", Level::YearOnly),
        ("1984", "1985", Level::YearNear),
        ("1984-03-07", "1984-05-19", Level::YearNear),
        ("1984-03-07", "1984-00-00T10:00", Level::YearOnly),
        ("1984-03-07", "1955-11-26", Level::Apart),
        ("1984-03-07", "yesterday", Level::Missing),
        ("1984-03-07", "", Level::Missing),
    ] {
        assert_eq!(dates(one, other), expected, "{one} {other}");
        assert_eq!(dates(other, one), expected, "{other} {one}");
    }
}

#[test]
fn an_address_a_telephone_and_a_sex_agree_in_steps() {
    let base = particulars("A", "B", "");
    let rules = Rules::default();
    let against = |field: Field, other: Particulars| level(field, &rules.prepare(&base), &rules.prepare(&other));
    let address = |lines: &[&str], code: &str| Particulars {
        address: lines.iter().map(|line| (*line).to_owned()).collect(),
        post_code: code.to_owned(),
        ..base.clone()
    };
    assert_eq!(against(Field::Address, address(&["Ashham", "12, MILL LANE"], "")), Level::Same);
    assert_eq!(against(Field::Address, address(&["12 Mil Lane, Ashham"], "10042")), Level::Same);
    assert_eq!(against(Field::Address, address(&["77 Mill Road", "Ashham"], "1")), Level::Part);
    assert_eq!(against(Field::Address, address(&["3 Palm Way"], "10 042")), Level::Area);
    assert_eq!(against(Field::Address, address(&["3 Palm Way"], "9")), Level::Apart);
    assert_eq!(against(Field::Address, address(&[], "")), Level::Missing);
    let phone = |phone: &str| Particulars { phone: phone.to_owned(), ..base.clone() };
    assert_eq!(against(Field::Phone, phone("0712345678")), Level::Same);
    assert_eq!(against(Field::Phone, phone("0712345679")), Level::Near);
    assert_eq!(against(Field::Phone, phone("0712354678")), Level::Near);
    assert_eq!(against(Field::Phone, phone("0799999678")), Level::Apart);
    assert_eq!(against(Field::Phone, phone("12")), Level::Missing);
    assert_eq!(against(Field::Sex, Particulars { sex: "MLE".to_owned(), ..base.clone() }), Level::Apart);
    assert_eq!(against(Field::Sex, Particulars { sex: "other".to_owned(), ..base.clone() }), Level::Missing);
}

#[test]
fn a_weight_is_the_sum_of_its_fields_and_a_rare_name_weighs_more() {
    let (one, other) = (prepared("Zubeida", "Quillon", "1984-03-07"), prepared("Zubeida", "Quillon", "1984-03-07"));
    let rules = Rules::default();
    let weigh = |share: f64| {
        let moved = Particulars {
            address: vec!["3 Palm Way".to_owned()],
            post_code: "9".to_owned(),
            phone: String::new(),
            ..particulars("Zubeida", "Quillon", "1985")
        };
        rules.compare(&one, &rules.prepare(&moved), &|_| share)
    };
    let weight = rules.compare(&one, &other, &|_| 0.0);
    assert_eq!(weight.verdict, Verdict::Duplicate);
    for weight in [weight, weigh(0.05)] {
        let sum = weight.prior_bits + weight.fields.iter().map(|field| field.bits).sum::<f32>();
        assert!((sum - weight.bits).abs() < 1e-4);
    }
    assert!(weigh(0.000_05).bits > weigh(0.05).bits);
}

#[test]
fn twins_and_namesakes_are_not_one_person_and_a_misspelt_mover_is() {
    let rules = Rules::default();
    let verdict = |one: &Particulars, other: &Particulars| {
        rules.compare(&rules.prepare(one), &rules.prepare(other), &|_| 0.0).verdict
    };
    let base = particulars("Zubeida", "Quillon", "1984-03-07");
    assert_eq!(verdict(&base, &particulars("Tabitha", "Quillon", "1984-03-07")), Verdict::Unique);
    assert_eq!(verdict(&base, &particulars("Zubeida", "Quillon", "1956-11-21")), Verdict::Unique);
    let moved = Particulars {
        address: vec!["3 Palm Way".to_owned()],
        post_code: "99".to_owned(),
        ..particulars("Zubeda", "Quilon", "1984-03-07")
    };
    assert_ne!(verdict(&base, &moved), Verdict::Unique);
}

#[test]
fn records_of_one_person_share_a_key_whatever_one_field_says() {
    let base = particulars("Zubeida", "Quillon", "1984-03-07");
    let keys = |particulars: &Particulars| -> HashSet<BlockKey> {
        block_keys(&Rules::default().prepare(particulars)).into_iter().collect()
    };
    for changed in [
        particulars("Zubeida", "Wexford", "1984-03-07"),
        particulars("Quillon", "Zubeida", "1984-07-03"),
        Particulars {
            phone: String::new(),
            address: vec![],
            post_code: String::new(),
            ..particulars("Zubeda", "Quilon", "1984")
        },
        Particulars {
            phone: String::new(),
            post_code: String::new(),
            ..particulars("Zubeida", "Quillon", "1983-03-07")
        },
        Particulars { phone: String::new(), ..particulars("Zubeida", "Quillon", "") },
    ] {
        assert!(!keys(&base).is_disjoint(&keys(&changed)));
    }
    let many = (0..40).map(|at| format!("Name{at}x")).collect::<Vec<_>>().join(" ");
    let keys = block_keys(&prepared(&many, &many, "1984-03-07"));
    assert!(keys.len() <= MAX_KEYS && keys.iter().all(|key| key.as_str().len() <= 40));
    assert!(block_keys(&Rules::default().prepare(&Particulars::default())).is_empty());
}

#[test]
fn what_is_prepared_comes_back_from_its_bytes_and_damage_is_an_error() {
    let whole = prepared("Zubeida Joy", "Quillon", "1984-03-07");
    let bytes = whole.to_bytes();
    assert!(bytes.len() < 100, "{}", bytes.len());
    assert!(Prepared::from_bytes(&bytes).unwrap() == whole);
    for len in 0..bytes.len() {
        assert!(Prepared::from_bytes(&bytes[..len]).is_err());
    }
    assert_eq!(Prepared::from_bytes(&[9]).unwrap_err(), BytesError::Version(9));
    assert!(Prepared::from_bytes(&[bytes.clone(), vec![0]].concat()).is_err());
    // Whatever a byte becomes, reading and comparing what was read does not panic.
    for at in 0..bytes.len() {
        for value in [0, 1, 7, 127, 255] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            if let Ok(read) = Prepared::from_bytes(&damaged) {
                let _ = (Rules::default().compare(&whole, &read, &|_| 0.0), block_keys(&read));
            }
        }
    }
}

#[test]
fn a_search_finds_the_duplicate_and_says_what_it_left_out() {
    let mut linker = Linker::new(Rules::default().for_persons(1_000));
    let mate = linker.add(&prepared("Zubeida", "Quillon", "1984-03-07"));
    for at in 0..50 {
        linker.add(&linker.rules().prepare(&Particulars {
            phone: String::new(),
            address: vec![format!("{at} Palm Way")],
            ..particulars("Tabitha", "Wexford", "1984-03-07")
        }));
    }
    let probe = prepared("Zubeda", "Quillon", "1984-03-07");
    let found = linker.search(&probe, Bounds::default());
    assert_eq!(found.candidates.iter().map(|candidate| candidate.person).collect::<Vec<_>>(), [mate]);
    assert!(found.coverage.is_complete());
    assert_eq!(found.coverage.compared, 51);
    let hasty = linker.search(&probe, Bounds { per_block: 10, compared: 20 });
    assert!(!hasty.coverage.is_complete());
    assert!(hasty.coverage.compared <= 20 && hasty.coverage.capped.contains(&'t'));
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let good = Rules::default();
    good.check().unwrap();
    let swapped = Rules { adjudicate_bits: 9.0, duplicate_bits: 1.0, ..good.clone() };
    assert!(matches!(swapped.check(), Err(RulesError::Thresholds)));
    let nan = Rules { adjudicate_bits: f32::NAN, ..good.clone() };
    assert!(matches!(nan.check(), Err(RulesError::Thresholds)));
    let zero = Odds { m: 0.0, strangers: 0.5, relatives: 0.5, twins: 0.5 };
    let mut odd = good.clone();
    odd.odds.get_mut(&Field::Sex).unwrap().insert(Level::Same, zero);
    assert!(matches!(odd.check(), Err(RulesError::Odds { field: Field::Sex, level: Level::Same })));
    odd.odds.get_mut(&Field::Sex).unwrap().insert(Level::Same, Odds { m: 0.5, ..zero });
    odd.odds.get_mut(&Field::Sex).unwrap().insert(Level::Near, Odds { m: 0.5, ..zero });
    assert!(matches!(odd.check(), Err(RulesError::NoSuchLevel { field: Field::Sex, level: Level::Near })));
    let idle = Rules { bounds: Bounds { per_block: 0, compared: 20 }, ..good.clone() };
    assert!(matches!(idle.check(), Err(RulesError::Bounds)));
    assert_eq!(good.bounds, Bounds::default());
    let wordy = Rules { titles: vec!["x".to_owned(); 501], ..good };
    assert!(matches!(wordy.check(), Err(RulesError::TooManyWords)));
    assert!(matches!(Rules::read("colour = 1"), Err(RulesError::Unreadable(_))));
}

#[test]
fn fields_and_levels_are_called_as_in_the_rules() {
    let written = |word: serde_json::Result<serde_json::Value>| word.unwrap().as_str().unwrap().to_owned();
    for field in Field::ALL {
        assert_eq!(field.name(), written(serde_json::to_value(field)));
        for level in field.levels().iter().chain([&Level::Missing]) {
            assert_eq!(level.name(), written(serde_json::to_value(level)));
        }
    }
}

#[test]
fn nothing_personal_is_shown_by_debug() {
    let one = particulars("Zubeida", "Quillon", "1984-03-07");
    let prepared = Rules::default().prepare(&one);
    let shown = format!("{one:?} {prepared:?} {:?}", block_keys(&prepared));
    assert!(!shown.to_lowercase().contains("quil") && !shown.contains("1984") && !shown.contains("345"), "{shown}");
}
