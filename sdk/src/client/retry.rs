//! How calls are tried again.

use std::time::Duration;

use tonic::Code;

/// How calls are tried again that were refused for now: after waits that double, each cut short by a random part so that clients that were
/// refused together do not come back together. What the server says of when to come back is heeded. All attempts share the deadline of
/// the call; a wait that would pass it is not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The most attempts, the first one counted; 1 tries once.
    pub attempts: u32,
    /// The wait after the first, at most.
    pub first_wait: Duration,
    /// The longest wait, but for what the server says.
    pub longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 6, first_wait: Duration::from_millis(100), longest_wait: Duration::from_secs(10) }
    }
}

impl Retry {
    /// Every call is tried once.
    pub const NEVER: Self = Self { attempts: 1, first_wait: Duration::ZERO, longest_wait: Duration::ZERO };

    /// How long to wait after `failed` attempts, where `told` is the least that the server said and `random` is any number.
    pub(super) fn wait(&self, failed: u32, told: Option<Duration>, random: u32) -> Duration {
        let doubled = self.first_wait.saturating_mul(1 << failed.saturating_sub(1).min(20));
        let most = doubled.min(self.longest_wait);
        let part = f64::from(random) / f64::from(u32::MAX);
        let wait = most.mul_f64(0.5 + 0.5 * part);
        // Whoever was told when to come back is spread over the time after that.
        told.map_or(wait, |told| told.saturating_add(most.mul_f64(0.5 * part)))
    }
}

/// What asking twice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// The same as asking once.
    Freely,
    /// Something else, so that it is asked again only where the server surely did not begin.
    WhenRefused,
}

impl Repeat {
    /// Whether a call that ended with `code` is tried again.
    pub(super) fn is_after(self, code: Code) -> bool {
        match self {
            Self::Freely => helps(code),
            Self::WhenRefused => code == Code::ResourceExhausted,
        }
    }
}

/// Whether what ended with `code` may go well when it is asked again.
pub(super) fn helps(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::ResourceExhausted | Code::Aborted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_cut_by_half_at_most() {
        let retry = Retry::default();
        let ms = |failed, random| retry.wait(failed, None, random).as_millis();
        assert_eq!([ms(1, u32::MAX), ms(2, u32::MAX), ms(3, u32::MAX)], [100, 200, 400]);
        assert_eq!([ms(1, 0), ms(3, 0)], [50, 200]);
        assert_eq!([ms(40, u32::MAX), ms(u32::MAX, u32::MAX)], [10_000, 10_000]);
    }

    #[test]
    fn what_the_server_says_is_the_least() {
        let told = Some(Duration::from_secs(30));
        assert_eq!(Retry::default().wait(1, told, 0), Duration::from_secs(30));
        assert!(Retry::default().wait(1, told, u32::MAX) > Duration::from_secs(30));
    }

    #[test]
    fn what_changes_something_is_asked_again_only_where_it_was_not_begun() {
        let all = [Code::Unavailable, Code::ResourceExhausted, Code::Aborted, Code::DeadlineExceeded, Code::Internal];
        assert_eq!(all.map(|code| Repeat::Freely.is_after(code)), [true, true, true, false, false]);
        assert_eq!(all.map(|code| Repeat::WhenRefused.is_after(code)), [false, true, false, false, false]);
    }
}
