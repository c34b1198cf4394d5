//! The face in a picture that may lie on its side.
//!
//! Most faces that lie are seen all the same, and the gate sets them upright; the whole picture is turned for those that are not.

use whorl_types::{Pixels, Refusal};

use super::canvas::{Canvas, FAR, NEAR};
use super::choose::{Several, choose};
use super::gate::{Aligned, Gate};
use super::trace::Trace;
use super::warp::is_within;

/// The quarter turns that are tried when an upright picture shows no face, likeliest first.
const TURNS: [u8; 3] = [2, 1, 3];

/// Shades that the darkest and the brightest place must be apart, at the canvas' resolution, for a picture to show anything.
const LEAST_RANGE: u8 = 8;

/// The face that is meant, in the picture as it is; else turned, the face that fits its place best; else farther away.
///
/// # Errors
/// [`Refusal::Blank`], [`Refusal::NoFace`], and those of [`Gate::pass`] and [`choose`]: of several ways of looking the most
/// telling.
pub(super) fn find(gate: &Gate, several: Several, trace: &mut impl Trace) -> Result<Aligned, Refusal> {
    let near = Canvas::of(gate.picture, gate.detector.side_px(), NEAR);
    if range(&near, gate.picture) < LEAST_RANGE {
        return Err(Refusal::Blank);
    }
    let mut look = |canvas: &Canvas, quarter_turns: u8| {
        let faces = gate.detector.faces(canvas);
        trace.faces(&faces, quarter_turns);
        choose(faces, gate, several)
    };
    let upright = look(&near, 0);
    if !is_unseen(&upright) {
        return upright;
    }
    let turned = TURNS.map(|quarter_turns| look(&near.turned(quarter_turns), quarter_turns));
    let best = turned.iter().flatten().min_by(|one, other| one.residual.total_cmp(&other.residual));
    if let Some(&best) = best {
        return Ok(best);
    }
    let far = look(&Canvas::of(gate.picture, gate.detector.side_px(), FAR), 0);
    if is_unseen(&far) && matches!(upright, Err(Refusal::NotAligned)) { upright } else { far }
}

/// Whether another way of looking may find what this one did not.
fn is_unseen(outcome: &Result<Aligned, Refusal>) -> bool {
    matches!(outcome, Err(Refusal::NoFace | Refusal::NotAligned))
}

/// From the darkest to the brightest place of a canvas that shows the picture.
fn range(canvas: &Canvas, picture: &Pixels) -> u8 {
    let grey = canvas.picture.to_grey();
    let (mut darkest, mut brightest) = (u8::MAX, 0);
    for y in 0..grey.height_px() {
        for (x, &shade) in grey.row(y).iter().enumerate() {
            if is_within(picture, canvas.to_picture.apply([x as f32, y as f32])) {
                darkest = darkest.min(shade);
                brightest = brightest.max(shade);
            }
        }
    }
    brightest.saturating_sub(darkest)
}
