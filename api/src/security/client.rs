//! A client that is known.

use std::fmt;

use super::role::Roles;

/// Who makes a request, as the layer leaves it in the extensions of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What it is called: by the token, or as the configuration names the certificate; at most [`Client::MAX_NAME_BYTES`] bytes,
    /// none of them a control character.
    pub name: String,
    /// What it may do.
    pub roles: Roles,
    /// How it was recognised. Names are unique only among clients that were recognised alike.
    pub by: By,
}

/// How a client was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// By a certificate that the client's authority signed.
    Certificate,
    /// By a bearer token.
    Token,
    /// Not at all: the configuration lets everybody in.
    Nobody,
}

impl Client {
    /// The longest name: it is in every line of the audit log.
    pub const MAX_NAME_BYTES: usize = 256;

    /// Everybody, where the configuration lets everybody in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { name: "anonymous".to_owned(), roles: Roles::all(), by: By::Nobody }
    }
}

/// `certificate CN=station-7`, `token 4f1e...`, `anonymous`: no two clients print alike, so this is what limits, the audit log and
/// keys of idempotency know them by.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.by {
            By::Certificate => write!(f, "certificate {}", self.name),
            By::Token => write!(f, "token {}", self.name),
            By::Nobody => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_cannot_take_the_name_of_a_certificate() {
        let named = |by| Client { name: "CN=station-7".to_owned(), roles: Roles::NONE, by };
        assert_eq!(named(By::Certificate).to_string(), "certificate CN=station-7");
        assert_ne!(named(By::Certificate).to_string(), named(By::Token).to_string());
    }
}
