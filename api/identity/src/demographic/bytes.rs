//! [`Prepared`] as bytes: small, and the same on every machine.

use thiserror::Error;

use super::address::MAX_WORDS;
use super::date::Birth;
use super::particulars::Sex;
use super::phonetic::Code;
use super::prepared::{MAX_TOKENS, Part, Prepared, Token};

/// The form that is written; another number is refused, and whoever reads it prepares the record again.
const VERSION: u8 = 1;

/// What is wrong with bytes that should be a [`Prepared`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BytesError {
    /// They were written by another version.
    #[error("what was prepared of a record is of version {0}, and this is version {VERSION}: prepare the record again")]
    Version(u8),
    /// They end too early, go on too long or hold what is not written.
    #[error("what was prepared of a record is damaged at {field}")]
    Damaged {
        /// Which part.
        field: &'static str,
    },
}

impl Prepared {
    /// A version, then the birth date, sex, telephone, e-mail, post code, address and names; some sixty bytes, at most 650.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        out.push(VERSION);
        out.extend(self.birth.year.to_le_bytes());
        out.extend([self.birth.month, self.birth.day, sex_byte(self.sex)]);
        out.extend(self.phone.to_le_bytes());
        out.extend(self.email.to_le_bytes());
        out.extend(self.post_code.to_le_bytes());
        out.push(self.address.len() as u8);
        out.extend(self.address.iter().flat_map(|word| word.to_le_bytes()));
        out.push(self.tokens.len() as u8);
        for token in &self.tokens {
            out.push(part_byte(token.part));
            out.extend(token.code);
            out.push(token.word.len() as u8);
            out.extend(token.word.bytes());
        }
        out
    }

    /// Reads what [`Prepared::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`BytesError`] where something else was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut left = Left(bytes);
        let version = left.byte("version")?;
        if version != VERSION {
            return Err(BytesError::Version(version));
        }
        let birth = Birth {
            year: u16::from_le_bytes(left.array("birth")?),
            month: left.byte("birth")?,
            day: left.byte("birth")?,
        };
        let sex = match left.byte("sex")? {
            0 => None,
            1 => Some(Sex::Female),
            2 => Some(Sex::Male),
            _ => return Err(BytesError::Damaged { field: "sex" }),
        };
        let phone = u64::from_le_bytes(left.array("phone")?);
        let email = u64::from_le_bytes(left.array("email")?);
        let post_code = u32::from_le_bytes(left.array("post code")?);
        let words = left.count("address", MAX_WORDS)?;
        let address =
            (0..words).map(|_| left.array("address").map(u32::from_le_bytes)).collect::<Result<Vec<u32>, _>>()?;
        let names = left.count("names", MAX_TOKENS)?;
        let tokens = (0..names).map(|_| left.token()).collect::<Result<Vec<Token>, _>>()?;
        if !left.0.is_empty() {
            return Err(BytesError::Damaged { field: "end" });
        }
        Ok(Self { tokens, birth, sex, address, post_code, phone, email })
    }
}

fn sex_byte(sex: Option<Sex>) -> u8 {
    match sex {
        None => 0,
        Some(Sex::Female) => 1,
        Some(Sex::Male) => 2,
    }
}

fn part_byte(part: Part) -> u8 {
    match part {
        Part::Unknown => 0,
        Part::Given => 1,
        Part::Family => 2,
    }
}

/// The bytes that were not read yet.
struct Left<'a>(&'a [u8]);

impl Left<'_> {
    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], BytesError> {
        let (read, left) = self.0.split_first_chunk::<N>().ok_or(BytesError::Damaged { field })?;
        self.0 = left;
        Ok(*read)
    }

    fn byte(&mut self, field: &'static str) -> Result<u8, BytesError> {
        self.array(field).map(|[byte]| byte)
    }

    fn count(&mut self, field: &'static str, most: usize) -> Result<usize, BytesError> {
        match usize::from(self.byte(field)?) {
            count if count <= most => Ok(count),
            _ => Err(BytesError::Damaged { field }),
        }
    }

    fn token(&mut self) -> Result<Token, BytesError> {
        let damaged = BytesError::Damaged { field: "name" };
        let part = match self.byte("name")? {
            0 => Part::Unknown,
            1 => Part::Given,
            2 => Part::Family,
            _ => return Err(damaged),
        };
        let code: Code = self.array("name")?;
        let len = usize::from(self.byte("name")?);
        let (word, left) = self.0.split_at_checked(len).ok_or(damaged)?;
        // Only such letters are written, and whoever compares cuts words without looking for characters.
        if !code.iter().chain(word).all(u8::is_ascii) || word.is_empty() {
            return Err(damaged);
        }
        self.0 = left;
        let word = std::str::from_utf8(word).map_err(|_| damaged)?.into();
        Ok(Token { word, code, part })
    }
}
