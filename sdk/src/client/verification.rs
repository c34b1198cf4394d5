//! Is this the person he claims to be.

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::verification_service_client::VerificationServiceClient;
use whorl_types::{Decision, Fmr, ReferenceId};

use super::error::ClientError;
use super::evidence::{Evidence, evidence};
use super::retry::Repeat;
use super::sample::{Sample, SampleRefusal, each};
use super::vocabulary::told_decision;
use super::{Client, MAX_ANSWER_BYTES};

/// How much evidence makes one person; what is left out is as the server's configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Threshold {
    /// How often a stranger may pass.
    pub target_fmr: Option<Fmr>,
    /// Whether eyes are also compared as a mirror shows them.
    pub mirrored: bool,
}

/// What is to be said of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// What follows.
    pub decision: Decision,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Samples that gave no template.
    pub refusals: Vec<SampleRefusal>,
}

/// What is to be said of two sets of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What follows.
    pub decision: Decision,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Samples of the probe that gave no template.
    pub probe_refusals: Vec<SampleRefusal>,
    /// Samples of the reference that gave no template.
    pub reference_refusals: Vec<SampleRefusal>,
}

impl Client {
    /// Compares samples with what is enrolled of `id` in `gallery`.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::NotEnrolled`](super::Reason::NotEnrolled) where he is not there.
    pub async fn verify(
        &self,
        gallery: &str,
        id: &ReferenceId,
        samples: Vec<Sample>,
        threshold: Threshold,
    ) -> Result<Verified, ClientError> {
        let Threshold { target_fmr, mirrored } = threshold;
        let (gallery, id, target_fmr) = (gallery.to_owned(), id.to_string(), target_fmr.map(Fmr::get));
        let message = v1::VerifyRequest { gallery, id, samples: each(samples), target_fmr, mirrored };
        let send = |channel, request| async move { service(channel).verify(request).await };
        let told = self.call(message, Repeat::Freely, send).await?;
        Ok(Verified {
            decision: told_decision(told.decision)?,
            evidence: evidence(told.evidence)?,
            refusals: each(told.refusals),
        })
    }

    /// Compares two sets of samples, each 1 to 64; no gallery is asked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn compare(
        &self,
        probe: Vec<Sample>,
        reference: Vec<Sample>,
        threshold: Threshold,
    ) -> Result<Compared, ClientError> {
        let Threshold { target_fmr, mirrored } = threshold;
        let (probe, reference, target_fmr) = (each(probe), each(reference), target_fmr.map(Fmr::get));
        let message = v1::CompareRequest { probe, reference, target_fmr, mirrored };
        let send = |channel, request| async move { service(channel).compare(request).await };
        let told = self.call(message, Repeat::Freely, send).await?;
        Ok(Compared {
            decision: told_decision(told.decision)?,
            evidence: evidence(told.evidence)?,
            probe_refusals: each(told.probe_refusals),
            reference_refusals: each(told.reference_refusals),
        })
    }
}

fn service(channel: Channel) -> VerificationServiceClient<Channel> {
    VerificationServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}
