//! How a sensor shows skin.

/// A kind of sensor, after those of the fingerprint verification competitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sensor {
    /// Frustrated total internal reflection on a glass plate: black ridges on white.
    Optical,
    /// A small chip: grey ridges, noisy pixels.
    Capacitive,
    /// A thermal line that the finger sweeps over: long, hard contrast, grey surroundings.
    Thermal,
    /// Ink on paper, scanned.
    Ink,
}

/// The numbers of one kind of sensor.
pub(super) struct Optics {
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    /// Grey levels of a ridge, of a valley, and where no finger is.
    pub(super) ridge: f32,
    pub(super) valley: f32,
    pub(super) background: f32,
    /// Standard deviation of a pixel's noise, in grey levels.
    pub(super) noise: f32,
    /// Standard deviation of the noise of a whole row, in grey levels.
    pub(super) streaks: f32,
    /// Standard deviation of grain three pixels wide, as a part of the ridge height.
    pub(super) grain: f32,
    /// Grey per ridge height: how hard ridge and valley are told apart.
    pub(super) contrast: f32,
}

impl Sensor {
    pub(super) fn optics(self) -> Optics {
        let optical = Optics {
            width_px: 388,
            height_px: 374,
            ridge: 25.0,
            valley: 250.0,
            background: 252.0,
            noise: 3.0,
            streaks: 0.0,
            grain: 0.25,
            contrast: 0.9,
        };
        match self {
            Self::Optical => optical,
            Self::Capacitive => Optics {
                width_px: 300,
                height_px: 300,
                ridge: 50.0,
                valley: 205.0,
                background: 225.0,
                noise: 9.0,
                streaks: 1.5,
                grain: 0.40,
                contrast: 0.7,
            },
            Self::Thermal => Optics {
                width_px: 300,
                height_px: 480,
                ridge: 12.0,
                valley: 245.0,
                background: 112.0,
                noise: 4.0,
                streaks: 3.0,
                grain: 0.35,
                contrast: 1.4,
            },
            Self::Ink => Optics { ridge: 45.0, valley: 222.0, background: 236.0, noise: 6.0, grain: 0.55, ..optical },
        }
    }
}
