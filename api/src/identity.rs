//! The identity layer behind the server: the services of `whorl.identity.v1`, and what works behind them.
//!
//! - [`Office`]: the layer, opened by the section `[identity]`, with the threads that work on registrations, delete what is kept too long
//!   and tell others what happened;
//! - [`Services`]: the methods; each takes a request apart, has the work done off the threads of the network, and is recorded in the
//!   audit with opaque names only: the id of a registration, a case, or a subject, never a name or a UIN.
//!
//! What this module is not: it knows no rule of registration; those are in `whorl_identity`.

mod adjudication;
mod authentication;
mod convert;
mod credential;
mod evidence;
mod failure;
mod hooks;
mod issuance;
mod lifecycle;
mod named;
mod office;
mod partner;
mod post;
mod records;
mod registration;
mod services;
mod shelf;
mod timer;
mod workers;

pub use hooks::HookError;
pub use office::{Office, OfficeError};
pub use services::Services;
pub use shelf::Published;
pub use whorl_identity::authentication::RefusalCode;
