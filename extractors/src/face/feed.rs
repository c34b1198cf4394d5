//! A picture as a network wants it.

use whorl_types::Pixels;

use super::model::{Colour, Feeding};
use super::network::Tensor;

/// The picture in a network's colours, of shape `[1, channels, height, width]`. A grey picture is the same in every colour.
pub(super) fn tensor(picture: &Pixels, feeding: &Feeding) -> Tensor {
    let number = |&sample: &u8| (f32::from(sample) - feeding.mean) * feeding.scale;
    let values: Vec<f32> = match (feeding.colour, picture) {
        (Colour::Grey, _) => picture.to_grey().pixels().iter().map(number).collect(),
        (Colour::Bgr | Colour::Rgb, Pixels::Grey(grey)) => {
            grey.pixels().iter().map(number).collect::<Vec<_>>().repeat(3)
        }
        (Colour::Rgb, Pixels::Rgb(rgb)) => planes(rgb.samples(), [0, 1, 2]).map(number).collect(),
        (Colour::Bgr, Pixels::Rgb(rgb)) => planes(rgb.samples(), [2, 1, 0]).map(number).collect(),
    };
    let (height, width) = (picture.height_px() as usize, picture.width_px() as usize);
    Tensor { shape: vec![1, feeding.colour.channels(), height, width], values }
}

/// The samples of one colour after the other.
fn planes(samples: &[u8], order: [usize; 3]) -> impl Iterator<Item = &u8> {
    order.into_iter().flat_map(move |colour| samples.iter().skip(colour).step_by(3))
}

#[cfg(test)]
mod tests {
    use whorl_types::{GreyImage, RgbImage};

    use super::*;

    fn fed(colour: Colour, picture: &Pixels) -> (Vec<usize>, Vec<f32>) {
        let Tensor { shape, values } = tensor(picture, &Feeding { colour, mean: 100.0, scale: 0.5 });
        (shape, values)
    }

    #[test]
    fn colours_are_fed_in_the_networks_order() {
        let picture = Pixels::Rgb(RgbImage::new(2, 1, vec![10, 20, 30, 40, 50, 60]).unwrap());
        assert_eq!(fed(Colour::Rgb, &picture), (vec![1, 3, 1, 2], vec![-45.0, -30.0, -40.0, -25.0, -35.0, -20.0]));
        assert_eq!(fed(Colour::Bgr, &picture).1, [-35.0, -20.0, -40.0, -25.0, -45.0, -30.0]);
        assert_eq!(fed(Colour::Grey, &picture), (vec![1, 1, 1, 2], vec![-41.0, -26.0]), "18 and 48");
    }

    #[test]
    fn grey_is_the_same_in_every_colour() {
        let picture = Pixels::Grey(GreyImage::new(1, 2, vec![100, 110]).unwrap());
        assert_eq!(fed(Colour::Bgr, &picture), (vec![1, 3, 2, 1], vec![0.0, 5.0, 0.0, 5.0, 0.0, 5.0]));
        assert_eq!(fed(Colour::Grey, &picture), (vec![1, 1, 2, 1], vec![0.0, 5.0]));
    }
}
