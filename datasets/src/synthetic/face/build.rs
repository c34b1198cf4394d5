//! The build of a head: the lengths that differ between persons.

use crate::synthetic::random::Random;

/// What the rest of a person depends on, so that one face is of a piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// -1 womanly to 1 manly.
    pub(super) manly: f32,
    /// 0 a young adult to 1 an old one.
    pub(super) age: f32,
    /// 0 the fairest skin to 1 the darkest.
    pub(super) melanin: f32,
    /// -1 gaunt to 1 stout.
    pub(super) stout: f32,
}

impl Kind {
    pub(super) fn draw(random: &mut Random) -> Self {
        let manly = if random.chance(0.5) { 1.0 } else { -1.0 };
        Self {
            manly: (manly * random.normal(0.75, 0.25)).clamp(-1.0, 1.0),
            age: random.between(0.0, 1.0) * random.between(0.6, 1.0),
            melanin: random.between(0.0, 1.0),
            stout: random.normal(0.0, 0.45).clamp(-1.0, 1.0),
        }
    }
}

/// Millimetres on a head whose pupils are at height 0 and whose ears are at depth 0. The means are about those that Farkas
/// (Anthropometry of the Head and Face, 1994) found, the spread somewhat larger: strangers should look it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Build {
    /// From the pupils up: brows, hairline, crown. The hairline is that of the skull, where hair may begin.
    pub(super) brow: f32,
    pub(super) crown: f32,
    /// From the pupils down, so negative: under the nose, the line between the lips, under the lower lip, the chin's end.
    pub(super) under_nose: f32,
    pub(super) mouth: f32,
    pub(super) under_lip: f32,
    pub(super) chin: f32,
    /// Half the widths of the skull, the cheekbones, the jaw's corners, and how square the chin is (an exponent).
    pub(super) skull: f32,
    pub(super) cheekbones: f32,
    pub(super) jaw: f32,
    pub(super) squareness: f32,
    /// How far the forehead, the brows, the lips and the chin stand out more than those of others.
    pub(super) forehead_out: f32,
    pub(super) brows_out: f32,
    pub(super) lips_out: f32,
    pub(super) chin_out: f32,
    pub(super) cheeks_out: f32,
    /// How full the cheeks are below the bones, and how wide the neck is, half.
    pub(super) fullness: f32,
    pub(super) neck: f32,
    pub(super) cleft: f32,
}

impl Build {
    pub(super) fn draw(kind: &Kind, random: &mut Random) -> Self {
        let Kind { manly, stout, age, .. } = *kind;
        let under_nose = -45.5 - 1.2 * manly - random.normal(0.0, 4.25);
        let mouth = under_nose - 20.0 - 0.7 * manly - 1.2 * age - random.normal(0.0, 3.0);
        let chin = mouth - 43.0 - 3.5 * manly - random.normal(0.0, 4.5);
        let cheekbones = 69.0 + 1.6 * manly + 3.0 * stout + random.normal(0.0, 3.75);
        Self {
            brow: 20.5 - 1.8 * manly + random.normal(0.0, 2.25),
            crown: 111.0 + random.normal(0.0, 6.25),
            under_nose,
            mouth,
            under_lip: mouth + (chin - mouth) * random.between(0.42, 0.5),
            chin,
            skull: 75.5 + 1.5 * manly + random.normal(0.0, 3.75),
            cheekbones,
            jaw: cheekbones * (0.795 + 0.03 * manly + 0.045 * stout + random.normal(0.0, 0.05)),
            squareness: (1.74 + 0.14 * manly + random.normal(0.0, 0.163)).clamp(1.5, 2.3),
            forehead_out: random.normal(-manly, 3.125),
            brows_out: (1.6 + 1.6 * manly + random.normal(0.0, 1.125)).max(0.0),
            lips_out: random.normal(0.0, 2.5),
            chin_out: random.normal(manly, 4.0),
            cheeks_out: (2.2 - 0.4 * manly + random.normal(0.0, 1.875)).max(-0.5),
            fullness: 2.8 * stout - 1.8 * age + random.normal(0.0, 2.25),
            neck: 48.0 + 4.5 * manly + 4.0 * stout + random.normal(0.0, 2.25),
            cleft: (0.3 * manly - 0.2 + random.normal(0.0, 0.625)).clamp(0.0, 1.0),
        }
    }
}
