//! How a template is written.

use anyhow::{Context, bail};
use clap::ValueEnum;
use whorl_formats::image_record::Edition;
use whorl_formats::iris_image::{IrisImageRecord, Picture};
use whorl_formats::minutiae::{self, Finger, MinutiaeRecord};
use whorl_formats::template;
use whorl_service::sample::{Content, Instance};
use whorl_types::{FingerTemplate, GreyImage, Position, Quality};

/// How a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Whorl's own: everything that comparison uses
    Whorl,
    /// Of a finger: ISO/IEC 19794-2:2005 minutiae record
    #[value(name = "iso19794-2")]
    Minutiae,
    /// Of a finger: ANSI/INCITS 378-2004 minutiae record
    Ansi378,
    /// Of an eye, which has no template for interchange: ISO/IEC 19794-6:2011 record of its picture
    #[value(name = "iso19794-6")]
    IrisImage,
}

impl Format {
    /// The picture of `content`, where this format keeps it.
    pub(super) fn picture(self, content: &Content) -> Option<GreyImage> {
        match content {
            Content::Sample { sample, .. } if self == Self::IrisImage => Some(sample.image.to_grey().into_owned()),
            Content::Sample { .. } | Content::Template(_) => None,
        }
    }

    /// The bytes of a template, or of the `picture` that it was made of.
    ///
    /// # Errors
    /// Where the format is not for what the template is of.
    pub(super) fn encode(self, instance: &Instance, picture: Option<&GreyImage>) -> anyhow::Result<Vec<u8>> {
        let Instance { position, template, .. } = instance;
        match (self, template.as_finger()) {
            (Self::Whorl, _) => Ok(template::encode(template)),
            (Self::Minutiae, Some(finger)) => Ok(minutiae(minutiae::Format::Iso2005, *position, finger)),
            (Self::Ansi378, Some(finger)) => Ok(minutiae(minutiae::Format::Ansi2004, *position, finger)),
            (Self::IrisImage, None) => iris_image(*position, template.quality(), picture),
            (Self::Minutiae | Self::Ansi378, None) => {
                bail!("an iris has no minutiae: use --format whorl or iso19794-6")
            }
            (Self::IrisImage, Some(_)) => bail!("a finger is no iris: use --format whorl, iso19794-2 or ansi378"),
        }
    }

    /// What the names of such files end with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Whorl => "whorl",
            Self::Minutiae => "fmr",
            Self::Ansi378 => "ansi-fmr",
            Self::IrisImage => "iir",
        }
    }
}

fn minutiae(format: minutiae::Format, position: Position, template: &FingerTemplate) -> Vec<u8> {
    let record = MinutiaeRecord::of_fingers(format, &[Finger::of_template(position, template)]);
    record.expect("one finger with at most 96 minutiae fits a record").encode()
}

fn iris_image(position: Position, quality: Quality, picture: Option<&GreyImage>) -> anyhow::Result<Vec<u8>> {
    let image = picture.context("a template has no picture to put into a record: give the picture")?;
    let picture = Picture { quality: Some(quality), ..Picture::png(position, image) };
    Ok(IrisImageRecord::of_pictures(Edition::Iso2011, vec![picture])?.encode())
}
