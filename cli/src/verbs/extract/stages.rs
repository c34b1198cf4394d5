//! Every stage of an extraction, written down.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use whorl_extractors::fingerprint::{QualityMeasures, Trace};
use whorl_formats::image::encode_png;
use whorl_service::sample::{Content, Instance, SampleError};
use whorl_types::{GreyImage, Minutia, Ppi};

use crate::draw::{self, Picture, Print};

/// Writes pictures of the stages into a folder, numbered in their order.
struct Stages {
    folder: PathBuf,
    count: usize,
    /// The first failure to write; a trace cannot stop an extraction.
    fault: anyhow::Result<()>,
}

/// Extracts `content` and writes what happens on the way into `folder`, and last an SVG of the minutiae.
///
/// # Errors
/// The outer error where `folder` cannot be written, the inner one where the sample yields no template.
pub(super) fn extract(content: Content, folder: &Path) -> anyhow::Result<Result<Instance, SampleError>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let picture = match &content {
        Content::Sample(sample) => Picture::embed(&sample.image, sample.capture.ppi),
        Content::Template(_) => Picture::None,
    };
    let mut stages = Stages { folder: folder.to_owned(), count: 0, fault: Ok(()) };
    let instance = content.extract(&mut stages);
    if let Ok(Instance { template, position }) = &instance {
        let (quality, count) = (template.quality().get(), template.minutiae().len());
        let caption = format!("{position}: quality {quality}, {count} minutiae");
        stages.write("minutiae.svg", draw::print(&Print { template, picture, caption }).file().as_bytes());
    }
    stages.fault?;
    Ok(instance)
}

impl Stages {
    fn write(&mut self, name: &str, bytes: &[u8]) {
        if self.fault.is_ok() {
            let path = self.folder.join(name);
            self.fault = fs::write(&path, bytes).with_context(|| format!("cannot write the stage {}", path.display()));
        }
    }

    fn numbered(&mut self, stage: &str, ending: &str) -> String {
        self.count += 1;
        format!("{:02}-{}.{ending}", self.count, stage.replace([' ', '/'], "-"))
    }
}

impl Trace for Stages {
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage) {
        let name = self.numbered(stage, "png");
        self.write(&name, &encode_png(&draw(), Some(Ppi::STANDARD)));
    }

    fn minutiae(&mut self, stage: &'static str, list: impl FnOnce() -> Vec<Minutia>) {
        let mut text = String::from("x_px,y_px,angle_256,kind,quality\n");
        for Minutia { x_px8, y_px8, angle, kind, quality } in list() {
            let (x, y) = (f32::from(x_px8) / 8.0, f32::from(y_px8) / 8.0);
            let kind = draw::kind_name(kind);
            writeln!(text, "{x},{y},{angle},{kind},{}", quality.get()).expect("writing to a string does not fail");
        }
        let name = self.numbered(stage, "csv");
        self.write(&name, text.as_bytes());
    }

    fn measures(&mut self, measures: &QualityMeasures) {
        self.write("quality.txt", format!("{measures:#?}\n").as_bytes());
    }
}
