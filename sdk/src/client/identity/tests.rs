//! What the server offers, this client and the one in Python hold together.

use prost::Message;
use prost_types::{FileDescriptorSet, MethodDescriptorProto};

use super::RefusalCode;

const RUST: [&str; 6] = [
    include_str!("adjudication.rs"),
    include_str!("authentication.rs"),
    include_str!("issuance.rs"),
    include_str!("lifecycle.rs"),
    include_str!("partners.rs"),
    include_str!("registration.rs"),
];
const PYTHON: &str = include_str!("../../../python/whorl/identity/services.py");
const PYTHON_CODES: &str = include_str!("../../../python/whorl/identity/refusals.py");

/// The methods of the identity services, as the `.proto` files say.
fn described() -> Vec<MethodDescriptorProto> {
    let set = FileDescriptorSet::decode(whorl_proto::v1::DESCRIPTORS).expect("our own descriptors");
    let files = set.file.into_iter().filter(|file| file.package() == "whorl.identity.v1");
    files.flat_map(|file| file.service).flat_map(|service| service.method).collect()
}

/// A name in words with lines between, as `IssueCredential` is `issue_credential`.
fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !spelled.is_empty() {
            spelled.push('_');
        }
        spelled.push(letter.to_ascii_lowercase());
    }
    spelled
}

/// Whether this client asks a method again freely; none where it has no such method.
fn in_rust(method: &str) -> Option<bool> {
    let start = format!("    pub fn {method}(");
    let (_, rest) = RUST.iter().find_map(|source| source.split_once(&start))?;
    rest.split("\n    }\n").next().map(|body| body.contains("Repeat::Freely"))
}

/// Whether the client in Python does; none where it has no such method.
fn in_python(method: &str) -> Option<bool> {
    let (_, rest) = PYTHON.split_once(&format!("\n    {method} = _"))?;
    rest.split("\n    #").next().map(|entry| !entry.contains("WHEN_REFUSED"))
}

#[test]
fn every_method_of_the_server_is_here_and_in_python_and_is_asked_again_alike() {
    let described = described();
    assert!(described.len() > 30);
    for method in described {
        let name = spelled(method.name());
        let (rust, python) = (in_rust(&name), in_python(&name));
        assert!(rust.is_some(), "{name} is missing here");
        assert!(python.is_some(), "{name} is missing in Python");
        // Streams are not asked again in Python at all.
        assert!(method.server_streaming() || rust == python, "{name} is asked again otherwise in Python");
    }
    assert_eq!((in_rust("fly"), in_python("fly")), (None, None));
    assert_eq!((in_rust("get_case"), in_rust("decide_case")), (Some(true), Some(false)));
}

#[test]
fn every_code_of_a_refusal_is_known_in_python_by_the_same_name_and_no_others_are() {
    let (_, codes) = PYTHON_CODES.split_once("class RefusalCode(str, Enum):").expect("the class of codes");
    let told = codes.lines().filter_map(|line| line.trim().split_once(" = "));
    let told = told.map(|(name, word)| (name.to_lowercase(), word.trim_matches('"').to_owned()));
    let known = RefusalCode::ALL.map(|code| (spelled(&format!("{code:?}")), code.name().to_owned()));
    assert_eq!(told.collect::<Vec<_>>(), known);
}
