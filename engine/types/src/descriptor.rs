//! What surrounds a minutia, as bits.

use std::fmt;

use thiserror::Error;

use crate::FingerTemplate;

/// The surroundings of one minutia in its own frame (turned and moved with the finger they stay the same), as bits.
///
/// Two descriptors of one version are compared by counting the bits in which they differ.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct Descriptor {
    /// All bits. The first [`Descriptor::COARSE_WORDS`] are the most telling ones and stand for themselves: they are what the
    /// first stage of a search scans.
    pub words: [u64; Self::WORDS],
}

impl Descriptor {
    /// Words of a descriptor: 512 bits, so that 64 descriptors are 4 KiB of a template.
    pub const WORDS: usize = 8;

    /// Words of a descriptor that the first stage of a search scans.
    pub const COARSE_WORDS: usize = 4;

    /// The bits that the first stage of a search scans.
    #[must_use]
    pub fn coarse(&self) -> [u64; Self::COARSE_WORDS] {
        std::array::from_fn(|word| self.words[word])
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        write!(f, "Descriptor({set} of {} bits)", Self::WORDS * 64)
    }
}

/// What descriptors were computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DescriptorBasis {
    /// The image: neighbouring minutiae and the ridges themselves.
    Ridges = 0,
    /// The minutiae alone, as a foreign record gives them; the flow of the ridges is inferred from them.
    Minutiae = 1,
}

/// The descriptors of the best minutiae of one template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Descriptors {
    version: u8,
    basis: DescriptorBasis,
    of_minutiae: Vec<Descriptor>,
}

/// More descriptors than a template holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} descriptors are more than a template holds, {max}", max = Descriptors::MOST)]
pub struct TooManyDescriptors(pub usize);

impl Descriptors {
    /// The most minutiae of a template that are described: what a template of 6 KiB has room for.
    pub const MOST: usize = 64;

    /// Descriptors of the first minutiae of a template, in their order, made by `version` of the description.
    ///
    /// # Errors
    /// [`TooManyDescriptors`] over [`Descriptors::MOST`].
    pub fn new(version: u8, basis: DescriptorBasis, of_minutiae: Vec<Descriptor>) -> Result<Self, TooManyDescriptors> {
        if of_minutiae.len() > Self::MOST {
            return Err(TooManyDescriptors(of_minutiae.len()));
        }
        Ok(Self { version, basis, of_minutiae })
    }

    /// The version of the description; bits of different versions mean nothing to one another.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// What they were computed from.
    #[must_use]
    pub fn basis(&self) -> DescriptorBasis {
        self.basis
    }

    /// One for each of the first minutiae of the template.
    #[must_use]
    pub fn of_minutiae(&self) -> &[Descriptor] {
        &self.of_minutiae
    }
}

/// More descriptors than there are minutiae to describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{descriptors} descriptors cannot describe {minutiae} minutiae")]
pub struct NothingToDescribe {
    /// Descriptors given.
    pub descriptors: usize,
    /// Minutiae of the template.
    pub minutiae: usize,
}

impl FingerTemplate {
    /// The same with descriptors of its first minutiae in place of those it had.
    ///
    /// # Errors
    /// [`NothingToDescribe`] where there are more descriptors than minutiae.
    pub fn with_descriptors(mut self, descriptors: Descriptors) -> Result<Self, NothingToDescribe> {
        let (found, minutiae) = (descriptors.of_minutiae.len(), self.minutiae().len());
        if found > minutiae {
            return Err(NothingToDescribe { descriptors: found, minutiae });
        }
        self.descriptors = Some(descriptors);
        Ok(self)
    }

    /// The descriptors of its first minutiae; none before anybody described it.
    #[must_use]
    pub fn descriptors(&self) -> Option<&Descriptors> {
        self.descriptors.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Minutia, MinutiaKind, Quality};

    #[test]
    fn a_template_has_no_more_descriptors_than_minutiae() {
        let quality = Quality::new(50).unwrap();
        let minutia = Minutia { x_px8: 80, y_px8: 80, angle: 0, kind: MinutiaKind::Ending, quality };
        let template = FingerTemplate::new(100, 100, vec![minutia; 2], quality).unwrap();
        let described = |count| {
            let bits = vec![Descriptor::default(); count];
            template.clone().with_descriptors(Descriptors::new(1, DescriptorBasis::Ridges, bits).unwrap())
        };
        assert!(described(2).is_ok());
        assert_eq!(described(3).unwrap_err(), NothingToDescribe { descriptors: 3, minutiae: 2 });
        assert!(Descriptors::new(1, DescriptorBasis::Ridges, vec![Descriptor::default(); 65]).is_err());
    }
}
