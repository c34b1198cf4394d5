//! The columns of one segment: a small text file in its directory.

use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::column::{ColumnName, Listed};
use crate::flaw::{Flaw, Flawed};
use crate::manifest::offset_of;
use crate::sealed;

/// The name of the list.
pub(crate) const FILE: &str = "CONTENTS";

const TITLE: &str = "whorl segment";

/// The second lists keys, and is written only where there are any.
const FORMAT_VERSIONS: RangeInclusive<u32> = 1..=2;

/// Which columns a segment has, each tied to its file by the checksum of the file's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) number: u64,
    pub(crate) columns: Vec<Listed>,
}

impl Contents {
    /// The text of the list, without its seal.
    pub(crate) fn render(&self) -> String {
        let keyed = self.columns.iter().any(|column| column.name == ColumnName::Keys);
        let version = if keyed { FORMAT_VERSIONS.end() } else { FORMAT_VERSIONS.start() };
        let mut body = format!("{TITLE} {version}\nnumber {}\n", self.number);
        for Listed { name, rows, header_checksum } in &self.columns {
            // Writing to a string cannot fail.
            let _ = writeln!(body, "column {} rows {rows} header {header_checksum:08x}", name.file());
        }
        body
    }

    /// The list that `bytes` of the file `file` hold, and its checksum.
    pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<(Self, u32), Flawed> {
        let (_, body) = sealed::unseal(file, bytes, TITLE, &FORMAT_VERSIONS)?;
        let mut contents = Self { number: 0, columns: Vec::new() };
        for line in body.lines().skip(1) {
            let understood = contents.take(line);
            understood.ok_or_else(|| Flaw::Value("line").at(file, offset_of(line, body)))?;
        }
        let ordered = contents.columns.windows(2).all(|pair| pair[0].name < pair[1].name);
        if ordered && contents.render() == body {
            Ok((contents, sealed::checksum(body)))
        } else {
            Err(Flaw::Value("order of lines").at(file, 0))
        }
    }

    fn take(&mut self, line: &str) -> Option<()> {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["number", number] => self.number = number.parse().ok()?,
            ["column", file, "rows", rows, "header", checksum] => self.columns.push(Listed {
                name: ColumnName::all().find(|name| name.file() == file)?,
                rows: rows.parse().ok()?,
                header_checksum: u32::from_str_radix(checksum, 16).ok()?,
            }),
            _ => return None,
        }
        Some(())
    }
}
