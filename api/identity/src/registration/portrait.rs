//! The portrait of a person: of the pictures of his face that are kept, the one that was captured last.

use whorl_types::Modality;
use zeroize::Zeroizing;

use super::{Enclosed, Registration, Stage};
use crate::credential::Card;
use crate::issuance::IssuanceError;
use crate::layer::Layer;
use crate::store::Tables;
use crate::subject::Subject;
use crate::vault::VaultError;

impl Layer {
    /// The portrait of a person, as a file of JPEG or PNG that a card has room for; none where no such picture is kept, as that of a record
    /// of ISO/IEC 19794-5 is not.
    ///
    /// # Errors
    /// [`IssuanceError::Vault`].
    pub fn portrait(&self, subject: &Subject) -> Result<Option<Zeroizing<Vec<u8>>>, IssuanceError> {
        self.database.read(|tables| Ok(self.portrait_of(tables, subject)?))
    }

    pub(crate) fn portrait_of(
        &self,
        tables: &dyn Tables,
        subject: &Subject,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        for id in subject.registrations.iter().rev() {
            let Some((registration, _)) = Registration::load(&self.vault, tables, id)? else { continue };
            if registration.stage != Stage::Issued || registration.deleted_ms.is_some() {
                continue;
            }
            let found = (0..).zip(&registration.enclosed).find(|(_, enclosed)| is_portrait(enclosed));
            if let Some((number, _)) = found {
                return self.enclosure(tables, id, number);
            }
        }
        Ok(None)
    }
}

/// Whether a sample is a picture of a face that a card has room for. Whether it gave a template does not matter: it is for people to look at.
fn is_portrait(enclosed: &Enclosed) -> bool {
    let is_face = enclosed.position.is_some() && enclosed.category == Modality::Face.name();
    let is_shown = ["image/jpeg", "image/png"].contains(&enclosed.media_type.as_str());
    is_face && is_shown && enclosed.size_bytes <= Card::MOST_PORTRAIT_BYTES as u64
}
