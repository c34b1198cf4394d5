//! Every stage of an extraction, written down.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use whorl_extractors::face::{self, Face};
use whorl_extractors::iris::{Eye, Strip};
use whorl_extractors::{fingerprint, iris};
use whorl_formats::image::encode_png;
use whorl_service::sample::{Content, Faces, Instance, SampleError};
use whorl_types::{FaceMeasures, GreyImage, IrisMeasures, Minutia, Pixels, Ppi, Template};

use crate::console::Described;
use crate::draw::{self, Picture, Shown, Sight};

/// Writes pictures of the stages into a folder, numbered in their order.
struct Stages {
    folder: PathBuf,
    count: usize,
    /// What is drawn of an eye in the end.
    sight: Sight,
    /// The first failure to write; a trace cannot stop an extraction.
    fault: anyhow::Result<()>,
}

/// Extracts `content` and writes what happens on the way into `folder`, and last an SVG of what was found.
///
/// # Errors
/// The outer error where `folder` cannot be written, the inner one where the sample yields no template.
pub(super) fn extract(content: Content, faces: &Faces, folder: &Path) -> anyhow::Result<Result<Instance, SampleError>> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let (picture, sight) = match &content {
        Content::Sample { sample, .. } => {
            (Picture::embed(&sample.image, sample.capture.ppi), Sight::of_size(&sample.image))
        }
        Content::Template(_) => (Picture::None, Sight::default()),
    };
    let mut stages = Stages { folder: folder.to_owned(), count: 0, sight, fault: Ok(()) };
    let instance = content.extract(faces, &mut stages);
    if let Ok(instance) = &instance {
        stages.drawing(instance, picture);
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

    fn picture(&mut self, stage: &str, image: &GreyImage, ppi: Option<Ppi>) {
        let name = self.numbered(stage, "png");
        self.write(&name, &encode_png(image, ppi));
    }

    /// What a quality was made of.
    fn measured(&mut self, named: &[(&str, u8)]) {
        let lines: Vec<String> = named.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        self.write("quality.txt", lines.concat().as_bytes());
    }

    /// What was found, drawn on the picture.
    fn drawing(&mut self, instance: &Instance, picture: Picture) {
        let Instance { position, template, .. } = instance;
        let caption = format!("{position}: quality {}, {}", template.quality().get(), Described::new(instance));
        let drawing = draw::one(&Shown { template, picture, sight: self.sight.clone(), caption });
        let name = match template {
            Template::Finger(_) => "minutiae.svg",
            Template::Iris(_) => "eye.svg",
            Template::Face(_) => "face.svg",
        };
        self.write(name, drawing.file().as_bytes());
    }
}

impl fingerprint::Trace for Stages {
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage) {
        self.picture(stage, &draw(), Some(Ppi::STANDARD));
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

    fn measures(&mut self, measures: &fingerprint::QualityMeasures) {
        self.write("quality.txt", format!("{measures:#?}\n").as_bytes());
    }
}

impl iris::Trace for Stages {
    fn image(&mut self, stage: &'static str, draw: impl FnOnce() -> GreyImage) {
        self.picture(stage, &draw(), None);
    }

    fn eye(&mut self, eye: &Eye) {
        iris::Trace::eye(&mut self.sight, eye);
    }

    fn visible(&mut self, draw: impl FnOnce() -> GreyImage) {
        self.picture("visible", &draw(), None);
    }

    fn strip(&mut self, strip: &Strip) {
        iris::Trace::strip(&mut self.sight, strip);
        self.picture("strip", &strip.to_grey(), None);
    }

    fn measures(&mut self, measures: &IrisMeasures) {
        self.measured(&measures.named());
    }
}

impl face::Trace for Stages {
    fn faces(&mut self, faces: &[Face], quarter_turns: u8) {
        face::Trace::faces(&mut self.sight, faces, quarter_turns);
        let mut text = String::from("x_px,y_px,width_px,height_px,score,points\n");
        for Face { bounds, points, score } in faces {
            let points = points.map(|[x, y]| format!("{x:.1} {y:.1}")).join("; ");
            let (x, y, width, height) = (bounds.x_px, bounds.y_px, bounds.width_px, bounds.height_px);
            writeln!(text, "{x:.1},{y:.1},{width:.1},{height:.1},{score:.3},{points}")
                .expect("writing to a string does not fail");
        }
        let name = self.numbered(&format!("faces-turned-{}", 90 * u32::from(quarter_turns)), "csv");
        self.write(&name, text.as_bytes());
    }

    fn chosen(&mut self, face: &Face, quarter_turns: u8) {
        face::Trace::chosen(&mut self.sight, face, quarter_turns);
    }

    fn crop(&mut self, crop: &Pixels) {
        face::Trace::crop(&mut self.sight, crop);
        let name = self.numbered("crop", "png");
        self.write(&name, &encode_png(crop, None));
    }

    fn attack(&mut self, probability: f32) {
        self.write(
            "attack.txt",
            format!("probability that this is a picture of a face: {probability:.3}\n").as_bytes(),
        );
    }

    fn measures(&mut self, measures: &FaceMeasures) {
        self.measured(&measures.named());
    }
}
