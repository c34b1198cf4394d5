//! Rows of numbers.

use ndarray::Array2;
use whorl_types::GreyImage;

/// A picture in floating point, indexed `[row, column]`, rows from the top.
pub type Plane = Array2<f32>;

/// Row `y` of a plane, as a slice.
pub(super) fn row<T>(plane: &Array2<T>, y: usize) -> &[T] {
    let width = plane.ncols();
    &plane.as_slice().expect("planes are made in standard order and never transposed")[y * width..][..width]
}

/// All samples of a plane, row after row.
pub(super) fn samples<T>(plane: &Array2<T>) -> &[T] {
    plane.as_slice().expect("planes are made in standard order and never transposed")
}

/// All samples of a plane, to be written.
pub(super) fn samples_mut<T>(plane: &mut Array2<T>) -> &mut [T] {
    plane.as_slice_mut().expect("planes are made in standard order and never transposed")
}

/// The plane as a picture, `shade` giving each sample its grey.
pub(super) fn to_grey<T: Copy>(plane: &Array2<T>, shade: impl Fn(T) -> u8) -> GreyImage {
    let pixels = plane.iter().map(|&sample| shade(sample)).collect();
    GreyImage::new(plane.ncols() as u32, plane.nrows() as u32, pixels).expect("a plane is no larger than its image")
}
