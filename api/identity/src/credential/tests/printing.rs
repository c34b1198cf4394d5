use serde_json::json;

use super::{ISSUER, NOW_MS, key, statement};
use crate::credential::{Card, CardError, Field, QrCode, QrError, verify_compact};

/// The first bytes of files of these kinds, which is what is looked at.
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n rest";
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0 rest";

/// Pixels a module, so that the reader finds the corners.
const SCALE: usize = 4;

fn card() -> Card {
    let field = |label: &str, value: &str| Field { label: label.to_owned(), value: value.to_owned() };
    Card {
        title: "Republic of Example".to_owned(),
        fields: vec![field("Name", "Zoë Ängström"), field("Born", "1990-02-28")],
        portrait: Some(PNG.to_vec()),
        code: None,
    }
}

/// What a reader of QR codes makes of an image of `side` modules.
fn read(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let pixels = side * SCALE;
    let dark = |x: usize, y: usize| if is_dark(x / SCALE, y / SCALE) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, dark);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

/// Draws the path of an SVG as the modules that it fills.
fn drawn(path: &str) -> Vec<(usize, usize)> {
    let runs = path.split('M').skip(1).flat_map(|run| {
        let (start, rest) = run.split_once('h').unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split_once("v1h-").unwrap().0.parse().unwrap();
        assert_eq!(rest, format!("{length}v1h-{length}z"));
        (x..x + length).map(move |x| (x, y))
    });
    runs.collect()
}

#[test]
fn the_code_on_a_card_is_read_as_a_credential_that_holds() {
    let key = key();
    let token = statement().sign_compact(&key).unwrap();
    let code = QrCode::new(&token).unwrap();
    let svg = Card { code: Some(code.clone()), ..card() }.svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let path = document.descendants().find(|node| node.has_tag_name("path")).unwrap();
    let modules = drawn(path.attribute("d").unwrap());
    let side = code.width() + 2 * QrCode::MARGIN_MODULES;
    let text = read(side, |x, y| modules.contains(&(x, y)));
    assert_eq!(verify_compact(&key.public(), ISSUER, &text, NOW_MS).unwrap(), statement());
}

#[test]
fn the_longest_text_still_fits_and_is_read_and_a_longer_one_is_refused() {
    let longest = "x".repeat(QrCode::MOST_BYTES);
    let code = QrCode::new(&longest).unwrap();
    assert_eq!(code.width(), 117);
    let (margin, side) = (QrCode::MARGIN_MODULES, 117 + 2 * QrCode::MARGIN_MODULES);
    assert_eq!(read(side, |x, y| x >= margin && y >= margin && code.is_dark(x - margin, y - margin)), longest);
    assert!(roxmltree::Document::parse(&code.svg(30.0)).is_ok());
    assert_eq!(QrCode::new(&"x".repeat(998)), Err(QrError::TooLong { bytes: 998 }));
    assert_eq!(QrCode::new(""), Err(QrError::Empty));
}

#[test]
fn a_portrait_does_not_fit_into_a_code() {
    let mut with_portrait = statement();
    with_portrait.claims.insert("portrait".to_owned(), json!("A".repeat(1000)));
    let token = with_portrait.sign_compact(&key()).unwrap();
    assert!(matches!(QrCode::new(&token), Err(QrError::TooLong { .. })));
}

#[test]
fn a_card_is_of_the_size_of_id_1_and_has_what_was_given() {
    let svg = card().svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    let size = (root.attribute("width"), root.attribute("height"), root.attribute("viewBox"));
    assert_eq!(size, (Some("85.6mm"), Some("53.98mm"), Some("0 0 85.6 53.98")));
    let texts: Vec<_> =
        document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    assert_eq!(texts, ["Republic of Example", "Name", "Zoë Ängström", "Born", "1990-02-28"]);
    let image = document.descendants().find(|node| node.has_tag_name("image")).unwrap();
    assert_eq!(image.attribute("href"), Some("data:image/png;base64,iVBORw0KGgogcmVzdA=="));
    assert!(Card { portrait: Some(JPEG.to_vec()), ..card() }.svg().unwrap().contains("data:image/jpeg;base64,"));
}

#[test]
fn a_text_cannot_become_markup() {
    let evil = r#"</text><script>alert("1")</script>&'<!--]]>"#;
    let field = Field { label: evil.to_owned(), value: evil.to_owned() };
    let svg = Card { title: evil.to_owned(), fields: vec![field], portrait: None, code: None }.svg().unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    assert!(document.descendants().all(|node| !node.has_tag_name("script") && !node.is_comment()));
    let texts: Vec<_> =
        document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    assert_eq!(texts, [evil; 3]);
}

#[test]
fn what_is_too_wide_is_set_smaller() {
    let mut wide = card();
    wide.fields[0].value = "W".repeat(60);
    let document = wide.svg().unwrap();
    let document = roxmltree::Document::parse(&document).unwrap();
    let sizes: Vec<f32> = document.descendants().filter_map(|node| node.attribute("font-size")?.parse().ok()).collect();
    let smallest = sizes.iter().copied().fold(f32::MAX, f32::min);
    assert!(sizes.contains(&3.0) && smallest < 1.8, "{sizes:?}");
}

#[test]
fn what_does_not_fit_on_a_card_or_cannot_be_printed_is_refused() {
    let refused = |change: fn(&mut Card)| {
        let mut card = card();
        change(&mut card);
        card.svg().unwrap_err()
    };
    assert_eq!(refused(|card| card.fields = vec![card.fields[0].clone(); 8]), CardError::TooManyFields { fields: 8 });
    assert_eq!(refused(|card| card.title = "é".repeat(61)), CardError::TooLong { what: "the title", characters: 61 });
    for character in ['\0', '\n', '\u{7f}', '\u{202e}', '\u{ffff}'] {
        let card = Card { title: format!("a{character}b"), ..card() };
        assert_eq!(card.svg().unwrap_err(), CardError::Character { what: "the title", character });
    }
    assert_eq!(refused(|card| card.portrait = Some(b"<svg/>".to_vec())), CardError::PortraitFormat);
    let bytes = (1 << 20) + 1;
    assert_eq!(refused(|card| card.portrait = Some(vec![0xFF; (1 << 20) + 1])), CardError::PortraitTooLarge { bytes });
}
