use fancy_regex::Regex;

use super::filter;
use crate::numbers::random::RandomDigits;
use crate::numbers::verhoeff::check_digit_of;
use crate::numbers::{Broken, Filter, Rules, RulesError};

/// The rules as MOSIP states them: regular expressions and texts.
struct Oracle {
    patterns: Vec<Regex>,
    rules: Rules,
}

impl Oracle {
    fn new(rules: &Rules) -> Self {
        let patterns = [
            (rules.repeating_limit, format!(r"([0-9])[0-9]{{0,{}}}\1", rules.repeating_limit.saturating_sub(1))),
            (rules.repeating_block_limit, format!(r"([0-9]{{{},}}).*?\1", rules.repeating_block_limit)),
            (rules.conjugative_even_digits_limit, format!("[2468]{{{}}}", rules.conjugative_even_digits_limit)),
        ];
        let patterns = patterns.iter().filter(|(limit, _)| *limit > 0).map(|(_, text)| Regex::new(text).unwrap());
        Self { patterns: patterns.collect(), rules: rules.clone() }
    }

    fn permits(&self, id: &str) -> bool {
        let rules = &self.rules;
        let (rising, falling) = if rules.sequence_wraps {
            ("01234567890123456789", "98765432109876543210")
        } else {
            ("0123456789", "9876543210")
        };
        let windows = (0..=id.len() - rules.sequence_limit).map(|start| &id[start..start + rules.sequence_limit]);
        let sequence = rules.sequence_limit > 0
            && windows.into_iter().any(|window| rising.contains(window) || falling.contains(window));
        let end = |digits: usize| &id[id.len() - digits..];
        let (same, mirrored) = (rules.digits_limit, rules.reverse_digits_limit);
        let backwards = end(mirrored).chars().rev().collect::<String>();
        let cyclic = ["142857", "0588235294117647", "052631578947368421"];
        !(sequence
            || self.patterns.iter().any(|pattern| pattern.is_match(id).unwrap())
            || (same > 0 && id[..same] == *end(same))
            || (mirrored > 0 && id[..mirrored] == backwards)
            || rules.not_start_with.iter().any(|beginning| id.starts_with(beginning))
            || rules.restricted_numbers.iter().any(|restricted| id.contains(restricted))
            || (rules.cyclic_numbers && cyclic.iter().any(|cyclic| id.contains(cyclic))))
    }
}

fn random_number(random: &mut RandomDigits, length: usize) -> String {
    let mut digits: Vec<u8> = (1..length).map(|_| random.next().unwrap()).collect();
    digits.push(check_digit_of(&digits));
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

fn random_rules(random: &mut RandomDigits) -> Rules {
    let mut limit = |most: u8| usize::from(random.next().unwrap() % (most + 1));
    let length = 6 + limit(9);
    Rules {
        length,
        sequence_limit: limit(5),
        sequence_wraps: limit(1) == 1,
        repeating_limit: limit(3),
        repeating_block_limit: limit(4),
        conjugative_even_digits_limit: limit(5),
        digits_limit: limit(5),
        reverse_digits_limit: limit(5),
        not_start_with: vec![limit(9).to_string(), "42".to_owned()],
        restricted_numbers: vec![format!("{}{}", limit(9), limit(9))],
        cyclic_numbers: limit(1) == 1,
    }
}

#[test]
fn mosips_rules_and_two_thousand_random_ones_agree_with_regular_expressions() {
    let mut random = RandomDigits::new();
    let mut rules = vec![Rules::uin(), Rules::vid(), Rules { cyclic_numbers: true, ..Rules::any(10) }];
    rules.extend((0..2000).map(|_| random_rules(&mut random)));
    let mut verdicts = [0_u32; 2];
    for rules in rules {
        let (oracle, filter) = (Oracle::new(&rules), filter(rules.clone()));
        let numbers = if rules == Rules::uin() || rules == Rules::vid() { 100_000 } else { 100 };
        for _ in 0..numbers {
            let number = random_number(&mut random, rules.length);
            let permitted = filter.check(&number).is_ok();
            assert_eq!(permitted, oracle.permits(&number), "{number} by {rules:?}");
            verdicts[usize::from(permitted)] += 1;
        }
    }
    assert!(verdicts.iter().all(|verdict| *verdict > 10_000), "{verdicts:?}");
}

#[test]
fn every_rule_refuses_what_it_is_for_and_nothing_else_when_alone() {
    let alone = |change: fn(&mut Rules)| {
        let mut rules = Rules::any(10);
        change(&mut rules);
        filter(rules)
    };
    let broken = |filter: &Filter, stem: &str| {
        let number = format!("{stem}{}", crate::numbers::check_digit(stem).unwrap());
        filter.check(&number).err()
    };
    let cases: [(&str, Filter, &str, &str); 9] = [
        ("sequence_limit", alone(|rules| rules.sequence_limit = 3), "507654270", "507542700"),
        ("repeating_limit", alone(|rules| rules.repeating_limit = 2), "504947382", "504938270"),
        ("repeating_block_limit", alone(|rules| rules.repeating_block_limit = 2), "504975040", "504975040"),
        (
            "conjugative_even_digits_limit",
            alone(|rules| rules.conjugative_even_digits_limit = 3),
            "508263194",
            "508063194",
        ),
        ("not_start_with", alone(|rules| rules.not_start_with = vec!["50".to_owned()]), "508263194", "580263194"),
        (
            "restricted_numbers",
            alone(|rules| rules.restricted_numbers = vec!["786".to_owned()]),
            "507863194",
            "507683194",
        ),
        ("cyclic_numbers", alone(|rules| rules.cyclic_numbers = true), "501428573", "501428753"),
        ("digits_limit", alone(|rules| rules.digits_limit = 4), "", ""),
        ("reverse_digits_limit", alone(|rules| rules.reverse_digits_limit = 4), "", ""),
    ];
    for (rule, filter, refused, permitted) in &cases[..7] {
        assert_eq!(broken(filter, refused), Some(Broken::Rule(rule)), "{refused}");
        if rule != &"repeating_block_limit" {
            assert_eq!(broken(filter, permitted), None, "{permitted} by {rule}");
        }
    }
    // 4345x4345 and 4345x5434, with the check digit among the last four.
    for (rule, filter, ..) in &cases[7..] {
        let stems = (0..100_000_u32).map(|middle| format!("4345{middle:05}"));
        let refused = stems.filter(|stem| broken(filter, stem) == Some(Broken::Rule(rule))).count();
        assert_eq!(refused, 10, "{rule}: of a hundred ends that fit, one in ten has the right check digit");
    }
}

#[test]
fn a_number_of_the_wrong_form_or_check_digit_is_refused_before_any_rule() {
    let filter = filter(Rules::uin());
    for number in ["", "527314094", "52731409411", "527314094a", "527314094１", "-527314094"] {
        assert_eq!(filter.check(number), Err(Broken::Form), "{number}");
    }
    let number = filter.draw().unwrap();
    let last = number.as_bytes()[9] - b'0';
    let altered = format!("{}{}", &number[..9], (last + 1) % 10);
    assert_eq!((filter.check(&number), filter.check(&altered)), (Ok(()), Err(Broken::CheckDigit)));
}

#[test]
fn rules_that_cannot_be_followed_are_refused() {
    let refused = |rules| Filter::new(rules).unwrap_err();
    assert_eq!(refused(Rules::any(1)), RulesError::Length { length: 1 });
    assert_eq!(refused(Rules::any(33)), RulesError::Length { length: 33 });
    let wide = Rules { digits_limit: 5, ..Rules::any(4) };
    assert_eq!(refused(wide), RulesError::TooWide { rule: "digits_limit", limit: 5, length: 4 });
    for entry in ["", "7a", "123456789012345678901234567890123"] {
        let rules = Rules { restricted_numbers: vec![entry.to_owned()], ..Rules::any(10) };
        assert!(matches!(refused(rules), RulesError::Entry { rule: "restricted_numbers", .. }), "{entry}");
    }
    let many = Rules { not_start_with: vec!["7".to_owned(); 1001], ..Rules::any(10) };
    assert_eq!(refused(many), RulesError::TooMany { rule: "not_start_with", entries: 1001 });
}

#[test]
fn rules_are_read_as_written_and_what_is_left_out_is_off() {
    for rules in [Rules::uin(), Rules::vid()] {
        let json = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), rules);
    }
    assert_eq!(serde_json::from_str::<Rules>(r#"{"length": 12}"#).unwrap(), Rules::any(12));
    assert!(serde_json::from_str::<Rules>(r#"{"length": 12, "lenght": 3}"#).is_err());
    assert!(serde_json::from_str::<Rules>("{}").is_err());
}
