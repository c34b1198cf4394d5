//! The `.proto` files keep to one form, as Buf's standard rules ask, and everything in them says what it means.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto,
};
use whorl_proto::v1::DESCRIPTORS;

/// The shortest answer to what a field is; "Who." is one.
const LEAST_COMMENT_BYTES: usize = 4;

/// What a descriptor is called, by the path that its comment has in a file.
struct Named {
    path: Vec<i32>,
    name: String,
}

/// Our files and those that they import.
fn all_files() -> Vec<FileDescriptorProto> {
    FileDescriptorSet::decode(DESCRIPTORS).expect("the build wrote a set of descriptors").file
}

fn files() -> Vec<FileDescriptorProto> {
    let ours = all_files().into_iter().filter(|file| file.package().starts_with("whorl."));
    ours.collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Everything in `file` that has a name.
fn named(file: &FileDescriptorProto) -> Vec<Named> {
    let mut found = Vec::new();
    let mut note = |path: &[usize], name: String| {
        found.push(Named { path: path.iter().map(|part| *part as i32).collect(), name });
    };
    for (at, message) in file.message_type.iter().enumerate() {
        note(&[4, at], message.name().to_owned());
        let fields = message.field.iter().map(FieldDescriptorProto::name).enumerate();
        fields.for_each(|(member, name)| note(&[4, at, 2, member], format!("{}.{name}", message.name())));
        for (member, group) in message.oneof_decl.iter().enumerate() {
            // An optional field is written down as a group of its own, which nobody wrote a comment for.
            if !group.name().starts_with('_') {
                note(&[4, at, 8, member], format!("{}.{}", message.name(), group.name()));
            }
        }
    }
    for (at, found) in file.enum_type.iter().enumerate() {
        note(&[5, at], found.name().to_owned());
        let values = found.value.iter().map(EnumValueDescriptorProto::name).enumerate();
        values.for_each(|(member, name)| note(&[5, at, 2, member], name.to_owned()));
    }
    for (at, service) in file.service.iter().enumerate() {
        note(&[6, at], service.name().to_owned());
        let methods = service.method.iter().map(MethodDescriptorProto::name).enumerate();
        methods.for_each(|(member, name)| note(&[6, at, 2, member], format!("{}.{name}", service.name())));
    }
    found
}

fn is_pascal_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && !name.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_uppercase))
}

fn is_snake_case(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('_').all(word)
}

/// `DuplicateCheck` becomes `DUPLICATE_CHECK`.
fn in_upper_snake_case(name: &str) -> String {
    let parts = name.char_indices().map(|(at, letter)| {
        let gap = if at > 0 && letter.is_ascii_uppercase() { "_" } else { "" };
        format!("{gap}{}", letter.to_ascii_uppercase())
    });
    parts.collect()
}

#[test]
fn everything_has_a_comment_that_is_a_sentence() {
    let mut complaints = Vec::new();
    for file in files() {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        let comments: BTreeMap<&[i32], &str> =
            locations.map(|location| (location.path.as_slice(), location.leading_comments())).collect();
        for Named { path, name } in named(&file) {
            let comment = comments.get(path.as_slice()).map_or("", |comment| comment.trim());
            if !comment.ends_with('.') || comment.len() < LEAST_COMMENT_BYTES {
                complaints.push(format!("{}: {name}: \"{comment}\" is no sentence", file.name()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn names_have_the_form_of_their_kind() {
    let mut complaints = Vec::new();
    for file in files() {
        let services = file.service.iter();
        let types = file
            .message_type
            .iter()
            .map(DescriptorProto::name)
            .chain(file.enum_type.iter().map(EnumDescriptorProto::name));
        let methods = services.clone().flat_map(|service| service.method.iter().map(MethodDescriptorProto::name));
        let pascal = types.chain(services.clone().map(ServiceDescriptorProto::name)).chain(methods);
        complaints
            .extend(pascal.filter(|name| !is_pascal_case(name)).map(|name| format!("{name} is not in PascalCase")));
        let odd = services.map(ServiceDescriptorProto::name).filter(|name| !name.ends_with("Service"));
        complaints.extend(odd.map(|name| format!("{name} does not end with Service")));
        let members = file.message_type.iter().flat_map(|message| {
            let groups = message.oneof_decl.iter().map(|group| group.name().trim_start_matches('_'));
            message.field.iter().map(FieldDescriptorProto::name).chain(groups)
        });
        complaints
            .extend(members.filter(|name| !is_snake_case(name)).map(|name| format!("{name} is not in snake_case")));
    }
    assert_none(&complaints);
}

#[test]
fn an_enum_begins_with_what_is_not_stated_and_its_words_with_its_name() {
    let mut complaints = Vec::new();
    for found in files().iter().flat_map(|file| &file.enum_type) {
        let prefix = in_upper_snake_case(found.name());
        let first = found.value.first().map(|value| (value.name(), value.number()));
        if first != Some((&format!("{prefix}_UNSPECIFIED"), 0)) {
            complaints.push(format!("{} begins with {first:?}, not with {prefix}_UNSPECIFIED = 0", found.name()));
        }
        let others = found
            .value
            .iter()
            .map(EnumValueDescriptorProto::name)
            .filter(|name| !name.starts_with(&format!("{prefix}_")));
        complaints.extend(others.map(|name| format!("{name} does not begin with {prefix}_")));
    }
    assert_none(&complaints);
}

#[test]
fn every_method_has_a_request_and_an_answer_of_its_own_that_are_named_after_it() {
    let mut complaints = Vec::new();
    let mut taken = BTreeSet::new();
    for file in files() {
        for method in file.service.iter().flat_map(|service| &service.method) {
            for (found, suffix) in [(method.input_type(), "Request"), (method.output_type(), "Response")] {
                let expected = format!(".{}.{}{suffix}", file.package(), method.name());
                if found != expected {
                    complaints.push(format!("{} has {found} and not {expected}", method.name()));
                }
                if !taken.insert(found.to_owned()) {
                    complaints.push(format!("{found} is used by two methods"));
                }
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn a_file_lies_in_the_folder_of_its_package_and_its_name_is_in_snake_case() {
    let mut complaints = Vec::new();
    for file in files() {
        let (folder, name) = file.name().rsplit_once('/').unwrap_or(("", file.name()));
        if folder != file.package().replace('.', "/") {
            complaints.push(format!("{} holds the package {}", file.name(), file.package()));
        }
        if !name.strip_suffix(".proto").is_some_and(is_snake_case) {
            complaints.push(format!("{}: its name is not in snake_case", file.name()));
        }
        if file.syntax() != "proto3" {
            complaints.push(format!("{} is not in proto3", file.name()));
        }
    }
    assert_none(&complaints);
}

#[test]
fn nothing_is_nested_or_imported_in_vain() {
    let mut complaints = Vec::new();
    let (files, all) = (files(), all_files());
    let holds = |name: &str| -> BTreeSet<String> {
        let file = all.iter().find(|file| file.name() == name).expect("what is imported is in the set");
        let types = file
            .message_type
            .iter()
            .map(DescriptorProto::name)
            .chain(file.enum_type.iter().map(EnumDescriptorProto::name));
        types.map(|found| format!(".{}.{found}", file.package())).collect()
    };
    for file in &files {
        for message in &file.message_type {
            if !message.nested_type.is_empty() || !message.enum_type.is_empty() {
                complaints
                    .push(format!("{} has types within; the gateway's description knows of none", message.name()));
            }
        }
        let used: BTreeSet<&str> = file
            .message_type
            .iter()
            .flat_map(|message| message.field.iter().map(FieldDescriptorProto::type_name))
            .collect();
        for import in &file.dependency {
            if !holds(import).iter().any(|found| used.contains(found.as_str())) {
                complaints.push(format!("{} imports {import} and uses nothing of it", file.name()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn no_two_types_of_the_packages_have_one_name() {
    let files = files();
    let messages = files.iter().flat_map(|file| file.message_type.iter().map(DescriptorProto::name));
    let enums = files.iter().flat_map(|file| file.enum_type.iter().map(EnumDescriptorProto::name));
    let mut taken = BTreeSet::new();
    // The gateway describes both packages in one document.
    let twice: Vec<String> = messages
        .chain(enums)
        .filter(|name| !taken.insert(*name))
        .map(|name| format!("{name} is there twice"))
        .collect();
    assert_none(&twice);
}

#[test]
fn the_forms_are_told_apart() {
    assert!(
        is_pascal_case("EnrolMany")
            && !is_pascal_case("enrolMany")
            && !is_pascal_case("Enrol_Many")
            && !is_pascal_case("EnrolHTTP")
    );
    assert!(
        is_snake_case("max_message_2")
            && !is_snake_case("maxMessage")
            && !is_snake_case("max__m")
            && !is_snake_case("_m")
    );
    assert_eq!(in_upper_snake_case("DuplicateCheck"), "DUPLICATE_CHECK");
}
