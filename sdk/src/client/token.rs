//! Where the bearer token of a call comes from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;
use tonic::metadata::{Ascii, MetadataValue};

/// The most bytes of a token: twice what a server takes in the head of a request, so that a file that is none is seen as such.
const MAX_TOKEN_BYTES: u64 = 64 << 10;

/// Where the bearer token of a call comes from. It is asked before every attempt, so that a token that was renewed is used at once.
#[derive(Clone)]
pub enum TokenSource {
    /// This one.
    Fixed(String),
    /// The file that an agent of the identity provider keeps fresh; white space around the token is left out.
    File(PathBuf),
    /// What this says. It is called often and should answer at once.
    Call(Arc<dyn Fn() -> io::Result<String> + Send + Sync>),
}

/// Why there is no token.
#[derive(Debug, Error)]
pub enum TokenError {
    /// It cannot be read.
    #[error("the token cannot be had from {from}: {source}")]
    Unreadable {
        /// From where.
        from: String,
        /// Why not.
        source: io::Error,
    },
    /// What is there is no token.
    #[error("what {0} gives is no token: it is empty, too long, or has letters that a header cannot have")]
    Malformed(String),
}

impl TokenSource {
    /// The header `authorization` of a call.
    pub(super) fn header(&self) -> Result<MetadataValue<Ascii>, TokenError> {
        let unreadable = |source| TokenError::Unreadable { from: self.name(), source };
        let token = match self {
            Self::Fixed(token) => token.clone(),
            Self::File(path) => {
                let mut text = String::new();
                let file = File::open(path).map_err(unreadable)?;
                file.take(MAX_TOKEN_BYTES).read_to_string(&mut text).map_err(unreadable)?;
                text
            }
            Self::Call(ask) => ask().map_err(unreadable)?,
        };
        let malformed = || TokenError::Malformed(self.name());
        let token = token.trim();
        if token.is_empty() || token.len() as u64 >= MAX_TOKEN_BYTES {
            return Err(malformed());
        }
        let mut value = MetadataValue::try_from(format!("Bearer {token}")).map_err(|_| malformed())?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// What it is, without the token.
    fn name(&self) -> String {
        match self {
            Self::Fixed(_) => "the token that was given".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Call(_) => "the program's source of tokens".to_owned(),
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenSource({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_anew_and_printed_never() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let source = TokenSource::File(file.path().to_owned());
        assert!(matches!(source.header(), Err(TokenError::Malformed(_))));
        for token in ["first", "second"] {
            std::fs::write(file.path(), format!("{token}\n")).unwrap();
            let header = source.header().unwrap();
            assert_eq!(header.to_str().unwrap(), format!("Bearer {token}"));
            assert!(!format!("{header:?}").contains(token));
        }
        let told = TokenSource::Call(Arc::new(|| Ok("a\nb".to_owned()))).header().unwrap_err().to_string();
        assert!(!told.contains("a\nb"), "{told}");
    }
}
