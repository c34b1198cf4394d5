//! What goes into a network and comes out of it.

/// Numbers in a box of `shape`, row-major; pictures are `[1, channels, height, width]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// How many there are along each axis, the slowest first.
    pub shape: Vec<usize>,
    /// The numbers, the last axis fastest.
    pub values: Vec<f32>,
}

impl Tensor {
    /// The most values that go in or come out: 64 MiB, a picture of 2,048 by 2,048 in three colours with room to spare. What a
    /// hostile network asks for beyond is refused.
    pub const MAX_VALUES: usize = 1 << 24;

    /// Nothing but zeros.
    #[must_use]
    pub fn zeros(shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] }
    }

    /// Whether there are as many values as the shape says, and no more than [`Tensor::MAX_VALUES`].
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let wanted = self.shape.iter().try_fold(1_usize, |product, &side| product.checked_mul(side));
        wanted == Some(self.values.len()) && self.values.len() <= Self::MAX_VALUES
    }
}
