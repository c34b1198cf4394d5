//! Where minutiae lie, in the units of the vote.

use std::sync::LazyLock;

use whorl_types::Minutia;

/// Parts of a pixel that a coordinate counts.
pub(super) const PARTS_PER_PX: i32 = 4;

/// The farthest a coordinate lies from the middle of its minutiae: what the vote's 16 bits allow. No finger reaches it.
const FARTHEST: i32 = 4095;

/// Minutiae as the vote wants them: centred, so that coordinates are small.
#[derive(Clone)]
pub(super) struct Places<const N: usize> {
    pub(super) x: [i16; N],
    pub(super) y: [i16; N],
    pub(super) angle: [u8; N],
}

impl<const N: usize> Places<N> {
    /// The first `N` of `minutiae`.
    pub(super) fn of(minutiae: &[Minutia]) -> Self {
        let minutiae = &minutiae[..minutiae.len().min(N)];
        let x = centred(minutiae.iter().map(|minutia| minutia.x_px8));
        let y = centred(minutiae.iter().map(|minutia| minutia.y_px8));
        let mut angle = [0; N];
        for (angle, minutia) in angle.iter_mut().zip(minutiae) {
            *angle = minutia.angle;
        }
        Self { x, y, angle }
    }
}

fn centred<const N: usize>(px8: impl ExactSizeIterator<Item = u16> + Clone) -> [i16; N] {
    let sum: i32 = px8.clone().map(i32::from).sum();
    let middle = sum / (px8.len().max(1) as i32);
    let mut out = [0; N];
    for (out, px8) in out.iter_mut().zip(px8) {
        *out = ((i32::from(px8) - middle) * PARTS_PER_PX / 8).clamp(-FARTHEST, FARTHEST) as i16;
    }
    out
}

/// Cosine and sine of an angle, in 32,768ths.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub(super) cos: i16,
    pub(super) sin: i16,
}

/// The [`Turn`] of every 256th of a turn.
pub(super) static TURNS: LazyLock<[Turn; 256]> = LazyLock::new(|| {
    std::array::from_fn(|angle| {
        let radians = std::f64::consts::TAU * angle as f64 / 256.0;
        let fraction = |value: f64| libm::round(value * 32767.0) as i16;
        Turn { cos: fraction(libm::cos(radians)), sin: fraction(libm::sin(radians)) }
    })
});
