//! Progress on standard error.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use whorl_service::Watch;

/// Work that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Frames a second; a terminal over a slow line stays usable.
const FRAMES_PER_SECOND: u8 = 10;

/// How a bar looks.
const TEMPLATE: &str = "{msg:<28} {bar:32} {human_pos}/{human_len}  {per_sec}  {eta_precise} left";

/// How a bar of bytes looks.
const BYTES_TEMPLATE: &str =
    "{msg:<28} {bar:32} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta_precise} left";

/// One bar after the other for the stages of an operation; shown on a terminal only, and only for long work.
pub(crate) struct Bars {
    wanted: bool,
    stage: Mutex<Option<Stage>>,
}

struct Stage {
    bar: ProgressBar,
    began: Instant,
}

impl Bars {
    /// No bar yet; never any unless `wanted`.
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, stage: Mutex::new(None) }
    }

    /// Begins a stage that counts bytes, of which `done` are there already; how many there will be may be unknown.
    pub(crate) fn begin_bytes(&self, stage: &str, done: u64, total: Option<u64>) {
        self.start(BYTES_TEMPLATE, stage, total);
        self.advance(done as usize);
    }

    fn start(&self, template: &str, stage: &str, total: Option<u64>) {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).expect("the templates are constants that a test renders");
        bar.set_style(style);
        bar.set_message(stage.to_owned());
        self.replace(Some(Stage { bar, began: Instant::now() }));
    }

    fn replace(&self, stage: Option<Stage>) {
        // A thread that panicked while it held the lock left a bar behind, and bars may be replaced at any time.
        let mut current = self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *current, stage) {
            before.bar.finish_and_clear();
        }
    }
}

impl Watch for Bars {
    fn begin(&self, stage: &str, total: usize) {
        self.start(TEMPLATE, stage, Some(total as u64));
    }

    fn advance(&self, count: usize) {
        let current = self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(stage) = current.as_ref() else { return };
        if self.wanted && stage.bar.is_hidden() && stage.began.elapsed() >= PATIENCE {
            stage.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(FRAMES_PER_SECOND));
        }
        stage.bar.inc(count as u64);
    }
}

impl whorl_eval::Progress for Bars {
    fn begin(&self, stage: &'static str, total: u64) {
        Watch::begin(self, stage, total as usize);
    }

    fn advance(&self, steps: u64) {
        Watch::advance(self, steps as usize);
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.replace(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_may_begin_and_advance_beyond_its_end() {
        let bars = Bars::new(true);
        let watch: &dyn Watch = &bars;
        watch.advance(1);
        watch.begin("extracting", 2);
        watch.advance(3);
        watch.begin("searching", 0);
        watch.advance(1);
        for total in [None, Some(100)] {
            bars.begin_bytes("example.org", 40, total);
            watch.advance(100);
        }
    }
}
