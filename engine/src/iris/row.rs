//! Codes as a gallery holds them, compared in bulk.

use bytemuck::{Pod, Zeroable};
use whorl_kernels::{Kernels, Masked};
use whorl_types::{IrisCode, Similarity};

use super::{Probe, similarity_on};

/// Rows that all probes of a batch go over before the next ones: 72 KiB, which a core's second cache holds.
const BLOCK_ROWS: usize = 64;

/// An iris code in 1,152 bytes, little-endian, the same in memory and on disk.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct CodeRow {
    cells: [u64; IrisCode::ANGLES],
    visible: [u8; IrisCode::ANGLES],
}

impl CodeRow {
    /// The code.
    #[must_use]
    pub fn code(&self) -> IrisCode {
        IrisCode { cells: self.cells, visible: self.visible }
    }
}

impl From<&IrisCode> for CodeRow {
    fn from(code: &IrisCode) -> Self {
        Self { cells: code.cells, visible: code.visible }
    }
}

impl std::fmt::Debug for CodeRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeRow({:?})", self.code())
    }
}

/// Compares every probe with every row in full and reports (probe, row, similarity) of each pair.
///
/// For one probe the rows come in their order.
pub fn similarities(probes: &[Probe], rows: &[CodeRow], report: &mut impl FnMut(usize, usize, Similarity)) {
    similarities_on(Kernels::best(), probes, rows, report);
}

/// [`similarities`] with the kernels of a chosen instruction set.
pub fn similarities_on(
    kernels: &Kernels,
    probes: &[Probe],
    rows: &[CodeRow],
    report: &mut impl FnMut(usize, usize, Similarity),
) {
    for (number, block) in rows.chunks(BLOCK_ROWS).enumerate() {
        for (which, probe) in probes.iter().enumerate() {
            for (offset, row) in block.iter().enumerate() {
                let reference = Masked { words: &row.cells, counted: &row.visible };
                report(which, number * BLOCK_ROWS + offset, similarity_on(kernels, probe, reference));
            }
        }
    }
}
