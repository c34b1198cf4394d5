//! A first look at the ridges: where something has contrast, which way it runs, how fine it is.

use ndarray::Array2;
use whorl_types::Refusal;

use super::canvas::Canvas;
use super::field::Doubled;
use super::orientation::{direction, soften, tensor};
use super::period::{Periods, periods};
use super::plane::Plane;
use super::segment::contrasty;

/// Spread over which gradients are gathered, in cells: 12 pixels, a ridge and a half.
const SIGMA_CELLS: f32 = 1.5;

/// What is known before the ridges are enhanced.
pub(super) struct Flow {
    /// The cells with contrast.
    pub(super) candidates: Array2<bool>,
    pub(super) direction: Array2<Doubled>,
    pub(super) coherence: Plane,
    pub(super) periods: Periods,
}

/// Looks at the canvas.
///
/// # Errors
/// [`Refusal::Blank`] without contrast anywhere.
pub(super) fn flow(canvas: &Canvas) -> Result<Flow, Refusal> {
    let candidates = contrasty(&canvas.contrast)?;
    let (direction, coherence) = direction(&tensor(&soften(&canvas.ridges)), SIGMA_CELLS);
    let periods = periods(&canvas.ridges, &direction, &candidates);
    Ok(Flow { candidates, direction, coherence, periods })
}
