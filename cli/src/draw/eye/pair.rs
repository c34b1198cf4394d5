//! Two eyes side by side, and below them their irises unwrapped with what agrees between them.

use whorl_engine::iris::Comparison;
use whorl_types::{IrisCode, IrisTemplate};

use super::super::caption::{CAPTION_PX, caption};
use super::super::frame::Frame;
use super::super::{Drawing, Shown, push};
use super::{cells, frame, portrait, strip};

/// Width of the place of each eye.
const EYE_PX: f64 = 400.0;

/// Most height of the place of each eye.
const EYE_HEIGHT_PX: f64 = 350.0;

/// Distance between the eyes.
const GAP_PX: f64 = 36.0;

/// Width of the whole.
const WIDTH_PX: f64 = 2.0 * EYE_PX + GAP_PX;

/// How much larger than its units a strip is drawn.
const STRIP_SCALE: f64 = WIDTH_PX / strip::LENGTH;

/// Distance between strips.
const STRIP_GAP_PX: f64 = 3.0;

/// From so many agreeing bits of the 8 of a cell on it counts as the same texture: cells of strangers get there one time in
/// seven, those of mates most times.
const SAME_BITS: u8 = 6;

/// From so many on the texture is near.
const NEAR_BITS: u8 = 5;

/// What the colours mean.
const LEGEND: &str = "Both irises unwrapped; between them green: the textures agree, red: they do not. Violet is hidden or not \
                      believed.";

/// An eye and its template.
type Side<'a> = (&'a IrisTemplate, &'a Shown<'a>);

/// Both eyes, both strips turned so that what was compared lies above each other, and the agreement of every cell between.
///
/// With `mirrored` the probe is shown as in a mirror.
pub(in crate::draw) fn pair(probe: Side<'_>, reference: Side<'_>, comparison: &Comparison, mirrored: bool) -> Drawing {
    let mut svg = String::new();
    let height = [probe, reference].map(|side| placed(side).height).into_iter().fold(0.0, f64::max);
    eye(&mut svg, probe, 0.0, mirrored);
    eye(&mut svg, reference, EYE_PX + GAP_PX, false);
    let mut top = CAPTION_PX + height + STRIP_GAP_PX;
    let mut place = |svg: &mut String, draw: &dyn Fn(&mut String)| {
        push(svg, format_args!("<g transform=\"translate(0 {top:.1}) scale({STRIP_SCALE})\">\n"));
        draw(svg);
        svg.push_str("</g>\n");
        top += strip::HEIGHT * STRIP_SCALE + STRIP_GAP_PX;
    };
    let of_probe = |direction: usize| {
        let direction = comparison.probe_direction(direction);
        if mirrored { (IrisCode::ANGLES * 3 / 2 - direction) % IrisCode::ANGLES } else { direction }
    };
    place(&mut svg, &|svg| strip::strip(svg, probe.0.code(), &probe.1.sight, of_probe));
    place(&mut svg, &|svg| agreement(svg, comparison));
    place(&mut svg, &|svg| strip::strip(svg, reference.0.code(), &reference.1.sight, |direction| direction));
    push(&mut svg, format_args!("<text class=\"caption\" x=\"4\" y=\"{:.1}\">{LEGEND}</text>\n", top + 13.0));
    Drawing { width_px: WIDTH_PX, height_px: top + CAPTION_PX, content: svg }
}

/// The frame of an eye as large as its place allows.
fn placed((template, shown): Side<'_>) -> Frame {
    frame(template, shown).placed(EYE_PX, EYE_HEIGHT_PX)
}

/// One of the two in its place.
fn eye(svg: &mut String, (template, shown): Side<'_>, shift: f64, mirrored: bool) {
    let (whole, place) = (frame(template, shown), placed((template, shown)));
    let scale = place.width / whole.width;
    push(svg, format_args!("<g transform=\"translate({shift} {CAPTION_PX})\">\n"));
    caption(svg, &shown.caption, EYE_PX);
    let (across, along) = if mirrored { (-scale, -whole.left - whole.width) } else { (scale, -whole.left) };
    let top = -whole.top;
    push(svg, format_args!("<g transform=\"scale({across:.4} {scale:.4}) translate({along:.1} {top:.1})\">\n"));
    portrait(svg, template, shown, whole);
    svg.push_str("</g>\n</g>\n");
}

/// What agrees, cell by cell; cells that one of the eyes does not show stay empty.
fn agreement(svg: &mut String, comparison: &Comparison) {
    push(svg, format_args!("<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n", strip::LENGTH, strip::HEIGHT));
    push(svg, format_args!("<g transform=\"{}\">\n", strip::cell_scale()));
    let bits = |direction: usize, ring: usize| comparison.agreement(direction, ring);
    for (class, holds) in [
        ("same", &(|bits: u8| bits >= SAME_BITS) as &dyn Fn(u8) -> bool),
        ("near", &|bits| (NEAR_BITS..SAME_BITS).contains(&bits)),
        ("apart", &|bits| bits < NEAR_BITS),
    ] {
        let cells = cells::filled(|direction, ring| bits(direction, ring).is_some_and(holds));
        push(svg, format_args!("<path class=\"{class}\" d=\"{cells}\"/>\n"));
    }
    svg.push_str("</g>\n");
}
