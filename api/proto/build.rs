//! Compiles the `.proto` files by `protox`, so that no `protoc` is needed: messages, clients and servers, their JSON, and the set of
//! descriptors that reflection sends.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use prost::Message;
use prost_types::{DescriptorProto, FileDescriptorSet};

const FILES: [&str; 15] = [
    "whorl/v1/audit.proto",
    "whorl/v1/sample.proto",
    "whorl/v1/evidence.proto",
    "whorl/v1/enrolment.proto",
    "whorl/v1/identification.proto",
    "whorl/v1/verification.proto",
    "whorl/v1/extraction.proto",
    "whorl/v1/gallery.proto",
    "whorl/v1/deduplication.proto",
    "whorl/identity/v1/registration.proto",
    "whorl/identity/v1/adjudication.proto",
    "whorl/identity/v1/identity.proto",
    "whorl/identity/v1/issuance.proto",
    "whorl/identity/v1/authentication.proto",
    "whorl/identity/v1/partner.proto",
];

/// Its messages are of persons, so that none of them is printed but by its size.
const IDENTITY: &str = "whorl.identity.v1";

/// The message of free fields, and the type of ours that it becomes: one with JSON.
const STRUCT: (&str, &str) = (".google.protobuf.Struct", "crate::record::Struct");

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
    fs::write(out.join("whorl.identity.v1.debug.rs"), sizes_only(&descriptors))?;
    // Samples and templates are never printed, so what holds them has a `Debug` of its own in `hidden.rs`.
    tonic_prost_build::configure()
        .bytes(".")
        .skip_debug([
            ".whorl.v1.Sample",
            ".whorl.v1.EnrolledTemplate",
            ".whorl.v1.ExtractedTemplate",
            ".whorl.v1.ExportGalleryResponse",
        ])
        .skip_debug(of_persons(&descriptors).map(|name| format!(".{IDENTITY}.{name}")).collect::<Vec<_>>())
        .extern_path(STRUCT.0, STRUCT.1)
        .compile_fds(descriptors)?;
    pbjson_build::Builder::new()
        .register_descriptors(&bytes)?
        .extern_path(STRUCT.0, STRUCT.1)
        .build(&[".whorl.v1", ".whorl.identity.v1"])?;
    Ok(())
}

/// A `Debug` for every message of the identity API, which prints its name and its size.
fn sizes_only(descriptors: &FileDescriptorSet) -> String {
    let implementation = |name: &str| {
        format!(
            "impl std::fmt::Debug for {name} {{\n\
             fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n\
             write!(f, \"{name}({{}} bytes)\", prost::Message::encoded_len(self))\n}}\n}}\n"
        )
    };
    of_persons(descriptors).map(implementation).collect()
}

/// The names of the messages of the identity API.
fn of_persons(descriptors: &FileDescriptorSet) -> impl Iterator<Item = &str> {
    let files = descriptors.file.iter().filter(|file| file.package() == IDENTITY);
    files.flat_map(|file| &file.message_type).map(DescriptorProto::name)
}
