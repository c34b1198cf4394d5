//! What a record says of a person, before anything is made of it.

/// The sexes that a comparison knows; anything else is compared as missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Reads the English word, its first letter, or MOSIP's code (`MLE`, `FLE`), in any case; none for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "f" | "female" | "fle" => Some(Self::Female),
            "m" | "male" | "mle" => Some(Self::Male),
            _ => None,
        }
    }
}

/// The texts of a record by their role, as they stand in it. What is not known is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The whole name, where a record does not divide it.
    pub full_name: String,
    /// Given names.
    pub given: String,
    /// Family names.
    pub family: String,
    /// `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY-MM` or `YYYY`.
    pub birth: String,
    /// As [`Sex::read`] reads it.
    pub sex: String,
    /// Lines of the address, towns and regions.
    pub address: Vec<String>,
    /// The post code.
    pub post_code: String,
    /// The telephone, however it is punctuated.
    pub phone: String,
    /// The address for e-mail.
    pub email: String,
}

impl std::fmt::Debug for Particulars {
    /// Only that there are some: they are personal data, which belong in no log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Particulars").finish_non_exhaustive()
    }
}
