//! How many fingers, irises and faces.

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
    /// Faces.
    pub(crate) faces: usize,
}

impl Counts {
    /// Of all `instances`.
    pub(crate) fn of<'a>(instances: impl IntoIterator<Item = &'a Instance>) -> Self {
        let mut counts = Self::default();
        for instance in instances {
            match instance.template {
                Template::Finger(_) => counts.fingers += 1,
                Template::Iris(_) => counts.irises += 1,
                Template::Face(_) => counts.faces += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [(self.fingers, "finger", "fingers"), (self.irises, "iris", "irises"), (self.faces, "face", "faces")];
        let there = all.iter().filter(|(count, ..)| *count > 0);
        let named = there.map(|&(count, one, several)| counted(count, one, several)).collect::<Vec<_>>();
        f.write_str(if named.is_empty() { "0 fingers".to_owned() } else { named.join(", ") }.as_str())
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
        let words = |fingers, irises, faces| Counts { fingers, irises, faces }.to_string();
        assert_eq!(words(4, 2, 1), "4 fingers, 2 irises, 1 face");
        assert_eq!([words(1, 0, 0), words(0, 1, 0), words(0, 0, 0)], ["1 finger", "1 iris", "0 fingers"]);
    }
}
