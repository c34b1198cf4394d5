//! What holds samples and templates prints sizes, never content.

use std::fmt::{Debug, Formatter, Result};

use crate::v1::{EnrolledTemplate, ExportGalleryResponse, ExtractedTemplate, Sample};

impl Debug for Sample {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Sample")
            .field("bytes", &self.data.len())
            .field("modality", &self.modality())
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

impl Debug for EnrolledTemplate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("EnrolledTemplate")
            .field("position", &self.position())
            .field("bytes", &self.template.len())
            .finish_non_exhaustive()
    }
}

impl Debug for ExtractedTemplate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("ExtractedTemplate")
            .field("sample", &self.sample)
            .field("position", &self.position())
            .field("bytes", &self.template.len())
            .finish_non_exhaustive()
    }
}

impl Debug for ExportGalleryResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("ExportGalleryResponse").field("bytes", &self.piece.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_and_templates_print_sizes_only() {
        let secret = || b"SECRET-RIDGES".to_vec();
        let sample = format!("{:?}", Sample { data: secret().into(), ..Sample::default() });
        let enrolled = format!("{:?}", EnrolledTemplate { template: secret().into(), ..EnrolledTemplate::default() });
        let extracted =
            format!("{:?}", ExtractedTemplate { template: secret().into(), ..ExtractedTemplate::default() });
        let exported = format!("{:?}", ExportGalleryResponse { piece: secret().into() });
        for printed in [sample, enrolled, extracted, exported] {
            assert!(
                printed.contains("bytes: 13") && !printed.contains("SECRET") && !printed.contains("83"),
                "{printed}"
            );
        }
    }
}
