//! Eyes with their contours, in pixels of their pictures.

mod cells;
mod pair;
mod strip;

use whorl_extractors::iris::{Contour, Eye};
use whorl_types::{EyeCircle, IrisCode, IrisTemplate};

use super::caption::{CAPTION_PX, caption};
use super::frame::{Frame, backdrop};
use super::{Drawing, Shown, Sight, push};

pub(super) use pair::pair;

/// How much of the limbus' radius is left around it where no picture says how large it is.
const MARGIN: f64 = 0.25;

/// An eye with its contours, what is hidden of its iris, and the iris unwrapped.
pub(super) fn one(template: &IrisTemplate, shown: &Shown<'_>) -> Drawing {
    let frame = frame(template, shown);
    let mut svg = String::new();
    push(&mut svg, format_args!("<g transform=\"translate(0 {CAPTION_PX})\">\n"));
    caption(&mut svg, &shown.caption, frame.width);
    push(&mut svg, format_args!("<g transform=\"translate({} {})\">\n", -frame.left, -frame.top));
    portrait(&mut svg, template, shown, frame);
    svg.push_str("</g>\n");
    let strip_px = frame.width / strip::LENGTH * strip::HEIGHT;
    let scale = frame.width / strip::LENGTH;
    push(&mut svg, format_args!("<g transform=\"translate(0 {:.1}) scale({scale:.4})\">\n", frame.height + 4.0));
    strip::strip(&mut svg, template.code(), &shown.sight, |direction| direction);
    svg.push_str("</g>\n</g>\n");
    Drawing { width_px: frame.width, height_px: CAPTION_PX + frame.height + 4.0 + strip_px, content: svg }
}

/// The whole picture, or what lies around the iris where there is none.
fn frame(template: &IrisTemplate, shown: &Shown<'_>) -> Frame {
    if let Some(size) = shown.sight.size_px {
        return Frame::of_size(size);
    }
    let EyeCircle { x_px8, y_px8, radius_px8 } = template.limbus();
    let (x, y, reach) = (f64::from(x_px8) / 8.0, f64::from(y_px8) / 8.0, f64::from(radius_px8) / 8.0 * (1.0 + MARGIN));
    Frame { left: x - reach, top: y - reach, width: 2.0 * reach, height: 2.0 * reach }
}

/// The picture with pupil, limbus, and a veil over what is hidden of the iris.
fn portrait(svg: &mut String, template: &IrisTemplate, shown: &Shown<'_>, frame: Frame) {
    backdrop(svg, &shown.picture, frame);
    let eye = outlines(template, &shown.sight);
    push(svg, format_args!("<path class=\"hidden\" d=\"{}\"/>\n", hidden(&eye, template.code())));
    push(svg, format_args!("<path class=\"limbus\" d=\"{}\"/>\n", closed(&eye.limbus)));
    push(svg, format_args!("<path class=\"pupil\" d=\"{}\"/>\n", closed(&eye.pupil)));
}

/// The contours as they were found, or the circles that the template knows.
fn outlines(template: &IrisTemplate, sight: &Sight) -> Eye {
    let circle = |circle: EyeCircle| {
        let eighth = |px8: i32| px8 as f32 / 8.0;
        Contour::circle((eighth(circle.x_px8), eighth(circle.y_px8)), circle.radius_px8 as f32 / 8.0)
    };
    sight.eye.unwrap_or_else(|| Eye { pupil: circle(template.pupil()), limbus: circle(template.limbus()) })
}

fn closed(contour: &Contour) -> String {
    path(contour.points().into_iter())
}

/// The parts of the iris that the code does not believe, ring by ring.
fn hidden(eye: &Eye, code: &IrisCode) -> String {
    let (inner, outer) = (eye.pupil.points(), eye.limbus.points());
    let place = |direction: usize, ring: usize| {
        let direction = direction % IrisCode::ANGLES;
        let ((x, y), (u, v)) = (inner[direction], outer[direction]);
        let part = ring as f32 / IrisCode::RINGS as f32;
        (x + (u - x) * part, y + (v - y) * part)
    };
    let of_run = |run: cells::Run| {
        let forth = (run.from..=run.to).map(|direction| place(direction, run.ring));
        path(forth.chain((run.from..=run.to).rev().map(|direction| place(direction, run.ring + 1))))
    };
    cells::runs(|direction, ring| code.visible[direction] >> ring & 1 == 0).map(of_run).collect()
}

/// A closed path through `points`.
fn path(points: impl Iterator<Item = (f32, f32)>) -> String {
    let mut path = String::new();
    for (number, (x, y)) in points.enumerate() {
        push(&mut path, format_args!("{}{x:.1} {y:.1}", if number == 0 { "M" } else { "L" }));
    }
    path + "z"
}
