//! How many fingers and how many irises.

use std::fmt;

use serde::Serialize;
use whorl_service::sample::Instance;
use whorl_types::Template;

/// Instances, counted by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Fingers.
    pub(crate) fingers: usize,
    /// Eyes.
    pub(crate) irises: usize,
}

impl Counts {
    /// Of all `instances`.
    pub(crate) fn of<'a>(instances: impl IntoIterator<Item = &'a Instance>) -> Self {
        let mut counts = Self::default();
        for instance in instances {
            match instance.template {
                Template::Finger(_) => counts.fingers += 1,
                Template::Iris(_) => counts.irises += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fingers = counted(self.fingers, "finger", "fingers");
        let irises = counted(self.irises, "iris", "irises");
        match (self.fingers, self.irises) {
            (_, 0) => f.write_str(&fingers),
            (0, _) => f.write_str(&irises),
            _ => write!(f, "{fingers}, {irises}"),
        }
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_named() {
        let words = |fingers, irises| Counts { fingers, irises }.to_string();
        assert_eq!(words(4, 2), "4 fingers, 2 irises");
        assert_eq!([words(1, 0), words(0, 1), words(0, 0)], ["1 finger", "1 iris", "0 fingers"]);
    }
}
