//! Colours: red, green and blue in linear light, 0 black and 1 a white that is fully lit.

/// A reflectance, or light.
pub(super) type Colour = [f32; 3];

/// The colour that lies `part` of the way from `from` to `to`.
pub(super) fn mixed(from: Colour, to: Colour, part: f32) -> Colour {
    std::array::from_fn(|band| from[band] + (to[band] - from[band]) * part)
}

/// The colour in another light.
pub(super) fn times(colour: Colour, light: Colour) -> Colour {
    std::array::from_fn(|band| colour[band] * light[band])
}

/// The colour, so much lighter.
pub(super) fn scaled(colour: Colour, by: f32) -> Colour {
    colour.map(|band| band * by)
}
