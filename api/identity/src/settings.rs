//! The rules of a deployment.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::authentication::AuthenticationSettings;
use crate::layer::Filters;
use crate::numbers::{Rules, RulesError, VidPolicies};

/// The rules of a deployment. Every one has a default; what is written names those that differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The purpose that a person must have agreed to.
    pub consent_purpose: String,
    /// Who is younger needs an introducer; 0 asks nobody for one. Years.
    pub introducer_below_years: u16,
    /// Who is younger is not compared by his biometrics, which still change. Years.
    pub infant_below_years: u16,
    /// Categories of documents that every new registration has.
    pub required_documents: Vec<String>,
    /// What is asked of biometrics.
    pub biometrics: BiometricRules,
    /// What demographic comparison is for.
    pub demographic: DemographicMode,
    /// How many persons the register will have: the more there are, the more of them are alike by chance, and the more two records must
    /// have in common.
    pub expected_persons: u64,
    /// How people decide.
    pub adjudication: AdjudicationRules,
    /// What UINs look like.
    pub uin: Rules,
    /// What VIDs look like.
    pub vid: Rules,
    /// The kinds of VIDs.
    pub vid_policies: VidPolicies,
    /// How persons are authenticated.
    pub authentication: AuthenticationSettings,
    /// How long things are kept.
    pub retention: Retention,
}

/// What is asked of biometrics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BiometricRules {
    /// Whether who has none, and no exception either, is refused.
    pub are_required: bool,
    /// How many samples must give templates, where any are sent.
    pub least_templates: usize,
    /// What becomes of whom the engine takes for somebody who is registered already.
    pub on_duplicate: OnDuplicate,
}

/// What becomes of a duplicate of which the engine is sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicate {
    /// People decide, as about all that the engine is not sure of.
    Adjudicate,
    /// The registration is refused.
    Reject,
}

/// What demographic comparison is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemographicMode {
    /// It is not done.
    Off,
    /// People decide about whoever is alike, unless biometrics of both say that they are two.
    BesideBiometrics,
    /// People decide about whoever is alike, whatever biometrics say.
    Always,
}

/// How people decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdjudicationRules {
    /// How many decide independently, before a supervisor settles what they disagree about: 1 to 5.
    pub decisions: usize,
}

/// How long things are kept, in days; nothing: for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Pictures and documents of registrations that are done.
    pub enclosures_days: Option<u32>,
    /// Everything of registrations that were refused.
    pub rejected_days: Option<u32>,
    /// The authentications of a person.
    pub transactions_days: Option<u32>,
    /// Events for those who listen.
    pub events_days: Option<u32>,
}

/// Why no layer can follow settings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// They ask for numbers that cannot be.
    #[error(transparent)]
    Numbers(#[from] RulesError),
    /// Nobody, or too many, would have to decide.
    #[error("adjudication.decisions is {0}: 1 to {most}", most = AdjudicationRules::MOST_DECISIONS)]
    Decisions(usize),
}

impl AdjudicationRules {
    /// The most who decide about one case.
    pub const MOST_DECISIONS: usize = 5;
}

impl Settings {
    /// Whether a layer can follow them.
    ///
    /// # Errors
    /// [`SettingsError`] where it cannot.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.filters().map(drop)
    }

    /// The filters of numbers, of settings that a layer can follow.
    pub(crate) fn filters(&self) -> Result<Filters, SettingsError> {
        let decisions = self.adjudication.decisions;
        if !(1..=AdjudicationRules::MOST_DECISIONS).contains(&decisions) {
            return Err(SettingsError::Decisions(decisions));
        }
        Ok(Filters::of(self)?)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            consent_purpose: "foundational-id".to_owned(),
            introducer_below_years: 18,
            infant_below_years: 5,
            required_documents: Vec::new(),
            biometrics: BiometricRules::default(),
            demographic: DemographicMode::BesideBiometrics,
            expected_persons: 1_000_000,
            adjudication: AdjudicationRules::default(),
            uin: Rules::uin(),
            vid: Rules::vid(),
            vid_policies: VidPolicies::mosip(),
            authentication: AuthenticationSettings::default(),
            retention: Retention::default(),
        }
    }
}

impl Default for BiometricRules {
    fn default() -> Self {
        Self { are_required: false, least_templates: 1, on_duplicate: OnDuplicate::Adjudicate }
    }
}

impl Default for AdjudicationRules {
    fn default() -> Self {
        Self { decisions: 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_has_to_decide_and_not_everybody() {
        let asking = |decisions| Settings { adjudication: AdjudicationRules { decisions }, ..Settings::default() };
        for decisions in [1, AdjudicationRules::MOST_DECISIONS] {
            assert_eq!(asking(decisions).check(), Ok(()));
        }
        for decisions in [0, AdjudicationRules::MOST_DECISIONS + 1] {
            assert_eq!(asking(decisions).check(), Err(SettingsError::Decisions(decisions)));
        }
    }
}
