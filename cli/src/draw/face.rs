//! Faces with their boxes and points, in pixels of their pictures, and the crop that the network was shown.

use whorl_engine::face::Comparison;
use whorl_extractors::face::Face;
use whorl_types::FaceTemplate;

use super::caption::{CAPTION_PX, caption};
use super::frame::{Frame, backdrop};
use super::picture::jpeg;
use super::{Drawing, Shown, push};

/// How much of the distance of the eyes is left around the points where no picture says how large it is.
const MARGIN: f64 = 1.2;

/// Side of the crop as drawn.
const CROP_PX: f64 = 160.0;

/// Width and most height of the place of each of two faces.
const FACE_PX: (f64, f64) = (360.0, 360.0);

/// Distance between what stands side by side.
const GAP_PX: f64 = 24.0;

/// A face and its template.
type Side<'a> = (&'a FaceTemplate, &'a Shown<'a>);

/// A face with what was found of it, and its crop.
pub(super) fn one(template: &FaceTemplate, shown: &Shown<'_>) -> Drawing {
    let frame = frame(template, shown);
    let mut svg = String::new();
    push(&mut svg, format_args!("<g transform=\"translate(0 {CAPTION_PX})\">\n"));
    caption(&mut svg, &shown.caption, frame.width);
    push(&mut svg, format_args!("<g transform=\"translate({:.1} {:.1})\">\n", -frame.left, -frame.top));
    portrait(&mut svg, template, shown, frame);
    svg.push_str("</g>\n");
    crop(&mut svg, shown, (frame.width + GAP_PX, 0.0));
    svg.push_str("</g>\n");
    let beside = if shown.sight.crop.is_some() { GAP_PX + CROP_PX } else { 0.0 };
    let height_px = CAPTION_PX + frame.height.max(CROP_PX);
    Drawing { width_px: frame.width + beside, height_px, content: svg }
}

/// Both faces, below them their crops, and between those how alike they are.
pub(super) fn pair(probe: Side<'_>, reference: Side<'_>, comparison: &Comparison) -> Drawing {
    let mut svg = String::new();
    let sides = [(probe, 0.0), (reference, FACE_PX.0 + GAP_PX)];
    let heights = sides.map(|((template, shown), _)| frame(template, shown).placed(FACE_PX.0, FACE_PX.1).height);
    let below = heights[0].max(heights[1]) + GAP_PX;
    push(&mut svg, format_args!("<g transform=\"translate(0 {CAPTION_PX})\">\n"));
    for ((template, shown), left) in sides {
        let whole = frame(template, shown);
        let scale = whole.placed(FACE_PX.0, FACE_PX.1).width / whole.width;
        push(&mut svg, format_args!("<g transform=\"translate({left} 0)\">\n"));
        caption(&mut svg, &shown.caption, FACE_PX.0);
        let (x, y) = (-whole.left, -whole.top);
        push(&mut svg, format_args!("<g transform=\"scale({scale:.4}) translate({x:.1} {y:.1})\">\n"));
        portrait(&mut svg, template, shown, whole);
        svg.push_str("</g>\n");
        crop(&mut svg, shown, (0.5 * (FACE_PX.0 - CROP_PX), below));
        svg.push_str("</g>\n");
    }
    let (middle, foot) = (FACE_PX.0 + 0.5 * GAP_PX, below + CROP_PX + CAPTION_PX);
    let alike = comparison.cosine().map_or_else(
        || "embeddings of two models have nothing in common".to_owned(),
        |cosine| format!("cosine of the embeddings of the two crops: {cosine:.3}; 1 is the same, 0 nothing in common"),
    );
    push(
        &mut svg,
        format_args!(
            "<text class=\"caption\" text-anchor=\"middle\" x=\"{middle}\" y=\"{foot:.1}\">{alike}</text>\n</g>\n"
        ),
    );
    Drawing { width_px: 2.0 * FACE_PX.0 + GAP_PX, height_px: 2.0 * CAPTION_PX + foot, content: svg }
}

/// The whole picture, or what lies around the points where there is none.
fn frame(template: &FaceTemplate, shown: &Shown<'_>) -> Frame {
    if let Some(size) = shown.sight.size_px {
        return Frame::of_size(size);
    }
    let points = points(template);
    let ends = |axis: usize| {
        let values = points.map(|point| point[axis]);
        (values.into_iter().fold(f64::MAX, f64::min), values.into_iter().fold(f64::MIN, f64::max))
    };
    let ((left, right), (top, bottom)) = (ends(0), ends(1));
    let margin = MARGIN * (points[1][0] - points[0][0]).hypot(points[1][1] - points[0][1]);
    let (width, height) = (right - left + 2.0 * margin, bottom - top + 2.0 * margin);
    Frame { left: left - margin, top: top - margin, width, height }
}

/// The picture with the box of every face that was seen, and the points of the one that was meant.
fn portrait(svg: &mut String, template: &FaceTemplate, shown: &Shown<'_>, frame: Frame) {
    backdrop(svg, &shown.picture, frame);
    // Marks are as large on a picture of any size.
    let unit = frame.width.max(frame.height) / 300.0;
    for (class, face) in shown.sight.others.iter().map(|face| ("bystander", face)).chain(chosen(shown)) {
        let Face { bounds, .. } = face;
        push(
            svg,
            format_args!(
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" stroke-width=\"{:.1}\"/>\n",
                bounds.x_px,
                bounds.y_px,
                bounds.width_px,
                bounds.height_px,
                1.5 * unit
            ),
        );
    }
    for [x, y] in points(template) {
        push(svg, format_args!("<circle class=\"landmark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>\n", 2.5 * unit));
    }
}

fn chosen<'a>(shown: &'a Shown<'_>) -> impl Iterator<Item = (&'static str, &'a Face)> {
    shown.sight.face.iter().map(|face| ("face", face))
}

/// The crop, where it was seen, with its upper left corner there.
fn crop(svg: &mut String, shown: &Shown<'_>, (left, top): (f64, f64)) {
    let Some(crop) = &shown.sight.crop else { return };
    let (width, height) = (f64::from(crop.width_px()), f64::from(crop.height_px()));
    let place = Frame { left: 0.0, top: 0.0, width, height }.placed(CROP_PX, CROP_PX);
    push(
        svg,
        format_args!(
            "<image href=\"{}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\n",
            jpeg(crop),
            place.width,
            place.height
        ),
    );
}

/// The five points, in pixels.
fn points(template: &FaceTemplate) -> [[f64; 2]; 5] {
    template.points().px8.map(|point| point.map(|value| f64::from(value) / 8.0))
}
