//! Compiles the `.proto` files by `protox`, so that no `protoc` is needed: messages, clients and servers, their JSON, and the set of
//! descriptors that reflection sends.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use prost::Message;

const FILES: [&str; 9] = [
    "whorl/v1/audit.proto",
    "whorl/v1/sample.proto",
    "whorl/v1/evidence.proto",
    "whorl/v1/enrolment.proto",
    "whorl/v1/identification.proto",
    "whorl/v1/verification.proto",
    "whorl/v1/extraction.proto",
    "whorl/v1/gallery.proto",
    "whorl/v1/deduplication.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=whorl");
    let descriptors = protox::Compiler::new(["."])?
        .include_imports(true)
        .include_source_info(true)
        .open_files(FILES)?
        .file_descriptor_set();
    let bytes = descriptors.encode_to_vec();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("whorl.v1.descriptors"), &bytes)?;
    // Samples and templates are never printed, so what holds them has a `Debug` of its own in `hidden.rs`.
    tonic_prost_build::configure()
        .bytes(".")
        .skip_debug([
            ".whorl.v1.Sample",
            ".whorl.v1.EnrolledTemplate",
            ".whorl.v1.ExtractedTemplate",
            ".whorl.v1.ExportGalleryResponse",
        ])
        .compile_fds(descriptors)?;
    pbjson_build::Builder::new().register_descriptors(&bytes)?.build(&[".whorl.v1"])?;
    Ok(())
}
