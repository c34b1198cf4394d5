//! A packet is taken: from then on it is worked on, whatever happens.

use serde::{Deserialize, Serialize};
use whorl_service::sample;

use super::record::{Enclosed, enclosure_key};
use super::{Enclosure, EnclosureContent, Packet, PacketKind, Registration, RegistrationError, RegistrationId, Stage};
use crate::chance::Opaque;
use crate::event;
use crate::layer::Layer;
use crate::store::Table;
use crate::vault::Place;

/// How far a registration is, for who sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What it is called.
    pub id: RegistrationId,
    /// What was done last.
    pub stage: Stage,
    /// Whether the packet came before, and was taken then.
    pub is_repeated: bool,
}

impl Layer {
    /// Takes a packet. Once this returns it is durable, and will be worked on. A packet that comes again is answered again.
    ///
    /// # Errors
    /// [`RegistrationError::Packet`] where it is not one, [`RegistrationError::Taken`] where another packet has its name.
    pub fn register(&self, packet: &Packet) -> Result<Receipt, RegistrationError> {
        packet.check()?;
        let id = &packet.id;
        let digest = packet.digest();
        // Who comes again is most of those who come twice: no key is spent on him.
        if let Some(receipt) = self.database.read(|tables| self.earlier(tables, id, &digest))? {
            return Ok(receipt);
        }
        let lock = self.vault.assign()?;
        let mut registration = received(packet, digest, self.now_ms())?;
        let seal = |(number, enclosure): (u16, &Enclosure)| {
            let key = enclosure_key(id, number);
            let sealed = self.vault.seal_bytes(&lock, Place::new(Table::Enclosures, &key), &enclosure.bytes)?;
            Ok::<_, RegistrationError>((key, sealed))
        };
        let enclosures = (0..).zip(&packet.enclosures).map(seal).collect::<Result<Vec<_>, _>>()?;
        registration.reach(Stage::Received, registration.received_ms);
        self.write(|draft| {
            if let Some(receipt) = self.earlier(draft, id, &digest)? {
                return Ok(receipt);
            }
            for (key, sealed) in &enclosures {
                draft.put(Table::Enclosures, key, sealed.clone());
            }
            registration.save(&self.vault, draft, &lock)?;
            event::tell(draft, &registration)?;
            Ok(Receipt { id: id.clone(), stage: Stage::Received, is_repeated: false })
        })
    }

    /// The answer to a packet that came before.
    fn earlier(
        &self,
        tables: &dyn crate::store::Tables,
        id: &RegistrationId,
        digest: &[u8; 32],
    ) -> Result<Option<Receipt>, RegistrationError> {
        match Registration::load(&self.vault, tables, id)? {
            Some((earlier, _)) if earlier.digest != *digest => Err(RegistrationError::Taken(id.clone())),
            Some((earlier, _)) => Ok(Some(Receipt { id: id.clone(), stage: earlier.stage, is_repeated: true })),
            None if tables.get(Table::Registrations, id.key())?.is_some() => Err(RegistrationError::Erased(id.clone())),
            None => Ok(None),
        }
    }
}

/// A registration of which nothing is done yet.
fn received(packet: &Packet, digest: [u8; 32], now_ms: u64) -> Result<Registration, RegistrationError> {
    let enclosed = packet.enclosures.iter().map(enclosed).collect();
    Ok(Registration {
        id: packet.id.clone(),
        kind: packet.kind,
        digest,
        uin: packet.uin.clone(),
        subject: if packet.kind == PacketKind::New { Some(Opaque::draw()?) } else { None },
        corrects: packet.corrects.clone(),
        demographics: packet.demographics.clone(),
        enclosed,
        exceptions: packet.exceptions.clone(),
        consent: packet.consent.clone(),
        introducer: packet.introducer.clone(),
        operator: packet.operator.clone(),
        captured_ms: packet.captured_ms,
        received_ms: now_ms,
        reference: Opaque::draw()?.to_string(),
        stage: Stage::Received,
        steps: Vec::new(),
        alike: Vec::new(),
        too_common: Vec::new(),
        cleared: Vec::new(),
        cleared_subjects: Vec::new(),
        case: None,
        rejection: None,
        deleted_ms: None,
    })
}

fn enclosed(Enclosure { content, bytes }: &Enclosure) -> Enclosed {
    let (media_type, size_bytes) = (media_type(bytes).to_owned(), bytes.len() as u64);
    match content {
        EnclosureContent::Sample { modality, position, ppi, liveness } => Enclosed {
            position: Some(position.code()),
            category: modality.name().to_owned(),
            kind: String::new(),
            media_type,
            size_bytes,
            ppi: *ppi,
            liveness: liveness
                .as_ref()
                .map(|liveness| (liveness.outcome().name().to_owned(), liveness.score(), liveness.source().to_owned())),
            refusal: None,
        },
        EnclosureContent::Document { category, kind } => Enclosed {
            position: None,
            category: category.clone(),
            kind: kind.clone(),
            media_type,
            size_bytes,
            ppi: None,
            liveness: None,
            refusal: None,
        },
    }
}

/// The type of a file, told by its first bytes. What no page may take for more than bytes, such as one with a script in it, is that.
fn media_type(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"%PDF-") { "application/pdf" } else { sample::media_type(bytes) }
}
