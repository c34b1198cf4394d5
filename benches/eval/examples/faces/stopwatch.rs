//! What the stages cost.

use std::time::Instant;

use whorl_extractors::face::{Face, Trace};
use whorl_types::{FaceMeasures, Pixels};

/// The stages, in order.
pub(crate) const STAGES: [&str; 5] = ["detect", "gate", "crop", "measure", "embed"];

/// Sees one extraction.
pub(crate) struct Watch {
    began: Moment,
    /// Milliseconds of each stage that was reached; those of a picture that is refused are counted as detection.
    pub(crate) ms: [f64; STAGES.len()],
    at: usize,
    /// The aligned crop, where there was one.
    pub(crate) crop: Option<Pixels>,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Self { began: Moment::now(), ms: [0.0; STAGES.len()], at: 0, crop: None }
    }

    fn ends(&mut self, stage: usize) {
        let now = Moment::now();
        self.ms[stage] += now.ms_since(&self.began);
        self.began = now;
        self.at = stage + 1;
    }

    /// Milliseconds of each stage.
    pub(crate) fn stop(&mut self) -> [f64; STAGES.len()] {
        self.ends(if self.at == STAGES.len() - 1 { self.at } else { 0 });
        self.ms
    }
}

impl Trace for Watch {
    fn faces(&mut self, _faces: &[Face], _quarter_turns: u8) {
        self.ends(0);
    }

    fn chosen(&mut self, _face: &Face, _quarter_turns: u8) {
        self.ends(1);
    }

    fn crop(&mut self, crop: &Pixels) {
        self.ends(2);
        self.crop = Some(crop.clone());
    }

    fn measures(&mut self, _measures: &FaceMeasures) {
        self.ends(3);
    }
}

/// Ticks of the processor's accounts in a second, whatever the kernel's own clock: `USER_HZ` of Linux.
const TICKS_A_SECOND: f64 = 100.0;

/// A moment in the life of this process: the time that its threads have had a processor, where the system tells, those included that
/// networks ran on and that are gone. It is told in steps of ten milliseconds, which even out over some hundred pictures.
struct Moment {
    spent_ms: Option<f64>,
    wall: Instant,
}

impl Moment {
    fn now() -> Self {
        let told = std::fs::read_to_string("/proc/self/stat").ok();
        Self { spent_ms: told.and_then(|told| spent_ms(&told)), wall: Instant::now() }
    }

    fn ms_since(&self, earlier: &Self) -> f64 {
        match (self.spent_ms, earlier.spent_ms) {
            (Some(now), Some(then)) => now - then,
            _ => self.wall.duration_since(earlier.wall).as_secs_f64() * 1e3,
        }
    }
}

/// What proc(5) calls utime and stime, the fourteenth and fifteenth field; the second is the program's name in brackets.
fn spent_ms(told: &str) -> Option<f64> {
    let (_, fields) = told.rsplit_once(')')?;
    let ticks = |at: usize| fields.split_whitespace().nth(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) * 1e3 / TICKS_A_SECOND)
}
