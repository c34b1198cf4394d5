//! Between the messages of the wire and the values of the engine. Generated types go no further than this folder and its parent.

mod evidence;
mod options;
mod samples;
mod vocabulary;

pub(super) use evidence::{candidate_list, evidence, gallery, verdict};
pub(super) use options::{checked_exceptions, checked_id, fmr, search};
pub(crate) use samples::capture;
pub(super) use samples::{Extracted, Taken, extract};
pub(crate) use vocabulary::{modality, position};
