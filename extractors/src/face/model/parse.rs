//! TOML to [`Description`].

use std::str::FromStr;

use toml::de::DeTable;
use whorl_types::FaceTemplate;

use super::description::{Attack, Colour, Crop, Description, Detector, Embedder, Feeding, Licence, NetworkFile};
use super::error::DescriptionError;
use super::section::{Section, line};

/// The longest description: a licence card is a page, not a book.
pub(super) const MAX_DESCRIPTION_BYTES: usize = 64 << 10;

/// The longest side that a network is fed: a group picture at full size, 12 million values in three colours.
const MAX_SIDE_PX: usize = 2048;

/// The smallest detector's side and embedder's crop in which a face can be told.
const MIN_SIDE_PX: usize = 32;

/// Strides of a detector: its side must be a multiple of the largest.
const COARSEST_STRIDE_PX: usize = 32;

/// The longest crop's side: the largest in use is 256.
const MAX_CROP_PX: usize = 512;

/// The most classes of a detector of attacks; those in use have two or three.
const MAX_CLASSES: usize = 64;

/// The largest mean and scale of pixels that make sense: values are 0..=255.
const MAX_MEAN: f32 = 255.0;
const MAX_SCALE: f32 = 255.0;

const TOP: [&str; 7] = ["name", "version", "calibration", "licence", "detector", "embedder", "attack"];
const LICENCE: [&str; 3] = ["name", "text", "source"];
const DETECTOR: [&str; 10] =
    ["file", "sha256", "url", "decoding", "side_px", "fixed", "colour", "mean", "scale", "score"];
const EMBEDDER: [&str; 12] = [
    "file",
    "sha256",
    "url",
    "width_px",
    "height_px",
    "colour",
    "mean",
    "scale",
    "points",
    "output",
    "dimension",
    "mirrored",
];
const ATTACK: [&str; 12] = [
    "file",
    "sha256",
    "url",
    "width_px",
    "height_px",
    "colour",
    "mean",
    "scale",
    "points",
    "output",
    "dimension",
    "class",
];

const PLAIN_FILE: &str =
    "the name of a file beside the description: 1 to 80 letters, digits, dots, dashes and underscores, no dot first";

impl Description {
    /// Reads a description. Keys without a meaning are refused, since a setting that is silently ignored is worse than none.
    ///
    /// # Errors
    /// [`DescriptionError`], by line and key.
    pub fn parse(text: &str) -> Result<Self, DescriptionError> {
        if text.len() > MAX_DESCRIPTION_BYTES {
            return Err(DescriptionError::TooLong { bytes: text.len() });
        }
        let table = DeTable::parse(text).map_err(|error| DescriptionError::Syntax {
            line: line(text, error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        let top = Section::new(table.get_ref(), "", text, &TOP)?;
        let version =
            top.count("version", "a whole number from 1 to 65535", |number| (1..=65_535).contains(&number))?;
        let licence = top.needed("licence", top.inner("licence", "licence.", &LICENCE)?)?;
        let detector = top.needed("detector", top.inner("detector", "detector.", &DETECTOR)?)?;
        let embedder = top.needed("embedder", top.inner("embedder", "embedder.", &EMBEDDER)?)?;
        Ok(Self {
            name: top
                .needed("name", top.text("name", "1 to 40 of a-z, 0-9, dots and dashes, no dot first", is_name)?)?,
            version: top.needed("version", version)? as u32,
            calibration: top.text("calibration", PLAIN_FILE, is_plain_file)?,
            licence: read_licence(&licence)?,
            detector: read_detector(&detector)?,
            embedder: read_embedder(&embedder)?,
            attack: top.inner("attack", "attack.", &ATTACK)?.map(|attack| read_attack(&attack)).transpose()?,
        })
    }
}

impl FromStr for Description {
    type Err = DescriptionError;

    fn from_str(text: &str) -> Result<Self, DescriptionError> {
        Self::parse(text)
    }
}

fn read_licence(section: &Section<'_>) -> Result<Licence, DescriptionError> {
    let name = section.text("name", "1 to 100 printable characters", |text| is_short(text, 100))?;
    let card =
        section.text("text", "a text that is not empty", |text| !text.trim().is_empty() && is_printable(text))?;
    Ok(Licence {
        name: section.needed("name", name)?,
        text: section.needed("text", card)?,
        source: section.text("source", "an address of 1 to 400 printable characters", |text| is_short(text, 400))?,
    })
}

fn read_detector(section: &Section<'_>) -> Result<Detector, DescriptionError> {
    let decoding = section.text("decoding", "\"yunet\", the only one known", |text| text == "yunet")?;
    section.needed("decoding", decoding)?;
    let fits = |side: usize| side.is_multiple_of(COARSEST_STRIDE_PX) && (MIN_SIDE_PX..=MAX_SIDE_PX).contains(&side);
    let side = section.count("side_px", "a multiple of 32 from 32 to 2048", fits)?;
    let score = section.number("score", "a number over 0 and under 1", |score| score > 0.0 && score < 1.0)?;
    Ok(Detector {
        network: read_file(section)?,
        side_px: section.needed("side_px", side)?,
        fixed: section.flag("fixed")?,
        feeding: read_feeding(section)?,
        score: section.needed("score", score)?,
    })
}

fn read_embedder(section: &Section<'_>) -> Result<Embedder, DescriptionError> {
    let fits = |count: usize| (1..=FaceTemplate::MAX_DIMENSION).contains(&count);
    let dimension = section.count("dimension", "a whole number from 1 to 512", fits)?;
    Ok(Embedder {
        network: read_file(section)?,
        crop: read_crop(section)?,
        output: read_output(section)?,
        dimension: section.needed("dimension", dimension)?,
        mirrored: section.flag("mirrored")?,
    })
}

fn read_attack(section: &Section<'_>) -> Result<Attack, DescriptionError> {
    let dimension =
        section.count("dimension", "a whole number from 1 to 64", |count| (1..=MAX_CLASSES).contains(&count))?;
    let dimension = section.needed("dimension", dimension)?;
    let class = section.count("class", "a whole number from 0, less than \"dimension\"", |class| class < dimension)?;
    Ok(Attack {
        network: read_file(section)?,
        crop: read_crop(section)?,
        output: read_output(section)?,
        dimension,
        class: section.needed("class", class)?,
    })
}

fn read_file(section: &Section<'_>) -> Result<NetworkFile, DescriptionError> {
    let url = section.text("url", "an address of 1 to 400 printable characters", |text| is_short(text, 400))?;
    Ok(NetworkFile {
        file: section.needed("file", section.text("file", PLAIN_FILE, is_plain_file)?)?,
        sha256: section.needed("sha256", section.parsed("sha256", "64 hexadecimal digits")?)?,
        url,
    })
}

fn read_feeding(section: &Section<'_>) -> Result<Feeding, DescriptionError> {
    let colour = section.text("colour", "\"bgr\", \"rgb\" or \"grey\"", |text| colour(text).is_some())?;
    let mean = section.number("mean", "a number from -255 to 255", |mean| mean.abs() <= MAX_MEAN)?;
    let fits = |scale: f32| scale != 0.0 && scale.abs() <= MAX_SCALE;
    let scale = section.number("scale", "a number from -255 to 255, not 0", fits)?;
    Ok(Feeding {
        colour: section.needed("colour", colour.as_deref().and_then(self::colour))?,
        mean: section.needed("mean", mean)?,
        scale: section.needed("scale", scale)?,
    })
}

fn read_crop(section: &Section<'_>) -> Result<Crop, DescriptionError> {
    let fits = |side: usize| (MIN_SIDE_PX..=MAX_CROP_PX).contains(&side);
    let wanted = "a whole number from 32 to 512";
    let width_px = section.needed("width_px", section.count("width_px", wanted, fits)?)?;
    let height_px = section.needed("height_px", section.count("height_px", wanted, fits)?)?;
    let inside = |[x, y]: [f32; 2]| (0.0..=width_px as f32).contains(&x) && (0.0..=height_px as f32).contains(&y);
    let wanted = "five pairs [x, y] within the crop: left and right eye, nose, left and right corner of the mouth";
    let points = section.needed("points", section.points("points", wanted, inside)?)?;
    let [left, right, _, left_corner, right_corner] = points;
    // Points that coincide, or stand in another order, would turn every face over.
    let upright = left[0] < right[0] && left_corner[0] < right_corner[0] && left[1] < left_corner[1];
    if !upright {
        return Err(section.wrong("points", wanted));
    }
    Ok(Crop { width_px, height_px, points, feeding: read_feeding(section)? })
}

fn read_output(section: &Section<'_>) -> Result<String, DescriptionError> {
    let output =
        section.text("output", "the name of an output, 1 to 200 printable characters", |text| is_short(text, 200))?;
    section.needed("output", output)
}

fn colour(name: &str) -> Option<Colour> {
    [Colour::Bgr, Colour::Rgb, Colour::Grey].into_iter().find(|colour| colour.name() == name)
}

fn is_name(text: &str) -> bool {
    let known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    (1..=40).contains(&text.len()) && text.bytes().all(known) && !text.starts_with('.')
}

fn is_plain_file(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=80).contains(&text.len()) && text.bytes().all(known) && !text.starts_with('.')
}

fn is_short(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.chars().all(is_seen)
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|letter| matches!(letter, '\n' | '\t') || is_seen(letter))
}

/// Whether a terminal shows it as it stands: a licence card must not hide a line behind an escape sequence, nor turn it around.
fn is_seen(letter: char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns
}
