//! What the names of files and folders say.

use std::path::Path;

use whorl_types::Position;

use super::Layout;

/// What a name says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) subject: String,
    pub(super) position: Position,
    pub(super) encounter: String,
}

/// What the path of a file below the folder of a corpus says; nothing where it is named otherwise.
pub(super) fn read(layout: Layout, path: &Path) -> Option<Said> {
    let stem = path.file_stem()?.to_str()?;
    let folders: Vec<&str> = path.parent()?.iter().filter_map(|folder| folder.to_str()).collect();
    let parts: Vec<&str> = stem.split('_').collect();
    match (layout, &parts[..], &folders[..]) {
        (Layout::Fvc, [finger, impression], _) => said(finger, Position::Unknown, &[impression]),
        (Layout::Fcj, [person, finger, impression], _) => said(person, fcj_finger(finger)?, &[impression]),
        (Layout::CasiaV1, [eye, session, image], _) => said(eye, Position::Unknown, &[session, image]),
        (Layout::SubjectEye, [subject, side, session, image], _) => said(subject, eye(side)?, &[session, image]),
        (Layout::Iitd, [image, side], [.., subject]) => said(subject, eye(side)?, &[image]),
        (Layout::Mmu, [name], [.., subject, side]) => {
            said(subject, eye(side)?, &[name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic())])
        }
        (Layout::CasiaInterval, [name], _) => casia_interval(name),
        _ => None,
    }
}

/// Subject and encounter are numbers, and short enough for a manifest.
fn said(subject: &str, position: Position, encounter: &[&str]) -> Option<Said> {
    let number = |part: &str| (1..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (number(subject) && encounter.iter().all(|part| number(part))).then(|| Said {
        subject: subject.to_owned(),
        position,
        encounter: encounter.join("-"),
    })
}

/// `S1001L01`: session 1, subject 001, left eye, image 01.
fn casia_interval(name: &str) -> Option<Said> {
    let (session, rest) = name.strip_prefix('S')?.split_at_checked(1)?;
    let (subject, rest) = rest.split_at_checked(3)?;
    let (side, image) = rest.split_at_checked(1)?;
    said(subject, eye(side)?, &[session, image])
}

fn fcj_finger(number: &str) -> Option<Position> {
    match number {
        "4" => Some(Position::LeftThumb),
        "5" => Some(Position::RightThumb),
        "6" => Some(Position::RightIndex),
        "7" => Some(Position::RightMiddle),
        _ => None,
    }
}

fn eye(side: &str) -> Option<Position> {
    match side {
        "L" | "left" => Some(Position::LeftEye),
        "R" | "right" => Some(Position::RightEye),
        "X" => Some(Position::Unknown),
        _ => None,
    }
}
