//! Registration: packets are taken, worked on stage by stage, and end with a number or a refusal.
//!
//! ```text
//! receive -> validate -> quality -> demographic -> biometric -> issue
//!                                        \------------\-> adjudication -> biometric again, or rejected
//! ```
//!
//! Every stage ends with one change of the store, which moves the registration on. Whatever a stage does outside the store, which is to
//! enrol templates, can be done twice: so a process that dies anywhere goes on where it was.

mod biometric;
mod demographic;
mod error;
mod id;
mod issue;
mod packet;
mod portrait;
mod process;
mod quality;
mod receive;
mod record;
mod rejection;
mod validate;

pub use error::RegistrationError;
pub use id::{RegistrationId, RegistrationIdError};
pub use packet::{Enclosure, EnclosureContent, Operator, Packet, PacketError, PacketKind};
pub use receive::Receipt;
pub use record::{Enclosed, Registration, Stage, Step};
pub use rejection::Rejection;

pub(crate) use biometric::reference;
pub(crate) use process::Turn;
pub(crate) use validate::merged;
