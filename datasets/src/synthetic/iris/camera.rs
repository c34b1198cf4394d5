//! The cameras that eyes are photographed with.

/// A kind of camera, after those of well-known corpora.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Camera {
    /// 320 x 280 pixels, filled by the eye, lit by a ring of eight diodes: as CASIA-IrisV3-Interval.
    CloseUp,
    /// 320 x 240 pixels with a small iris and all of the eye, lit by one diode: as MMU1.
    Handheld,
    /// 640 x 480 pixels, lit by three diodes: as most sensors that are sold today.
    Station,
}

/// The numbers of one kind of camera.
pub(super) struct Optics {
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    /// Radius of an average iris.
    pub(super) iris_px: f32,
    /// How many diodes light the eye.
    pub(super) diodes: u32,
    /// How far their reflections lie from the middle of them, and the size of each, in radii of the iris.
    pub(super) ring: f32,
    pub(super) dot: f32,
    /// Blur of the lens at its best: standard deviation in pixels.
    pub(super) blur_px: f32,
    /// Standard deviation of a pixel's noise, in grey levels.
    pub(super) noise: f32,
    /// What is added to the grey of every pixel.
    pub(super) light: f32,
    /// What is added to that of the sclera: longer waves tell it less from the iris.
    pub(super) sclera: f32,
}

impl Camera {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::CloseUp, Self::Handheld, Self::Station];

    pub(super) fn optics(self) -> Optics {
        match self {
            Self::CloseUp => Optics {
                width_px: 320,
                height_px: 280,
                iris_px: 101.0,
                diodes: 8,
                ring: 0.18,
                dot: 0.036,
                blur_px: 0.5,
                noise: 2.2,
                light: 22.0,
                sclera: -12.0,
            },
            Self::Handheld => Optics {
                width_px: 320,
                height_px: 240,
                iris_px: 56.0,
                diodes: 1,
                ring: 0.0,
                dot: 0.07,
                blur_px: 0.75,
                noise: 2.4,
                light: -12.0,
                sclera: 0.0,
            },
            Self::Station => Optics {
                width_px: 640,
                height_px: 480,
                iris_px: 122.0,
                diodes: 3,
                ring: 0.14,
                dot: 0.05,
                blur_px: 0.8,
                noise: 3.0,
                light: 0.0,
                sclera: -6.0,
            },
        }
    }
}
