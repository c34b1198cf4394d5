//! The instruction sets there are kernels for.

use std::str::FromStr;

use thiserror::Error;

/// An instruction set with kernels of its own, slowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isa {
    /// What the compiler makes of plain loops for the oldest processor it builds for.
    Portable,
    /// AVX2, and the bit counting that always came with it.
    Avx2,
    /// AVX-512 F, BW, VL, VPOPCNTDQ, BITALG and VNNI: Ice Lake, Zen 4 and later.
    Avx512,
}

impl Isa {
    /// Every set, slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// Its name, as `WHORL_ISA` spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vpopcntdq")
                    && is_x86_feature_detected!("avx512bitalg")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }
}

impl std::fmt::Display for Isa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = IsaError;

    /// Reads a [`Isa::name`]; `scalar` is another word for `portable`.
    fn from_str(name: &str) -> Result<Self, IsaError> {
        match name {
            "portable" | "scalar" => Ok(Self::Portable),
            "avx2" => Ok(Self::Avx2),
            "avx512" => Ok(Self::Avx512),
            _ => Err(IsaError::Unknown(name.to_owned())),
        }
    }
}

/// Why an instruction set cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IsaError {
    /// No set has this name.
    #[error("`{0}` is not an instruction set; choose portable, avx2 or avx512")]
    Unknown(String),
    /// The processor lacks it.
    #[error("this processor has no {0}; choose another instruction set or let the best be found")]
    Unavailable(Isa),
    /// Another set is in use already.
    #[error("{in_use} is in use already, so {asked} comes too late; choose before the first search")]
    TooLate {
        /// The set asked for.
        asked: Isa,
        /// The set in use.
        in_use: Isa,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_its_set() {
        for isa in Isa::ALL {
            assert_eq!(isa.name().parse(), Ok(isa));
        }
        assert_eq!("scalar".parse(), Ok(Isa::Portable));
        assert_eq!("neon".parse::<Isa>(), Err(IsaError::Unknown("neon".to_owned())));
    }

    #[test]
    fn the_portable_set_is_everywhere() {
        assert!(Isa::Portable.is_available());
    }
}
