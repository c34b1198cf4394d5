//! The templates of one kind and position, in the order of their owners: what is scanned of them, whose they are, and what is
//! compared in full.

use std::sync::{Arc, OnceLock};

use roaring::RoaringBitmap;
use whorl_engine::face::EmbeddingRow;
use whorl_engine::iris::CodeRow;
use whorl_types::{FingerTemplate, Position, Template};

use super::face::{self, Faces};
use super::finger::{self, Fingers};
use super::iris::{self, Irises};
use super::keyed::SegmentKeys;
use crate::column::{Column, ColumnName, Listed, Part, RowBytes};
use crate::flaw::{Flaw, Flawed};
use crate::gallery::GalleryError;
use crate::kind::{Kind, Version};
use crate::search::Shortlist;
use crate::storage::Storage;

/// The version of the rows that say whose a template is.
pub(super) const ROWS_VERSION: u32 = 1;

/// The open columns of one kind and position.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) kind: Kind,
    pub(crate) position: Position,
    pub(super) coarse: Column,
    pub(super) rows: Column,
    pub(super) fine: Column,
    pub(super) owners: OnceLock<RoaringBitmap>,
    /// Those of the references, where they are needed to read this.
    pub(super) keys: Option<Arc<SegmentKeys>>,
}

/// How often a file is read by searches as they are by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// All of it, by every search.
    Scanned,
    /// Here and there, by every search: of whatever passes the first stage.
    Followed,
    /// For few candidates.
    Seldom,
}

/// Columns as what they are.
pub(crate) enum Typed<'a> {
    Finger(Fingers<'a>),
    Iris(Irises<'a>),
    Face(Faces<'a>),
}

/// What is compared of a row in full.
pub(crate) enum Kept<'a> {
    Finger(FingerTemplate),
    /// Read in place.
    Iris(&'a CodeRow),
    /// Read in place.
    Face(&'a EmbeddingRow),
}

/// How the columns of a kind are laid out, in bytes of a row.
pub(super) struct Layout {
    pub(super) coarse: usize,
    /// How many templates share a row of the coarse column.
    pub(super) lanes: usize,
    pub(super) rows: usize,
    /// How much of `rows`, at their start, is never encrypted: their owner, which is a number, and what says nothing of a person.
    pub(super) clear: usize,
    /// None where templates differ in length: the column is then of single bytes.
    pub(super) fine: Option<usize>,
}

impl Kind {
    pub(super) const fn layout(self) -> Layout {
        match self {
            Self::Finger => finger::LAYOUT,
            Self::Iris => iris::LAYOUT,
            Self::Face => face::LAYOUT,
        }
    }
}

impl Columns {
    /// The columns of one place; none where the list has them wrong.
    pub(super) fn open(
        storage: &dyn Storage,
        segment: (u64, &str),
        listed: &[Listed],
    ) -> Result<Option<Self>, GalleryError> {
        let &[coarse, rows, fine] = listed else { return Ok(None) };
        let ColumnName::Of(kind, position, Part::Coarse) = coarse.name else { return Ok(None) };
        let (due, layout) = (|part| ColumnName::Of(kind, position, part), kind.layout());
        let named = rows.name == due(Part::Rows) && fine.name == due(Part::Fine);
        let blocks = [rows.rows, rows.rows.div_ceil(layout.lanes as u64)];
        if !named || !blocks.contains(&coarse.rows) || layout.fine.is_some_and(|_| fine.rows != rows.rows) {
            return Ok(None);
        }
        let open = |listed, row_bytes: RowBytes| Column::open(storage, segment, listed, row_bytes);
        let lane_bytes = layout.coarse / layout.lanes;
        let counted = coarse.rows;
        let coarse = open(coarse, RowBytes { plain: layout.coarse, encrypted: lane_bytes })?;
        let rows = open(rows, layout.rows.into())?;
        let fine = open(fine, layout.fine.unwrap_or(1).into())?;
        let due = if coarse.is_encrypted() { blocks[0] } else { blocks[1] };
        if counted != due || coarse.is_encrypted() != fine.is_encrypted() {
            return Ok(None);
        }
        Ok(Some(Self::joined((kind, position), [coarse, rows, fine])?))
    }

    /// The columns of one place, if this program reads their versions.
    pub(super) fn joined((kind, position): (Kind, Position), parts: [Column; 3]) -> Result<Self, Flawed> {
        let [coarse, rows, fine] = parts;
        let (rows, owners, keys) = (rows.of_version(ROWS_VERSION)?, OnceLock::new(), None);
        let columns = Self { kind, position, coarse, rows, fine, owners, keys };
        let versions = match columns.typed() {
            Typed::Finger(fingers) => fingers.check_versions(),
            Typed::Iris(irises) => irises.check_versions(),
            Typed::Face(faces) => faces.check_versions(),
        };
        versions.map(|()| columns)
    }

    /// These columns, as what they are.
    pub(crate) fn typed(&self) -> Typed<'_> {
        match self.kind {
            Kind::Finger => Typed::Finger(Fingers(self)),
            Kind::Iris => Typed::Iris(Irises(self)),
            Kind::Face => Typed::Face(Faces(self)),
        }
    }

    /// How many templates there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.data().len() / self.row_bytes()
    }

    /// How many templates share a row of what the first stage scans.
    pub(crate) fn lanes(&self) -> usize {
        self.kind.layout().lanes
    }

    pub(super) fn row_bytes(&self) -> usize {
        self.kind.layout().rows
    }

    /// The version of what the templates say, which must be a probe's.
    pub(crate) fn version(&self) -> Version {
        let dimension = match self.typed() {
            Typed::Finger(_) | Typed::Iris(_) => 0,
            Typed::Face(faces) => faces.dimension(),
        };
        Version { number: self.versioned().version(), dimension }
    }

    /// The flaw of having templates of another version than a probe.
    pub(crate) fn flawed_version(&self, probe: u32) -> Flawed {
        self.versioned().flawed_version(probe)
    }

    /// The column whose version that is.
    fn versioned(&self) -> &Column {
        match self.kind {
            Kind::Finger => &self.coarse,
            Kind::Iris | Kind::Face => &self.fine,
        }
    }

    /// The template of a row.
    pub(crate) fn template(&self, row: usize) -> Result<Template, Flawed> {
        match self.typed() {
            Typed::Finger(fingers) => fingers.template(row).map(Template::Finger),
            Typed::Iris(irises) => irises.template(row).map(Template::Iris),
            Typed::Face(faces) => faces.template(row).map(Template::Face),
        }
    }

    /// What is compared of a row.
    pub(crate) fn kept(&self, row: usize) -> Result<Kept<'_>, Flawed> {
        match self.typed() {
            Typed::Finger(fingers) => fingers.template(row).map(Kept::Finger),
            Typed::Iris(irises) => Ok(Kept::Iris(&irises.codes()[row])),
            Typed::Face(faces) => Ok(Kept::Face(&faces.embeddings()[row])),
        }
    }

    /// Everything wrong with these columns of a segment of so many references, beside their checksums.
    pub(crate) fn flaws(&self, references: u32) -> Vec<Flawed> {
        match self.typed() {
            Typed::Finger(fingers) => fingers.flaws(references).collect(),
            Typed::Iris(irises) => irises.flaws(references).collect(),
            Typed::Face(faces) => faces.flaws(references).collect(),
        }
    }

    /// Whether a row belongs to nobody, or follows one that should come after it.
    pub(super) fn is_misplaced(&self, row: usize, references: u32) -> bool {
        let owner = self.owner(row);
        owner >= references || row > 0 && owner < self.owner(row - 1)
    }

    /// The flaw of a first stage that does not follow from its templates.
    pub(super) fn flawed_coarse(&self, row: usize) -> Flawed {
        let start = row / self.lanes() * self.kind.layout().coarse;
        self.coarse.flawed(Flaw::Value("first stage, which is not its template's,"), start)
    }

    /// A flaw of a row.
    pub(super) fn flawed_row(&self, flaw: Flaw, row: usize) -> Flawed {
        self.rows.flawed(flaw, row * self.row_bytes())
    }

    /// The files, with how often they are read.
    pub(super) fn files(&self) -> [(&Column, Reading); 3] {
        let first = Shortlist::default().fingers;
        let (scanned, followed) = match self.kind {
            // A finger without a label may be one of those that are looked at first.
            Kind::Finger if Position::FINGERS.iter().skip(first).any(|&later| later == self.position) => {
                (Reading::Seldom, Reading::Seldom)
            }
            // Next to no strangers pass the first stage of a finger.
            Kind::Finger => (Reading::Scanned, Reading::Seldom),
            Kind::Iris | Kind::Face => (Reading::Scanned, Reading::Followed),
        };
        [(&self.coarse, scanned), (&self.rows, followed), (&self.fine, followed)]
    }
}
