//! Which of several faces is meant.

use whorl_types::{Pixels, Refusal};

use super::detected::Face;
use super::gate::{Aligned, Gate};
use super::similarity::distance;

/// What is done with a picture of several faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Several {
    /// It is refused, where another face is at least half as large as the largest.
    Refuse,
    /// The largest face is the one that is meant; of faces about as large, the most central.
    #[default]
    Largest,
}

/// A face of at least this part of the size of the largest is one that may be meant instead.
const COMPARABLE: f32 = 0.5;

/// A face of at least this part of the size of the largest is as large: boxes are not exact.
const TIED: f32 = 0.9;

/// The most faces that get a second look before a picture is given up: each costs a run of the detector, and after a few that
/// were none the largest face left is hardly the one that is meant.
const MOST_LOOKS: usize = 4;

/// The face that is meant, found again.
///
/// # Errors
/// [`Refusal::NoFace`] where there is none; [`Refusal::SeveralFaces`] by policy; the refusal of [`Gate::pass`] where none passes.
/// Where the face that is meant looks elsewhere, no bystander is taken in its place.
pub(super) fn choose(mut faces: Vec<Face>, gate: &Gate, several: Several) -> Result<Aligned, Refusal> {
    sort(&mut faces, gate.picture);
    faces.truncate(MOST_LOOKS);
    let mut refusal = Refusal::NoFace;
    for (at, face) in faces.iter().enumerate() {
        match gate.pass(face) {
            Ok(_) if several == Several::Refuse && has_rival(face, &faces[at + 1..], gate) => {
                return Err(Refusal::SeveralFaces);
            }
            Err(Refusal::NotAligned) => refusal = Refusal::NotAligned,
            outcome => return outcome,
        }
    }
    Err(refusal)
}

/// Whether another face, no much smaller one, is one on a second look too.
fn has_rival(face: &Face, others: &[Face], gate: &Gate) -> bool {
    let comparable = |other: &&Face| other.size_px() >= COMPARABLE * face.size_px();
    others.iter().filter(comparable).any(|other| matches!(gate.pass(other), Ok(_) | Err(Refusal::Pose)))
}

/// The one that is meant first, then by size.
fn sort(faces: &mut [Face], picture: &Pixels) {
    faces.sort_by(|one, other| other.size_px().total_cmp(&one.size_px()));
    let Some(largest_px) = faces.first().map(Face::size_px) else { return };
    let middle = [picture.width_px() as f32 / 2.0, picture.height_px() as f32 / 2.0];
    let tied = faces.iter().take_while(|face| face.size_px() >= TIED * largest_px).count();
    let away = |face: &Face| distance(face.middle(), middle);
    let most_central = (0..tied).min_by(|&one, &other| away(&faces[one]).total_cmp(&away(&faces[other])));
    faces[..=most_central.unwrap_or(0)].rotate_right(1);
}

#[cfg(test)]
mod tests {
    use whorl_types::GreyImage;

    use super::*;
    use crate::face::detected::Bounds;

    fn face(x_px: f32, size_px: f32) -> Face {
        let bounds = Bounds { x_px, y_px: 40.0, width_px: size_px, height_px: size_px };
        Face { bounds, points: [bounds.middle(); 5], score: 0.9 }
    }

    #[test]
    fn the_largest_comes_first_and_of_about_as_large_ones_the_most_central() {
        let picture = Pixels::Grey(GreyImage::new(100, 100, vec![0; 10_000]).unwrap());
        let order = |mut faces: Vec<Face>| -> Vec<f32> {
            sort(&mut faces, &picture);
            faces.iter().map(|face| face.bounds.x_px).collect()
        };
        assert_eq!(order(vec![face(45.0, 10.0), face(5.0, 20.0), face(70.0, 15.0)]), [5.0, 70.0, 45.0]);
        assert_eq!(order(vec![face(5.0, 20.0), face(42.0, 18.5), face(70.0, 15.0)]), [42.0, 5.0, 70.0]);
        assert_eq!(order(vec![]), [0.0; 0]);
    }
}
