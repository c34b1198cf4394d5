//! What of a face lasts from one photograph to the next.

use super::beard::Beard;
use super::brows::Brows;
use super::build::{Build, Kind};
use super::complexion::Complexion;
use super::ears::Ears;
use super::glasses::Glasses;
use super::haircut::Haircut;
use super::lids::Lids;
use super::mouth::Mouth;
use super::nose::Nose;
use crate::synthetic::random::Random;

/// The lasting features of a face, from which its surfaces and textures are made.
pub(super) struct Features {
    pub(super) kind: Kind,
    pub(super) build: Build,
    pub(super) lids: Lids,
    pub(super) brows: Brows,
    pub(super) nose: Nose,
    pub(super) mouth: Mouth,
    pub(super) beard: Beard,
    pub(super) complexion: Complexion,
    pub(super) haircut: Haircut,
    pub(super) ears: Ears,
    pub(super) glasses: Option<Glasses>,
}

impl Features {
    pub(super) fn draw(random: &mut Random) -> Self {
        let kind = Kind::draw(random);
        let build = Build::draw(&kind, random);
        let lids = Lids::draw(&kind, random);
        Self {
            brows: Brows::draw(&kind, &build, random),
            nose: Nose::draw(&kind, &build, random),
            mouth: Mouth::draw(&kind, &build, random),
            beard: Beard::draw(&kind, random),
            complexion: Complexion::draw(&kind, random),
            haircut: Haircut::draw(&kind, &build, random),
            ears: Ears::draw(&kind, random),
            glasses: random.chance(0.16 + 0.16 * kind.age).then(|| Glasses::draw(&lids, random)),
            kind,
            build,
            lids,
        }
    }
}
