//! What a weight of evidence rests on.

use whorl_types::Modality;

/// What a weight of evidence rests on: the rate at which strangers reach it follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing was compared.
    Nothing,
    /// One instance of this modality: its calibration knows the rate.
    One(Modality),
    /// Several instances, fused.
    Several,
}

impl Basis {
    /// Everything that evidence of something can rest on.
    pub const ALL: [Self; 4] =
        [Self::One(Modality::Fingerprint), Self::One(Modality::Iris), Self::One(Modality::Face), Self::Several];

    /// The modality of a single instance.
    pub(super) fn single(self) -> Option<Modality> {
        match self {
            Self::One(modality) => Some(modality),
            Self::Nothing | Self::Several => None,
        }
    }

    /// The basis of evidence from instances of these modalities.
    #[must_use]
    pub fn of(modalities: impl IntoIterator<Item = Modality>) -> Self {
        let mut modalities = modalities.into_iter();
        match (modalities.next(), modalities.next()) {
            (None, _) => Self::Nothing,
            (Some(modality), None) => Self::One(modality),
            (Some(_), Some(_)) => Self::Several,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instance_keeps_its_modality_and_several_do_not() {
        assert_eq!(Basis::of([]), Basis::Nothing);
        assert_eq!(Basis::of([Modality::Iris]), Basis::One(Modality::Iris));
        assert_eq!(Basis::of([Modality::Iris, Modality::Iris]), Basis::Several);
        assert_eq!(Basis::of([Modality::Fingerprint, Modality::Iris]), Basis::Several);
    }
}
