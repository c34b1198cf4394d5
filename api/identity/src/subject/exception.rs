//! Biometrics that a person does not have, or does not give.

use serde::{Deserialize, Serialize};

/// Why one finger, eye or face is not captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BiometricException {
    /// Which, by the names of [`whorl_types::Position`].
    pub position: String,
    /// Why, in words.
    pub reason: String,
    /// Whether it will stay so.
    #[serde(default)]
    pub is_permanent: bool,
}
