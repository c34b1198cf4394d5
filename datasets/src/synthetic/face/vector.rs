//! Points and directions in space.

use std::ops::{Add, Mul, Sub};

/// Millimetres, or a direction: x to the right of the picture, y up, z towards the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Vector {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) z: f32,
}

impl Vector {
    pub(super) const fn new(x: f32, y: f32, z: f32) -> Self {
        Self { x, y, z }
    }

    pub(super) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub(super) fn cross(self, other: Self) -> Self {
        Self {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    /// The same direction with length 1; up, where there is none.
    pub(super) fn unit(self) -> Self {
        let length = self.dot(self).sqrt();
        if length > 1e-6 { self * (1.0 / length) } else { Self::new(0.0, 1.0, 0.0) }
    }

    /// The point that lies `part` of the way to `other`.
    pub(super) fn towards(self, other: Self, part: f32) -> Self {
        self + (other - self) * part
    }
}

impl Add for Vector {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vector {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y, self.z - other.z)
    }
}

impl Mul<f32> for Vector {
    type Output = Self;

    fn mul(self, by: f32) -> Self {
        Self::new(self.x * by, self.y * by, self.z * by)
    }
}
