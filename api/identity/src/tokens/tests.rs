use std::collections::HashSet;

use zeroize::Zeroizing;

use super::{MosipSalts, SaltsError, TokenError, TokenKey};

fn salts() -> MosipSalts {
    MosipSalts::new(Zeroizing::new("uinsalt".to_owned()), Zeroizing::new("pcsalt".to_owned())).unwrap()
}

fn key(byte: u8) -> TokenKey {
    TokenKey::new(Zeroizing::new(vec![byte; 32])).unwrap()
}

#[test]
fn mosips_token_is_what_its_formula_gives() {
    assert_eq!(salts().token("partner1", "5273140941").unwrap(), "362409674386627992877102255030088240");
}

#[test]
fn salts_are_read_as_mosip_writes_them_and_what_is_none_is_named_by_its_line() {
    let (uin, partner) = ("mosip.kernel.tokenid.uin.salt", "mosip.kernel.tokenid.partnercode.salt");
    let read = |text: &str| MosipSalts::from_properties(text);
    let text = format!("# from the configuration of MOSIP\r\n{partner}= pcsalt\r\n\n  {uin} =uinsalt\n");
    let token = read(&text).unwrap().token("partner1", "5273140941").unwrap();
    assert_eq!(token, salts().token("partner1", "5273140941").unwrap());
    for (text, expected) in [
        (String::new(), SaltsError::Missing(uin)),
        (format!("{uin}=a"), SaltsError::Missing(partner)),
        (format!("{uin}=a\n{uin}=b"), SaltsError::Twice(2)),
        (format!("{uin}=a\nuinsalt"), SaltsError::Line(2)),
        (format!("{uin}=a\nother.salt=b"), SaltsError::Line(2)),
        (format!("{uin}=a\n{partner}={{cipher}}77"), SaltsError::Unresolved(2)),
        (format!("{uin}=${{other}}\n{partner}=b"), SaltsError::Unresolved(1)),
        (format!("{uin}=a\\u0020b\n{partner}=b"), SaltsError::Unresolved(1)),
        (format!("{uin}=\n{partner}=b"), SaltsError::Salt(TokenError::Id { what: "a salt", bytes: 0, most: 256 })),
    ] {
        assert_eq!(read(&text).unwrap_err(), expected, "{text}");
    }
}

/// Computed with another implementation of HMAC (Python's `hmac`) over the same bytes.
#[test]
fn a_token_is_hmac_of_domain_partner_and_person() {
    assert_eq!(key(7).token("partner1", "5273140941").unwrap(), "iadkiwfuh3awlrfbd7if5jen6wcm6src");
}

#[test]
fn a_person_has_one_token_with_each_partner_and_another_with_every_other() {
    let key = TokenKey::generate().unwrap();
    let pairs = (0..20).flat_map(|partner| (0..500).map(move |person| (partner.to_string(), person.to_string())));
    let tokens: HashSet<String> = pairs.map(|(partner, person)| key.token(&partner, &person).unwrap()).collect();
    assert_eq!(tokens.len(), 10_000);
    assert!(
        tokens.iter().all(|token| token.len() == 32 && token.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')))
    );
    assert_eq!(key.token("7", "9"), key.token("7", "9"));
    assert_ne!(key.token("7", "9"), TokenKey::generate().unwrap().token("7", "9"));
}

#[test]
fn where_the_partner_ends_and_the_person_begins_matters() {
    assert_ne!(key(1).token("ab", "c"), key(1).token("a", "bc"));
}

/// Each of the 160 bits differs in half of the tokens that one person has, so that nothing of the person shows in several.
#[test]
fn tokens_of_one_person_with_many_partners_have_no_bit_in_common() {
    let (key, partners) = (key(3), 4000);
    let mut ones = [0_i32; 160];
    for partner in 0..partners {
        let token = key.token(&partner.to_string(), "5273140941").unwrap();
        for (place, character) in token.bytes().enumerate() {
            let five = b"abcdefghijklmnopqrstuvwxyz234567".iter().position(|letter| *letter == character).unwrap();
            (0..5).for_each(|bit| ones[place * 5 + bit] += (five >> (4 - bit)) as i32 & 1);
        }
    }
    // Five standard deviations of 4000 throws of a coin.
    assert!(ones.iter().all(|count| (count - partners / 2).abs() < 158), "{ones:?}");
}

#[test]
fn ids_and_keys_of_a_wrong_length_are_refused() {
    let long = "7".repeat(257);
    for (partner, person) in [("", "1"), ("1", ""), (&*long, "1"), ("1", &*long)] {
        assert!(matches!(key(1).token(partner, person), Err(TokenError::Id { .. })));
        assert!(matches!(salts().token(partner, person), Err(TokenError::Id { .. })));
    }
    for bytes in [0, 31, 65] {
        assert_eq!(TokenKey::new(Zeroizing::new(vec![1; bytes])).unwrap_err(), TokenError::Key { bytes });
    }
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?} {:?}", salts(), key(5)), "MosipSalts TokenKey");
}
