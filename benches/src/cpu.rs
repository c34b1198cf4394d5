//! Rates in CPU time, so that other work on the machine counts little.

use std::path::Path;
use std::time::{Duration, Instant};

/// Least CPU time of one measurement.
const LEAST: Duration = Duration::from_millis(600);

/// How often a CPU second of this thread holds `work`, done `batch` times between two looks at the clock.
pub fn rate(batch: u32, mut work: impl FnMut()) -> f64 {
    let (started, mut times) = (cpu_time(), 0.0);
    loop {
        for _ in 0..batch {
            work();
        }
        times += f64::from(batch);
        let spent = cpu_time().saturating_sub(started);
        if spent >= LEAST {
            return times / spent.as_secs_f64();
        }
    }
}

/// What this thread has had of the processor so far, where Linux tells; elsewhere the time of day.
fn cpu_time() -> Duration {
    told("/proc/thread-self/schedstat".as_ref()).unwrap_or_else(time_of_day)
}

/// What all threads of this process together have had of the processor so far, those that ended too; none where the system does
/// not say.
#[must_use]
pub fn process_time() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Some(Duration::new(u64::try_from(spent.tv_sec).ok()?, u32::try_from(spent.tv_nsec).ok()?))
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// What one thread has had, as Linux tells.
fn told(schedstat: &Path) -> Option<Duration> {
    let text = std::fs::read_to_string(schedstat).ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn time_of_day() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn work_takes_time_of_the_processor() {
        let before = process_time().unwrap();
        let mut sum = 0_u64;
        while process_time().unwrap() < before + Duration::from_millis(20) {
            sum = std::hint::black_box((0..100_000_u64).fold(sum, u64::wrapping_add));
        }
    }
}
