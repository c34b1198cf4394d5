//! Rates in CPU time, so that other work on the machine counts little.

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
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next().and_then(|first| first.parse().ok()));
    nanoseconds.map_or_else(time_of_day, Duration::from_nanos)
}

fn time_of_day() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}
