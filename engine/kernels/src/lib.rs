//! Arithmetic inner loops, one file per instruction set, all with the same exact answer.
//!
//! [`Kernels`] is the table of them. [`Kernels::best`] is the one for this processor, [`Kernels::available`] all that it can
//! run, and `WHORL_ISA=portable|avx2|avx512` in the environment forces one. The portable file defines every answer; the other
//! sets repeat it to the last bit, which one property test checks on all sets that the processor has.
//!
//! Bits are compared lane by lane: the same word of eight bit strings lies side by side in an [`Octet`], so that one vector
//! instruction serves eight comparisons and no vector is ever summed across.
//!
//! What this crate is not: it knows no biometrics. Words of bits and rows of numbers go in, numbers come out.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dispatch;
mod isa;
mod masked;
mod numbers;
mod octet;
mod panel;
mod points;
mod portable;

pub use dispatch::{Kernels, Work};
pub use isa::{Isa, IsaError};
pub use masked::{
    Masked, MaskedOctet, MaskedRow, Overlap, POSES, Poses, ROW_WORDS, SHIFTED_WORDS, SHIFTS, Shifted, Weights,
};
pub use numbers::{BLOCK_NUMBERS, Chosen, Factors, Numbers, Products};
pub use octet::{Octet, StoredOctet, octets};
pub use panel::Panel;
pub use points::{MAX_PAIRS, Pairs, PairsLane, Slack};
pub use portable::{NEAREST_INDEX_BITS, NEAREST_MAX_STRINGS};
