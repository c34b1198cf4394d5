//! What samples show, without a gallery.

use std::fmt;

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::extraction_service_client::ExtractionServiceClient;
use whorl_types::{Modality, Position, Quality};

use super::error::ClientError;
use super::retry::Repeat;
use super::sample::{Sample, SampleRefusal, each};
use super::vocabulary::{told_modality, told_position};
use super::{Client, MAX_ANSWER_BYTES};

/// Templates of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// In the order of the samples.
    pub templates: Vec<ExtractedTemplate>,
    /// Samples that gave none.
    pub refusals: Vec<SampleRefusal>,
}

/// A template of a sample.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtractedTemplate {
    /// The number of the sample, from 0.
    pub sample: usize,
    /// What it shows.
    pub modality: Modality,
    /// Which finger, eye or face.
    pub position: Position,
    /// The template in Whorl's format.
    pub template: Vec<u8>,
    /// What the sample is worth, where it is known.
    pub quality: Option<Quality>,
}

/// What samples are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// Those that can be used, in the order of the samples.
    pub assessments: Vec<Assessment>,
    /// Those that cannot.
    pub refusals: Vec<SampleRefusal>,
}

/// What a sample is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The number of the sample, from 0.
    pub sample: usize,
    /// What it shows.
    pub modality: Modality,
    /// Which finger, eye or face.
    pub position: Position,
    /// What it is worth, where it is known.
    pub quality: Option<Quality>,
    /// The algorithm that says so.
    pub algorithm: String,
}

impl Client {
    /// Makes templates of 1 to 64 samples, where the server's policy lets them out.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn extract(&self, samples: Vec<Sample>) -> Result<Extracted, ClientError> {
        let message = v1::ExtractRequest { samples: each(samples) };
        let send = |channel, request| async move { service(channel).extract(request).await };
        let told = self.call(message, Repeat::Freely, send).await?;
        let templates = told.templates.into_iter().map(template).collect::<Result<_, _>>()?;
        Ok(Extracted { templates, refusals: each(told.refusals) })
    }

    /// Says what 1 to 64 samples are worth, for a station that may capture again.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn assess(&self, samples: Vec<Sample>) -> Result<Assessed, ClientError> {
        let message = v1::AssessRequest { samples: each(samples) };
        let send = |channel, request| async move { service(channel).assess(request).await };
        let told = self.call(message, Repeat::Freely, send).await?;
        let assessments = told.assessments.into_iter().map(assessment).collect::<Result<_, _>>()?;
        Ok(Assessed { assessments, refusals: each(told.refusals) })
    }
}

fn service(channel: Channel) -> ExtractionServiceClient<Channel> {
    ExtractionServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

fn template(told: v1::ExtractedTemplate) -> Result<ExtractedTemplate, ClientError> {
    Ok(ExtractedTemplate {
        sample: told.sample as usize,
        modality: told_modality(told.modality)?,
        position: told_position(told.position)?,
        quality: told.quality.map(quality).transpose()?,
        template: told.template.into(),
    })
}

fn assessment(told: v1::Assessment) -> Result<Assessment, ClientError> {
    Ok(Assessment {
        sample: told.sample as usize,
        modality: told_modality(told.modality)?,
        position: told_position(told.position)?,
        quality: told.quality.map(quality).transpose()?,
        algorithm: told.algorithm,
    })
}

fn quality(told: u32) -> Result<Quality, ClientError> {
    let quality = u8::try_from(told).ok().and_then(|value| Quality::new(value).ok());
    quality.ok_or(ClientError::Answer("quality"))
}

impl fmt::Debug for ExtractedTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractedTemplate")
            .field("sample", &self.sample)
            .field("position", &self.position)
            .field("bytes", &self.template.len())
            .finish_non_exhaustive()
    }
}
