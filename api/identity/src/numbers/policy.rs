//! What may be done with each kind of VID, in the format of MOSIP's `mosip-vid-policy.json`.

use serde::{Deserialize, Serialize};

/// When a VID that ends is followed by another at once, where its policy allows that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RestoreOn {
    /// When it is revoked. MOSIP's schema spells it REVOKE and its policies REVOKED; both are read, the latter is written.
    #[serde(rename = "REVOKED", alias = "REVOKE")]
    Revoked,
    /// When its holder asks for another. That is no status that a VID can be given, so that nothing follows by itself.
    #[serde(rename = "REGENERATE")]
    Regenerate,
}

/// What may be done with the VIDs of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VidPolicy {
    /// How long one is valid after it is made, in minutes, at least 1; without end where it is `null`.
    pub valid_for_in_minutes: Option<u64>,
    /// How often one can be used, at least once; as often as wanted where it is `null`.
    pub transactions_allowed: Option<u32>,
    /// How many of one person can be active at a time, at least one.
    pub instances_allowed: u32,
    /// Whether one that ends as `restore_on_action` says is followed by another at once. Its holder cannot ask for another then.
    pub auto_restore_allowed: bool,
    /// See [`RestoreOn`].
    pub restore_on_action: RestoreOn,
}

/// A policy and the kind of VID it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NamedPolicy {
    /// The kind, such as `Perpetual`.
    pub vid_type: String,
    /// Its policy.
    pub vid_policy: VidPolicy,
}

/// The policies of all kinds of VID that there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VidPolicies {
    /// One of each kind.
    pub vid_policies: Vec<NamedPolicy>,
}

/// Why policies cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It is too long.
    #[error("VID policies of {bytes} bytes, more than {most}", most = VidPolicies::MOST_BYTES)]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// It is not such JSON.
    #[error("VID policies: {0}")]
    Json(#[from] serde_json::Error),
    /// The name of a kind is empty, too long, or has other characters than ASCII letters, digits, `_` and `-`.
    #[error("{0:?} is no name of a kind of VID: one to {most} of A-Z a-z 0-9 _ -", most = VidPolicies::LONGEST_NAME)]
    Name(String),
    /// Two policies for one kind.
    #[error("there is more than one policy for {0}")]
    Twice(String),
    /// A number that must be 1 or more is 0.
    #[error("{field} of {kind} is 0; it is 1 or more, or null where it may be")]
    Zero {
        /// The kind of VID.
        kind: String,
        /// The name in the file.
        field: &'static str,
    },
}

impl VidPolicies {
    /// More than any country writes.
    pub const MOST_BYTES: usize = 1 << 20;

    /// Of a kind.
    pub const LONGEST_NAME: usize = 64;

    /// MOSIP's: perpetual, temporary and for one use. The last allows two transactions, because signing in takes two: one to be
    /// sent a password, another to use it.
    #[must_use]
    pub fn mosip() -> Self {
        let policy =
            |valid_for_in_minutes, transactions_allowed, instances_allowed, auto_restore_allowed, restore_on_action| {
                VidPolicy {
                    valid_for_in_minutes,
                    transactions_allowed,
                    instances_allowed,
                    auto_restore_allowed,
                    restore_on_action,
                }
            };
        let named = |kind: &str, vid_policy| NamedPolicy { vid_type: kind.to_owned(), vid_policy };
        let vid_policies = vec![
            named("Perpetual", policy(None, None, 1, true, RestoreOn::Revoked)),
            named("Temporary", policy(Some(30), Some(2), 5, false, RestoreOn::Regenerate)),
            named("OneTimeUse", policy(None, Some(2), 5, false, RestoreOn::Revoked)),
        ];
        Self { vid_policies }
    }

    /// Reads `json`.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn read(json: &[u8]) -> Result<Self, PolicyError> {
        if json.len() > Self::MOST_BYTES {
            return Err(PolicyError::TooLong { bytes: json.len() });
        }
        let policies: Self = serde_json::from_slice(json)?;
        policies.check()?;
        Ok(policies)
    }

    /// Writes as [`VidPolicies::read`] reads.
    ///
    /// # Errors
    /// [`PolicyError`] where it could not be read again.
    pub fn write(&self) -> Result<String, PolicyError> {
        self.check()?;
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// The policy of the VIDs of this kind, if there are such.
    #[must_use]
    pub fn find(&self, kind: &str) -> Option<&VidPolicy> {
        self.vid_policies.iter().find(|named| named.vid_type == kind).map(|named| &named.vid_policy)
    }

    fn check(&self) -> Result<(), PolicyError> {
        for (index, NamedPolicy { vid_type: kind, vid_policy: policy }) in self.vid_policies.iter().enumerate() {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            if kind.is_empty() || kind.len() > Self::LONGEST_NAME || !kind.bytes().all(plain) {
                return Err(PolicyError::Name(kind.chars().take(Self::LONGEST_NAME).collect()));
            }
            if self.vid_policies[..index].iter().any(|other| other.vid_type == *kind) {
                return Err(PolicyError::Twice(kind.clone()));
            }
            let zeros = [
                ("validForInMinutes", policy.valid_for_in_minutes == Some(0)),
                ("transactionsAllowed", policy.transactions_allowed == Some(0)),
                ("instancesAllowed", policy.instances_allowed == 0),
            ];
            if let Some((field, _)) = zeros.into_iter().find(|(_, is_zero)| *is_zero) {
                return Err(PolicyError::Zero { kind: kind.clone(), field });
            }
        }
        Ok(())
    }
}
