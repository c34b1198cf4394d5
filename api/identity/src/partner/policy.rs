//! What a partner may ask.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PartnerError;
use crate::authentication::Factor;

/// What of a person a demographic claim is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// The whole name.
    Name,
    /// Given names.
    GivenName,
    /// Family names.
    FamilyName,
    /// The birth date, or the year alone where no more is known.
    BirthDate,
    /// That he is at least so many years old.
    Age,
    /// Female or male.
    Gender,
    /// The whole address.
    Address,
    /// The post code.
    PostCode,
    /// The telephone.
    Phone,
    /// The address for e-mail.
    Email,
    /// One field of the deployment's schema, such as `city`.
    Field(String),
}

impl Attribute {
    /// What it is called in answers.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BirthDate => "birth_date",
            Self::Age => "age",
            Self::Gender => "gender",
            Self::Address => "address",
            Self::PostCode => "post_code",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Field(field) => field,
        }
    }
}

/// How a demographic claim is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// All of it, after normalising.
    Exact,
    /// By the share of words that are the same.
    Partial,
    /// By the share of words that sound the same.
    Phonetic,
}

/// That a way of comparing may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrategyRule {
    /// Which.
    pub strategy: Strategy,
    /// The least share of words that must be alike, in percent of those of the longer text: 1 to 100. A request may ask for more.
    #[serde(default = "all")]
    pub least_percent: u8,
}

fn all() -> u8 {
    100
}

/// A demographic attribute that may be claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// Which.
    pub attribute: Attribute,
    /// How it may be compared.
    pub strategies: Vec<StrategyRule>,
}

/// A factor that may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorRule {
    /// Which.
    pub factor: Factor,
    /// Whether every request must have it.
    #[serde(default)]
    pub is_required: bool,
}

/// What a partner gets that stands for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// A token by a key, which no two partners can link.
    Partner,
    /// MOSIP's token, for those who move from it.
    Mosip,
    /// Nothing.
    None,
}

/// What a partner may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The factors that may be used. Who may use one-time passwords may also have them sent.
    pub factors: Vec<FactorRule>,
    /// Sets of factors of which a request must have one whole; any factors will do where there are none.
    #[serde(default)]
    pub combinations: Vec<Vec<Factor>>,
    /// The demographic attributes that may be claimed.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
    /// Who must vouch for it that a sample is of a living person; nobody need where there are none.
    #[serde(default)]
    pub liveness_sources: Vec<String>,
    /// The fields of a person's record that may be told, by their names in the schema.
    #[serde(default)]
    pub kyc: Vec<String>,
    /// The languages in which they may be told (ISO 639-2, as `eng`); all where there are none.
    #[serde(default)]
    pub kyc_languages: Vec<String>,
    /// What stands for a person.
    pub token: TokenKind,
    /// Until when it holds, in milliseconds since 1970; without end where there is none.
    #[serde(default)]
    pub expires_ms: Option<u64>,
}

impl Policy {
    /// The most entries of each list: more than a schema has fields.
    pub const MOST_ENTRIES: usize = 256;

    /// The most bytes of a name in it.
    pub const MOST_TEXT_BYTES: usize = 256;

    /// Whether it can be kept.
    ///
    /// # Errors
    /// [`PartnerError::Policy`], [`PartnerError::Percent`].
    pub fn check(&self) -> Result<(), PartnerError> {
        let fields = self.fields.iter().map(|rule| rule.attribute.name()).collect::<Vec<_>>();
        fits("factors", &self.factors, |_| true)?;
        fits("combinations", &self.combinations, |set| !set.is_empty() && set.len() <= Factor::ALL.len())?;
        fits("fields", &fields, |text| is_text(text))?;
        fits("liveness_sources", &self.liveness_sources, |text| is_text(text))?;
        fits("kyc", &self.kyc, |text| is_text(text))?;
        fits("kyc_languages", &self.kyc_languages, |text| is_text(text))?;
        for rule in &self.fields {
            fits("fields.strategies", &rule.strategies, |_| true)?;
        }
        let mut percents = self.fields.iter().flat_map(|rule| &rule.strategies).map(|rule| rule.least_percent);
        percents
            .find(|percent| !(1..=100).contains(percent))
            .map_or(Ok(()), |percent| Err(PartnerError::Percent(percent)))
    }

    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds(&self, now_ms: u64) -> bool {
        self.expires_ms.is_none_or(|expires| now_ms < expires)
    }

    /// Whether a factor may be used.
    #[must_use]
    pub fn allows(&self, factor: Factor) -> bool {
        self.factors.iter().any(|rule| rule.factor == factor)
    }

    /// The least share of words that must be alike, in percent, where an attribute may be compared so.
    #[must_use]
    pub fn least_percent(&self, attribute: &Attribute, strategy: Strategy) -> Option<u8> {
        let rules = self.fields.iter().filter(|rule| rule.attribute == *attribute).flat_map(|rule| &rule.strategies);
        rules.filter(|rule| rule.strategy == strategy).map(|rule| rule.least_percent).max()
    }

    /// The policy that a document of MOSIP's `auth-policy-schema.json` says. MOSIP does not divide demographic attributes by the way of
    /// comparing: all of them may be compared exactly. Its token of a policy or of the moment is a partner's here.
    ///
    /// # Errors
    /// [`PartnerError::Mosip`] where it is no such document.
    pub fn from_mosip(document: &Value) -> Result<Self, PartnerError> {
        let list = |name: &'static str| document.get(name).and_then(Value::as_array).ok_or(PartnerError::Mosip(name));
        let mut factors: Vec<FactorRule> = Vec::new();
        for kind in list("allowedAuthTypes")? {
            let text = |name: &str| kind.get(name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
            let is_required = kind.get("mandatory").and_then(Value::as_bool).unwrap_or(false);
            for factor in mosip_factors(&text("authType"), &text("authSubType"))? {
                match factors.iter_mut().find(|rule| rule.factor == factor) {
                    Some(rule) => rule.is_required |= is_required,
                    None => factors.push(FactorRule { factor, is_required }),
                }
            }
        }
        let names = |entries: &[Value], part: fn(&Value) -> Option<&str>| {
            entries.iter().filter_map(part).map(str::to_owned).collect::<Vec<_>>()
        };
        let kyc = names(list("allowedKycAttributes")?, |entry| entry.get("attributeName")?.as_str());
        let languages = document.get("kycLanguages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let exact = |attribute| FieldRule {
            attribute,
            strategies: vec![StrategyRule { strategy: Strategy::Exact, least_percent: 100 }],
        };
        let fields = [
            Attribute::Name,
            Attribute::GivenName,
            Attribute::FamilyName,
            Attribute::BirthDate,
            Attribute::Age,
            Attribute::Gender,
            Attribute::Address,
            Attribute::PostCode,
            Attribute::Phone,
            Attribute::Email,
        ];
        let policy = Self {
            factors,
            combinations: Vec::new(),
            fields: fields.map(exact).into(),
            liveness_sources: Vec::new(),
            kyc,
            kyc_languages: names(languages, Value::as_str),
            token: TokenKind::Partner,
            expires_ms: None,
        };
        policy.check()?;
        Ok(policy)
    }
}

/// The factors that MOSIP's names of a kind of authentication mean. Those of ways that are not there (`pin`, `kbt`, ...) mean none.
fn mosip_factors(kind: &str, of: &str) -> Result<Vec<Factor>, PartnerError> {
    Ok(match (kind, of) {
        ("", _) => return Err(PartnerError::Mosip("authType")),
        ("demo", _) => vec![Factor::Demographic],
        ("otp" | "otp-request", _) => vec![Factor::Otp],
        ("bio", "finger" | "fingerprint" | "fmr" | "fir") => vec![Factor::Fingerprint],
        ("bio", "iris") => vec![Factor::Iris],
        ("bio", "face") => vec![Factor::Face],
        ("bio", "") => vec![Factor::Fingerprint, Factor::Iris, Factor::Face],
        _ => Vec::new(),
    })
}

fn is_text(text: &str) -> bool {
    (1..=Policy::MOST_TEXT_BYTES).contains(&text.len())
}

fn fits<T>(name: &'static str, entries: &[T], is_fine: impl Fn(&T) -> bool) -> Result<(), PartnerError> {
    let fits = entries.len() <= Policy::MOST_ENTRIES && entries.iter().all(is_fine);
    if fits { Ok(()) } else { Err(PartnerError::Policy(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_of_mosip_is_read() {
        let document = json!({
            "authTokenType": "partner",
            "allowedAuthTypes": [
                { "authType": "otp", "mandatory": true },
                { "authType": "otp-request", "mandatory": false },
                { "authType": "demo", "mandatory": false },
                { "authType": "bio", "authSubType": "IRIS", "mandatory": false },
                { "authType": "kyc", "mandatory": false },
            ],
            "allowedKycAttributes": [{ "attributeName": "fullName" }],
            "kycLanguages": ["eng"],
        });
        let policy = Policy::from_mosip(&document).unwrap();
        let factors = policy.factors.iter().map(|rule| (rule.factor, rule.is_required)).collect::<Vec<_>>();
        assert_eq!(factors, [(Factor::Otp, true), (Factor::Demographic, false), (Factor::Iris, false)]);
        assert_eq!(
            (policy.kyc.as_slice(), policy.kyc_languages.as_slice()),
            (&["fullName".to_owned()][..], &["eng".to_owned()][..])
        );
        assert!(matches!(Policy::from_mosip(&json!({})), Err(PartnerError::Mosip("allowedAuthTypes"))));
    }
}
