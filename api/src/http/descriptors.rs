//! The API as data: services, methods, messages and enums with the comments that stand in the `.proto` files.

use std::collections::BTreeMap;

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet};
use prost_types::{MethodDescriptorProto, ServiceDescriptorProto};
use whorl_proto::v1::DESCRIPTORS;

use super::names;

// The numbers of fields in `descriptor.proto`, of which the paths to what a comment belongs to are made.
const MESSAGES_OF_FILE: i32 = 4;
const ENUMS_OF_FILE: i32 = 5;
const SERVICES_OF_FILE: i32 = 6;
const MEMBERS: i32 = 2;

/// Everything that can be asked, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The services.
    pub services: Vec<Service>,
    /// The messages, by name.
    pub messages: BTreeMap<String, Message>,
    /// The enums, by name.
    pub enums: BTreeMap<String, Enumeration>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The package that it is of.
    pub package: String,
    /// Such as `EnrolmentService`.
    pub name: String,
    /// What it is for.
    pub comment: String,
    /// What it does.
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Such as `EnrolMany`.
    pub name: String,
    /// Its path of HTTP.
    pub path: String,
    /// What it does.
    pub comment: String,
    /// The message that it takes.
    pub takes: String,
    /// The message that it gives.
    pub gives: String,
    /// Whether it takes many.
    pub takes_stream: bool,
    /// Whether it gives many.
    pub gives_stream: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub comment: String,
    /// What is in it.
    pub fields: Vec<Field>,
}

/// A field of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As JSON calls it.
    pub name: String,
    /// What it means, in which unit and range.
    pub comment: String,
    /// What a value of it is.
    pub kind: Kind,
    /// Whether there may be many.
    pub repeated: bool,
    /// The group of which one field at most is set.
    pub one_of: Option<String>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number of 32 bits.
    Whole32 {
        /// Whether it may be negative.
        signed: bool,
    },
    /// A whole number of 64 bits, which JSON writes as text.
    Whole64 {
        /// Whether it may be negative.
        signed: bool,
    },
    /// A number of 32 bits with a binary point.
    Single,
    /// The same with 64 bits.
    Double,
    /// Text.
    Text,
    /// Bytes, which JSON writes in base64.
    Bytes,
    /// A word of an enum.
    Enum(String),
    /// A message.
    Message(String),
    /// Any object of JSON.
    Free,
}

/// The message that stands for any object of JSON.
const FREE: &str = ".google.protobuf.Struct";

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// What it is.
    pub comment: String,
    /// Its words and what they mean, "not stated" first.
    pub words: Vec<(String, String)>,
}

impl Api {
    /// What was compiled in.
    ///
    /// # Panics
    /// Where that is no set of descriptors, which the build would not have passed.
    #[must_use]
    pub fn compiled_in() -> Self {
        let set = FileDescriptorSet::decode(DESCRIPTORS).expect("the build wrote a set of descriptors");
        let mut api = Self::default();
        let is_ours =
            |file: &&FileDescriptorProto| names::PACKAGES.iter().any(|(package, _)| *package == file.package());
        for file in set.file.iter().filter(is_ours) {
            let comments = Comments::of(file);
            let services = file.service.iter().enumerate();
            api.services.extend(services.map(|(at, service)| comments.service(at, service, file.package())));
            let messages = file.message_type.iter().enumerate();
            api.messages
                .extend(messages.map(|(at, message)| (message.name().to_owned(), comments.message(at, message))));
            let enums = file.enum_type.iter().enumerate();
            api.enums.extend(enums.map(|(at, found)| (found.name().to_owned(), comments.enumeration(at, found))));
        }
        api
    }
}

/// The comments of a file, by the path to what they belong to.
struct Comments(BTreeMap<Vec<i32>, String>);

impl Comments {
    fn of(file: &FileDescriptorProto) -> Self {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        let comments = locations.map(|location| (location.path.clone(), in_one_line(location.leading_comments())));
        Self(comments.filter(|(_, comment)| !comment.is_empty()).collect())
    }

    fn at(&self, path: &[usize; 4]) -> String {
        self.0.get(&path.map(|part| part as i32)[..]).cloned().unwrap_or_default()
    }

    fn member(&self, group: i32, at: usize, member: usize) -> String {
        self.at(&[group as usize, at, MEMBERS as usize, member])
    }

    fn whole(&self, group: i32, at: usize) -> String {
        self.0.get(&[group, at as i32][..]).cloned().unwrap_or_default()
    }

    fn service(&self, at: usize, service: &ServiceDescriptorProto, package: &str) -> Service {
        let method = |(member, method): (usize, &MethodDescriptorProto)| Method {
            name: method.name().to_owned(),
            path: names::http_path_of(package, service.name(), method.name()),
            comment: self.member(SERVICES_OF_FILE, at, member),
            takes: last_part(method.input_type()),
            gives: last_part(method.output_type()),
            takes_stream: method.client_streaming(),
            gives_stream: method.server_streaming(),
        };
        Service {
            package: package.to_owned(),
            name: service.name().to_owned(),
            comment: self.whole(SERVICES_OF_FILE, at),
            methods: service.method.iter().enumerate().map(method).collect(),
        }
    }

    fn message(&self, at: usize, message: &DescriptorProto) -> Message {
        let field = |(member, field): (usize, &FieldDescriptorProto)| Field {
            name: field.json_name().to_owned(),
            comment: self.member(MESSAGES_OF_FILE, at, member),
            kind: kind(field),
            repeated: field.label() == Label::Repeated,
            one_of: one_of(message, field),
        };
        Message {
            comment: self.whole(MESSAGES_OF_FILE, at),
            fields: message.field.iter().enumerate().map(field).collect(),
        }
    }

    fn enumeration(&self, at: usize, found: &EnumDescriptorProto) -> Enumeration {
        let words = found.value.iter().enumerate();
        Enumeration {
            comment: self.whole(ENUMS_OF_FILE, at),
            words: words
                .map(|(member, value)| (value.name().to_owned(), self.member(ENUMS_OF_FILE, at, member)))
                .collect(),
        }
    }
}

/// The group of `field`; that of an optional field is no group but how optional fields are written down.
fn one_of(message: &DescriptorProto, field: &FieldDescriptorProto) -> Option<String> {
    let at = field.oneof_index.filter(|_| !field.proto3_optional())?;
    message.oneof_decl.get(at as usize).map(|group| group.name().to_owned())
}

fn kind(field: &FieldDescriptorProto) -> Kind {
    match field.r#type() {
        Type::Bool => Kind::Flag,
        Type::Int32 | Type::Sint32 | Type::Sfixed32 => Kind::Whole32 { signed: true },
        Type::Uint32 | Type::Fixed32 => Kind::Whole32 { signed: false },
        Type::Int64 | Type::Sint64 | Type::Sfixed64 => Kind::Whole64 { signed: true },
        Type::Uint64 | Type::Fixed64 => Kind::Whole64 { signed: false },
        Type::Float => Kind::Single,
        Type::Double => Kind::Double,
        Type::String => Kind::Text,
        Type::Bytes => Kind::Bytes,
        Type::Enum => Kind::Enum(last_part(field.type_name())),
        Type::Message | Type::Group if field.type_name() == FREE => Kind::Free,
        Type::Message | Type::Group => Kind::Message(last_part(field.type_name())),
    }
}

/// `EnrolRequest` of `.whorl.v1.EnrolRequest`.
fn last_part(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

fn in_one_line(comment: &str) -> String {
    comment.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_comment_and_what_is_named_is_there() {
        let api = Api::compiled_in();
        assert!(api.services.len() >= 6 && api.messages.len() > 60 && api.enums.len() >= 9);
        for service in &api.services {
            assert!(!service.comment.is_empty(), "{}", service.name);
            for method in &service.methods {
                assert!(!method.comment.is_empty(), "{}", method.name);
                assert!(api.messages.contains_key(&method.takes) && api.messages.contains_key(&method.gives));
            }
        }
        let fields = api.messages.values().flat_map(|message| &message.fields);
        for field in fields {
            assert!(!field.comment.is_empty(), "{}", field.name);
            match &field.kind {
                Kind::Message(name) => assert!(api.messages.contains_key(name), "{name}"),
                Kind::Enum(name) => assert!(api.enums.contains_key(name), "{name}"),
                Kind::Flag
                | Kind::Whole32 { .. }
                | Kind::Whole64 { .. }
                | Kind::Single
                | Kind::Double
                | Kind::Text
                | Kind::Bytes
                | Kind::Free => {}
            }
        }
    }

    #[test]
    fn fields_are_told_as_json_writes_them() {
        let api = Api::compiled_in();
        let field = |message: &str, name: &str| {
            let found = api.messages[message].fields.iter().find(|field| field.name == name);
            found.unwrap_or_else(|| panic!("{message}.{name}")).clone()
        };
        assert_eq!(field("EnrolRequest", "idempotencyKey").kind, Kind::Text);
        assert!(field("EnrolRequest", "samples").repeated);
        assert_eq!(field("EnrolManyResponse", "problem").one_of.as_deref(), Some("result"));
        assert_eq!(field("Sample", "ppi").one_of, None);
        assert_eq!(field("Coverage", "references").kind, Kind::Whole64 { signed: false });
        assert_eq!(field("RegisterRequest", "demographics").kind, Kind::Free);
    }
}
