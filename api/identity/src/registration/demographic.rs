//! Whose name, birth date and address are like these.

use super::{PacketKind, Registration, RegistrationError, Stage, Turn};
use crate::layer::Layer;
use crate::linkage;
use crate::settings::DemographicMode;
use crate::subject::Found;

impl Layer {
    /// Who is new is compared and entered in one change, so that of two who come at the same time the later finds the earlier.
    pub(super) fn compare_demographics(&self, seen: &Registration) -> Result<(), RegistrationError> {
        let is_new = seen.kind == PacketKind::New;
        if self.settings.demographic == DemographicMode::Off || !is_new && seen.kind != PacketKind::Lost {
            return self.finish(seen, |_, _, _| Ok(Turn::On(Stage::DemographicallyChecked)));
        }
        let profile = self.demography.profile(&seen.demographics);
        self.finish(seen, |draft, registration, _| {
            let found = self.subject_of(draft, registration)?;
            let own = found.as_ref().map(|found| found.subject.id);
            let linkage::Alike { likeness, too_common } =
                linkage::alike(&self.vault, draft, &self.demography, &profile, own)?;
            (registration.alike, registration.too_common) = (likeness, too_common);
            if let (true, Some(Found { subject, lock })) = (is_new, &found) {
                linkage::enter(&self.vault, draft, (subject.id, lock), &profile)?;
            }
            Ok(Turn::On(Stage::DemographicallyChecked))
        })
    }
}
