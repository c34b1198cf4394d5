//! A face in a few numbers.

use whorl_types::Pixels;

use super::feed::tensor;
use super::model::Model;
use super::raster::Raster;

/// The embedding of an aligned crop by the model's network, of any length; with that of its mirror image added, where the model
/// says so.
///
/// # Panics
/// Where the network fails, which it did not when its model was checked: a fault of the runtime, of which no picture may be
/// accused.
pub(super) fn embed(model: &Model, crop: &Pixels) -> Vec<f32> {
    let embedder = &model.description().embedder;
    let once = |crop: &Pixels| {
        let embedding = model.embed(&tensor(crop, &embedder.crop.feeding));
        embedding.unwrap_or_else(|error| panic!("the embedder ran when its model was checked, but now: {error}"))
    };
    let mut embedding = once(crop);
    if embedder.mirrored {
        for (value, other) in embedding.iter_mut().zip(once(&mirrored(crop))) {
            *value += other;
        }
    }
    embedding
}

/// The picture as a mirror shows it.
fn mirrored(picture: &Pixels) -> Pixels {
    let raster = Raster::of(picture);
    let rows = (0..raster.height).map(|y| raster.row(y));
    let samples: Vec<u8> = rows.flat_map(|row| row.chunks_exact(raster.channels).rev().flatten().copied()).collect();
    Raster { samples: samples.into(), ..raster }.into_pixels()
}

#[cfg(test)]
mod tests {
    use whorl_types::RgbImage;

    use super::*;

    #[test]
    fn mirrors_reverse_rows_and_keep_colours() {
        let picture = Pixels::Rgb(RgbImage::new(2, 2, vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).unwrap());
        let Pixels::Rgb(mirror) = mirrored(&picture) else { panic!("grey") };
        assert_eq!(mirror.samples(), [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
    }
}
