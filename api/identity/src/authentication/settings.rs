//! The rules of authentication.

use serde::{Deserialize, Serialize};

/// What a refusal may tell of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// Nothing to who did not prove to be him: not even that he is there.
    Guarded,
    /// What MOSIP tells: that nobody has a number, that a field or finger is not kept, where a password was sent.
    Mosip,
}

/// The rules of authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthenticationSettings {
    /// How far the time of a request may be from now, before or after. Milliseconds.
    pub window_ms: u64,
    /// What a refusal may tell.
    pub disclosure: Disclosure,
    /// Whether the token comes with a "no" too, as in MOSIP. Of a number that is nobody's it is one that stands for nobody.
    pub token_on_no: bool,
    /// How often one number may be asked about in a minute, by all partners together.
    pub per_id_per_minute: u32,
    /// How often one partner may ask in a minute.
    pub per_partner_per_minute: u32,
    /// One-time passwords.
    pub otp: OtpSettings,
}

/// The rules of one-time passwords. The defaults are MOSIP's, but for how many are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OtpSettings {
    /// How long one can be used, in seconds.
    pub valid_s: u32,
    /// How often one can be tried.
    pub attempts: u32,
    /// After how many wrong ones in a row, of one password or several, none is taken or sent for a while.
    pub wrong_before_freeze: u32,
    /// For how long, in seconds.
    pub freeze_s: u32,
    /// How many may be asked for in a minute for one number. MOSIP has 100; each costs somebody a message.
    pub per_id_per_minute: u32,
}

impl Default for AuthenticationSettings {
    fn default() -> Self {
        Self {
            window_ms: 30_000,
            disclosure: Disclosure::Guarded,
            token_on_no: true,
            per_id_per_minute: 60,
            per_partner_per_minute: 60_000,
            otp: OtpSettings::default(),
        }
    }
}

impl Default for OtpSettings {
    fn default() -> Self {
        Self { valid_s: 180, attempts: 10, wrong_before_freeze: 5, freeze_s: 1_800, per_id_per_minute: 5 }
    }
}
