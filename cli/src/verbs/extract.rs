//! `whorl extract`: images to templates.

mod stages;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;
use whorl_extractors::fingerprint::NoTrace;
use whorl_formats::minutiae::{self, Finger, MinutiaeRecord};
use whorl_formats::template;
use whorl_service::sample::{self, Content, Instance, SampleError};
use whorl_service::{Engine, Omission, Watch};
use whorl_types::{FingerTemplate, PpiSource};

use crate::arguments::Captured;
use crate::console::{Console, LeftOut, Show, Table};
use crate::outcome::Outcome;

const EXAMPLES: &str = "\
Examples:
  whorl extract prints/*.png --out templates
  whorl extract scan.wsq --out templates --format iso19794-2 --position right-index
  whorl extract bad.png --out templates --trace stages       # every stage as a picture, minutiae as an SVG

One file is written for each finger, named after its image: NAME.whorl, NAME.fmr (ISO/IEC 19794-2) or NAME.ansi-fmr
(ANSI/INCITS 378). An image without usable ridges is refused with its reason, and the others go on.";

/// Turn images into templates, and say how good they are
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Extract {
    /// Images: PNG, JPEG, BMP, TIFF, PGM, JPEG 2000, WSQ; or ISO/IEC 19794-4 records, of which every finger is extracted
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,

    /// Folder for the templates; made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Whorl)]
    format: Format,

    #[command(flatten)]
    captured: Captured,

    /// Also write each stage of the extraction as PNG, and the minutiae as SVG, into a folder an image below this one
    #[arg(long, value_name = "DIR")]
    trace: Option<PathBuf>,
}

/// How a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Whorl's own: everything that comparison uses
    Whorl,
    /// ISO/IEC 19794-2:2005 minutiae record
    #[value(name = "iso19794-2")]
    Iso19794,
    /// ANSI/INCITS 378-2004 minutiae record
    Ansi378,
}

/// What came of all images.
#[derive(Debug, Serialize)]
struct Extracted {
    templates: Vec<Written>,
    left_out: LeftOut,
}

/// One template.
#[derive(Debug, Serialize)]
struct Written {
    image: PathBuf,
    template: PathBuf,
    position: &'static str,
    quality: u8,
    minutiae: usize,
    /// Where the sampling rate came from: `stated` or `estimated`.
    ppi: &'static str,
    bytes: usize,
}

impl Extract {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let engine = Engine::new(threads)?;
        let bars = console.bars();
        bars.begin("extracting", self.images.len());
        let names = distinct_names(&self.images);
        let done: Vec<anyhow::Result<Result<Vec<Written>, SampleError>>> = engine.install(|| {
            let work = self.images.par_iter().zip(&names).map(|(image, name)| {
                let written = self.one(image, name);
                bars.advance(1);
                written
            });
            work.collect()
        });
        drop(bars);
        let (mut templates, mut omissions) = (Vec::new(), Vec::new());
        for (image, done) in self.images.iter().zip(done) {
            match done? {
                Ok(written) => templates.extend(written),
                Err(error) => {
                    omissions.push(Omission { what: image.display().to_string(), line: None, reason: error.into() });
                }
            }
        }
        let left_out = LeftOut::tell(&omissions, &self.out.join("left-out.csv"))?;
        let outcome = Outcome::of(templates.len(), left_out.count);
        console.print(&Extracted { templates, left_out })?;
        Ok(outcome)
    }

    /// Extracts one image; the outer error is that of writing, which ends the run.
    fn one(&self, image: &Path, name: &str) -> anyhow::Result<Result<Vec<Written>, SampleError>> {
        let contents = match sample::read(image).and_then(|bytes| sample::decode(&bytes, &self.captured.into())) {
            Ok(contents) => contents,
            Err(error) => return Ok(Err(error)),
        };
        let several = contents.len() > 1;
        let mut written = Vec::new();
        for (at, content) in contents.into_iter().enumerate() {
            let name = if several { format!("{name}-{}-{}", at + 1, content.position()) } else { name.to_owned() };
            match self.finger(content, &name)? {
                Ok(instance) => written.push(self.write(image, &name, &instance)?),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(written))
    }

    fn finger(&self, content: Content, name: &str) -> anyhow::Result<Result<Instance, SampleError>> {
        match &self.trace {
            Some(folder) => stages::extract(content, &folder.join(name)),
            None => Ok(content.extract(&mut NoTrace)),
        }
    }

    fn write(&self, image: &Path, name: &str, instance: &Instance) -> anyhow::Result<Written> {
        let bytes = self.format.encode(instance);
        let path = self.out.join(format!("{name}.{}", self.format.ending()));
        fs::write(&path, &bytes).with_context(|| format!("cannot write the template {}", path.display()))?;
        let template = &instance.template;
        Ok(Written {
            image: image.to_owned(),
            template: path,
            position: instance.position.name(),
            quality: template.quality().get(),
            minutiae: template.minutiae().len(),
            ppi: ppi_source(template),
            bytes: bytes.len(),
        })
    }
}

/// `stated` or `estimated`.
fn ppi_source(template: &FingerTemplate) -> &'static str {
    match template.ppi_source() {
        PpiSource::Stated => "stated",
        PpiSource::Estimated => "estimated",
    }
}

impl Format {
    fn encode(self, instance: &Instance) -> Vec<u8> {
        let foreign = |format| {
            let finger = Finger::of_template(instance.position, &instance.template);
            MinutiaeRecord::of_fingers(format, &[finger]).expect("one finger with at most 96 minutiae fits a record")
        };
        match self {
            Self::Whorl => template::finger::encode(&instance.template),
            Self::Iso19794 => foreign(minutiae::Format::Iso2005).encode(),
            Self::Ansi378 => foreign(minutiae::Format::Ansi2004).encode(),
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Whorl => "whorl",
            Self::Iso19794 => "fmr",
            Self::Ansi378 => "ansi-fmr",
        }
    }
}

/// The file names of `images` without their endings; a name that was there before gets a number.
fn distinct_names(images: &[PathBuf]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |image: &PathBuf| {
        let stem = image.file_stem().map_or_else(|| "image".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let count = seen.entry(stem.clone()).or_default();
        *count += 1;
        if *count == 1 { stem } else { format!("{stem}~{count}") }
    };
    images.iter().map(name).collect()
}

impl Show for Extracted {
    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(["template", "position", "quality", "minutiae", "ppi", "bytes"]);
        for written in &self.templates {
            let Written { template, position, quality, minutiae, ppi, bytes, .. } = written;
            table.push([
                template.display().to_string(),
                (*position).to_owned(),
                quality.to_string(),
                minutiae.to_string(),
                (*ppi).to_owned(),
                bytes.to_string(),
            ]);
        }
        if self.templates.is_empty() { Ok(()) } else { table.write(out) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_one_name_do_not_overwrite_each_other() {
        let images = ["a/1.png", "b/1.png", "2.bmp", "c/1.tif"].map(PathBuf::from);
        assert_eq!(distinct_names(&images), ["1", "1~2", "2", "1~3"]);
    }
}
