//! The colours of a person.

use super::build::Kind;
use super::colour::{Colour, mixed, scaled, times};
use crate::synthetic::random::Random;

/// Reflectances of the fairest and of the darkest skin.
const FAIR: Colour = [0.80, 0.52, 0.41];
const DARK: Colour = [0.10, 0.045, 0.027];

/// Reflectances of hair: black, dark brown, brown, fair brown, blond, red; then grey and white, which age brings.
const HAIR: [Colour; 6] = [
    [0.013, 0.011, 0.010],
    [0.034, 0.020, 0.013],
    [0.085, 0.048, 0.027],
    [0.180, 0.110, 0.060],
    [0.400, 0.280, 0.150],
    [0.240, 0.080, 0.030],
];
const GREY: Colour = [0.42, 0.41, 0.40];

/// Reflectances of irises: dark brown, brown, hazel, green, blue, grey.
const IRISES: [Colour; 6] = [
    [0.030, 0.015, 0.008],
    [0.085, 0.040, 0.018],
    [0.140, 0.085, 0.030],
    [0.120, 0.150, 0.070],
    [0.110, 0.190, 0.300],
    [0.200, 0.240, 0.270],
];

#[derive(Debug, Clone, Copy)]
pub(super) struct Complexion {
    pub(super) skin: Colour,
    pub(super) lips: Colour,
    pub(super) hair: Colour,
    pub(super) brows: Colour,
    pub(super) iris: Colour,
    /// How rosy cheeks and nose are, and how blotchy and shiny the skin is; 1 is usual.
    pub(super) rosy: f32,
    pub(super) blotchy: f32,
    pub(super) shiny: f32,
    /// How many freckles and moles there are.
    pub(super) freckles: u32,
    pub(super) moles: u32,
    /// How deep wrinkles are and how dark it is around the eyes.
    pub(super) wrinkles: f32,
    pub(super) tired: f32,
}

impl Complexion {
    pub(super) fn draw(kind: &Kind, random: &mut Random) -> Self {
        let Kind { melanin, age, manly, .. } = *kind;
        let tint = [random.normal(1.0, 0.05), random.normal(1.0, 0.035), random.normal(1.0, 0.06)];
        let skin = times(std::array::from_fn(|band| FAIR[band] * libm::powf(DARK[band] / FAIR[band], melanin)), tint);
        let red = times(skin, [0.74, 0.40, 0.47]);
        let fair = 1.0 - melanin;
        let hair = HAIR[random.weighted(&[
            0.5 + 3.5 * melanin,
            1.2,
            1.3 * fair,
            1.0 * fair * fair,
            1.1 * fair * fair,
            0.6 * fair * fair,
        ])];
        let hair = scaled(hair, random.between(0.8, 1.25));
        let grey = (age * 2.4 - 1.45 + random.normal(0.0, 0.25)).clamp(0.0, 1.0);
        let hair = mixed(hair, GREY, grey);
        let iris = IRISES[random.weighted(&[
            0.3 + 4.0 * melanin,
            1.2,
            0.8 * fair,
            0.6 * fair * fair,
            1.6 * fair * fair,
            0.7 * fair * fair,
        ])];
        Self {
            skin,
            lips: mixed(skin, red, (0.75 - 0.15 * manly + random.normal(0.0, 0.18)).clamp(0.35, 1.1)),
            hair,
            brows: mixed(scaled(hair, 0.75), times(skin, [0.25, 0.2, 0.18]), 0.3),
            iris: scaled(iris, random.between(0.8, 1.3)),
            rosy: random.between(0.3, 1.7),
            blotchy: random.between(0.5, 1.6) + 0.5 * age,
            shiny: random.between(0.5, 1.3),
            freckles: if random.chance(0.15 + 0.25 * fair) { 40 + random.below(260) } else { 0 },
            moles: random.below(5) + if random.chance(0.25) { 2 + random.below(8) } else { 0 },
            wrinkles: (age * 1.5 - 0.3 + random.normal(0.0, 0.2)).clamp(0.0, 1.3),
            tired: (0.35 + 0.4 * age + random.normal(0.0, 0.25)).clamp(0.0, 1.2),
        }
    }
}
