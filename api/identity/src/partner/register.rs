//! The register of partners.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Partner, PartnerError, PartnerStatus, Terms, TokenKind, check_keys};
use crate::layer::Layer;
use crate::store::{MAX_LISTED, Table, Tables, following};
use crate::vault::{Place, VaultError};

/// Bytes of an API key: nobody guesses 256 bits.
const API_KEY_BYTES: usize = 32;

/// An API key, shown once. It is wiped when it is dropped, and never printed.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// The key as the partner sends it: 43 letters, digits, dashes and underlines.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn draw() -> Result<Self, PartnerError> {
        let mut bytes = Zeroizing::new([0; API_KEY_BYTES]);
        getrandom::fill(bytes.as_mut()).map_err(|error| VaultError::NoChance(error.to_string()))?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref()))))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

impl Layer {
    /// Enters a partner, which is active from then on; its API key is told this once.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn create_partner(&self, id: &str, terms: &Terms) -> Result<ApiKey, PartnerError> {
        if !Partner::is_id(id) {
            return Err(PartnerError::Id);
        }
        self.check_terms(terms)?;
        let key = ApiKey::draw()?;
        self.write(|draft| {
            if draft.get(Table::Partners, id.as_bytes())?.is_some() {
                return Err(PartnerError::Taken(id.to_owned()));
            }
            let now_ms = self.now_ms();
            let partner = Partner {
                id: id.to_owned(),
                terms: terms.clone(),
                status: PartnerStatus::Active,
                api_key: self.api_key_hash(id, &key.0),
                created_ms: now_ms,
                updated_ms: now_ms,
            };
            Ok(self.vault.put(draft, &self.vault.common(), place(id), &partner)?)
        })?;
        Ok(key)
    }

    /// Changes what is said of a partner.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn update_partner(&self, id: &str, terms: &Terms) -> Result<(), PartnerError> {
        self.check_terms(terms)?;
        self.amend_partner(id, |partner| partner.terms = terms.clone())
    }

    /// Disables a partner, or lets it ask again.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn turn_partner(&self, id: &str, status: PartnerStatus) -> Result<(), PartnerError> {
        self.amend_partner(id, |partner| partner.status = status)
    }

    /// Gives a partner a new API key; the one that it had is worth nothing from then on.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn renew_api_key(&self, id: &str) -> Result<ApiKey, PartnerError> {
        let key = ApiKey::draw()?;
        self.amend_partner(id, |partner| partner.api_key = self.api_key_hash(id, &key.0))?;
        Ok(key)
    }

    /// A partner.
    ///
    /// # Errors
    /// [`PartnerError::Unknown`].
    pub fn partner(&self, id: &str) -> Result<Partner, PartnerError> {
        let found = self.database.read(|tables| self.find_partner(tables, id))?;
        found.ok_or_else(|| PartnerError::Unknown(id.to_owned()))
    }

    /// Partners by their ids, `most` of them, after the one named.
    ///
    /// # Errors
    /// [`PartnerError`].
    pub fn partners(&self, after: Option<&str>, most: usize) -> Result<Vec<Partner>, PartnerError> {
        let from = after.map_or_else(Vec::new, |after| following(after.as_bytes()));
        let most = most.min(MAX_LISTED);
        Ok(self.database.read(|tables| self.vault.range(tables, Table::Partners, (&from, &[]), most))?)
    }

    pub(crate) fn find_partner(&self, tables: &dyn Tables, id: &str) -> Result<Option<Partner>, VaultError> {
        if !Partner::is_id(id) {
            return Ok(None);
        }
        Ok(self.vault.get(tables, place(id))?.map(|(partner, _)| partner))
    }

    /// What is kept of an API key.
    pub(crate) fn api_key_hash(&self, id: &str, key: &str) -> [u8; 32] {
        *self.vault.secret("api key", &format!("{id}\0{key}"))
    }

    fn amend_partner(&self, id: &str, change: impl Fn(&mut Partner)) -> Result<(), PartnerError> {
        self.write(|draft| {
            let found = self.find_partner(draft, id)?;
            let mut partner = found.ok_or_else(|| PartnerError::Unknown(id.to_owned()))?;
            change(&mut partner);
            partner.updated_ms = self.now_ms();
            Ok(self.vault.put(draft, &self.vault.common(), place(id), &partner)?)
        })
    }

    fn check_terms(&self, terms: &Terms) -> Result<(), PartnerError> {
        if !(1..=Partner::MOST_NAME_BYTES).contains(&terms.name.len()) {
            return Err(PartnerError::Name(terms.name.len()));
        }
        terms.keys.as_deref().map_or(Ok(()), check_keys)?;
        if terms.policy.token == TokenKind::Mosip && self.means.salts.is_none() {
            return Err(PartnerError::NoSalts);
        }
        terms.policy.check()
    }
}

fn place(id: &str) -> Place<'_> {
    Place::new(Table::Partners, id.as_bytes())
}
