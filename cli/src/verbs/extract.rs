//! `whorl extract`: images to templates.

mod format;
mod stages;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use whorl_service::sample::{self, Content, Faces, Instance, NoTrace, SampleError};
use whorl_service::{Omission, Watch};
use whorl_types::GreyImage;

use crate::arguments::{Captured, FaceModel};
use crate::console::{Console, Described, LeftOut, Show, Table};
use crate::outcome::Outcome;
use format::Format;

const EXAMPLES: &str = "\
Examples:
  whorl extract prints/*.png --out templates
  whorl extract scan.wsq --out templates --format iso19794-2 --position right-index
  whorl extract bad.png --out templates --trace stages       # every stage as a picture, minutiae as an SVG
  whorl extract eyes/*.png --out templates --modality iris --trace stages     # contours, masks, the iris unwrapped
  whorl extract faces/*.jpg --out templates --modality face --trace stages    # boxes, points, the aligned crop, quality

One file is written for each finger, eye or face, named after its image: NAME.whorl, NAME.fmr (ISO/IEC 19794-2), NAME.ansi-fmr
(ANSI/INCITS 378) or, with the picture of an eye, NAME.iir (ISO/IEC 19794-6); several of one record are NAME-1-POSITION and so
on. Pictures are taken for prints unless --modality iris or face, or --position left or right, says otherwise; records and templates say
themselves what they are. An image without usable ridges, or without an eye, is refused with its reason,
and the others go on, those of the same record too.";

/// Turn images into templates, and say how good they are
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Extract {
    /// Images: PNG, JPEG, BMP, TIFF, PGM, JPEG 2000, WSQ; or ISO/IEC 19794-4 or -6 records, of which everything is extracted
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,

    /// Folder for the templates; made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Whorl)]
    format: Format,

    #[command(flatten)]
    faces: FaceModel,

    #[command(flatten)]
    captured: Captured,

    /// Also write each stage of the extraction as PNG, and the minutiae or the eye's contours as SVG, into a folder an image
    /// below this one
    #[arg(long, value_name = "DIR")]
    trace: Option<PathBuf>,
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
    #[serde(flatten)]
    described: Described,
    bytes: usize,
}

impl Extract {
    pub(crate) fn run(&self, console: Console, threads: usize) -> anyhow::Result<Outcome> {
        fs::create_dir_all(&self.out).with_context(|| format!("cannot make the folder {}", self.out.display()))?;
        let engine = self.faces.engine(threads)?;
        let bars = console.bars();
        bars.begin("extracting", self.images.len());
        let names = distinct_names(&self.images);
        let done: Vec<anyhow::Result<Vec<Result<Written, SampleError>>>> = engine.install(|| {
            let work = self.images.par_iter().zip(&names).map(|(image, name)| {
                let written = self.one(engine.faces(), image, name);
                bars.advance(1);
                written
            });
            work.collect()
        });
        drop(bars);
        let (mut templates, mut omissions, mut advice) = (Vec::new(), Vec::new(), None);
        for (image, done) in self.images.iter().zip(done) {
            for one in done? {
                match one {
                    Ok(written) => templates.push(written),
                    Err(error) => {
                        advice = advice.or(self.captured.advice(&error));
                        omissions.push(Omission::of_file(image, error));
                    }
                }
            }
        }
        let left_out = LeftOut::tell(&omissions, &self.out.join("left-out.csv"))?;
        if let Some(advice) = advice {
            console.note(format_args!("note: {advice}"));
        }
        let outcome = Outcome::of(templates.len(), left_out.count);
        console.print(&Extracted { templates, left_out })?;
        Ok(outcome)
    }

    /// Extracts everything in one image; the outer error is that of writing, which ends the run.
    fn one(&self, faces: &Faces, image: &Path, name: &str) -> anyhow::Result<Vec<Result<Written, SampleError>>> {
        let contents = sample::open(image, |bytes| self.captured.of(bytes));
        let several = contents.len() > 1;
        let write = |(content, number): (Result<Content, SampleError>, usize)| {
            let content = match content {
                Ok(content) => content,
                Err(error) => return Ok(Err(error)),
            };
            let name = if several { format!("{name}-{number}-{}", content.position()) } else { name.to_owned() };
            let picture = self.format.picture(&content);
            match self.instance(content, faces, &name)? {
                Ok(instance) => self.write((image, &name), &instance, picture.as_ref()).map(Ok),
                Err(error) => Ok(Err(error)),
            }
        };
        contents.into_iter().zip(1..).map(write).collect()
    }

    fn instance(&self, content: Content, faces: &Faces, name: &str) -> anyhow::Result<Result<Instance, SampleError>> {
        match &self.trace {
            Some(folder) => stages::extract(content, faces, &folder.join(name)),
            None => Ok(content.extract(faces, &mut NoTrace)),
        }
    }

    fn write(
        &self,
        (image, name): (&Path, &str),
        instance: &Instance,
        picture: Option<&GreyImage>,
    ) -> anyhow::Result<Written> {
        let bytes =
            self.format.encode(instance, picture).with_context(|| format!("{} was not written", image.display()))?;
        let path = self.out.join(format!("{name}.{}", self.format.ending()));
        fs::write(&path, &bytes).with_context(|| format!("cannot write the template {}", path.display()))?;
        let described = Described::new(instance);
        Ok(Written { image: image.to_owned(), template: path, described, bytes: bytes.len() })
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
        let mut table = Table::new(["template", "of", "position", "quality", "shows", "bytes"]);
        for Written { template, described, bytes, .. } in &self.templates {
            table.push([
                template.display().to_string(),
                described.modality.to_owned(),
                described.position.to_owned(),
                described.quality.to_string(),
                described.to_string(),
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
