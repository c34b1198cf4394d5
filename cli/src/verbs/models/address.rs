//! Addresses from which a model may be fetched.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::{Context, bail};
use ureq::http::Uri;

/// An `https` address, or an `http` one of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address(Uri);

impl Address {
    /// Whether `text` is meant as an address, allowed or not.
    pub(super) fn is_meant(text: &str) -> bool {
        text.contains("://")
    }

    /// # Errors
    /// Where it is no address, or one that is refused.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let uri: Uri = text.parse().with_context(|| format!("\"{text}\" is no address, and only https is fetched"))?;
        let address = Self(uri);
        let Some(authority) = address.0.authority() else { bail!("\"{text}\" is no address: it names no host") };
        if authority.as_str().contains('@') {
            bail!("{text} is refused: an address with a name or a password in it looks like another host's");
        }
        match address.0.scheme_str() {
            Some("https") => Ok(address),
            Some("http") if address.is_loopback() => Ok(address),
            Some("http") => {
                bail!("{text} is refused: only https is fetched, since what http brings can be changed on the way")
            }
            _ => bail!("{text} is refused: only https is fetched"),
        }
    }

    /// The address to which this one leads on.
    ///
    /// # Errors
    /// Where it is refused; from elsewhere nothing may lead to this computer.
    pub(super) fn follow(&self, location: &str) -> anyhow::Result<Self> {
        let next = if Self::is_meant(location) { Self::parse(location)? } else { self.beside_root(location)? };
        if next.is_loopback() && !self.is_loopback() {
            bail!("{self} leads to {next}, which is refused: it is this computer");
        }
        Ok(next)
    }

    /// The file `name` in the folder of this one.
    pub(super) fn beside(&self, name: &str) -> anyhow::Result<Self> {
        let path = self.0.path();
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        self.beside_root(&format!("{folder}{name}"))
    }

    fn beside_root(&self, path: &str) -> anyhow::Result<Self> {
        if !path.starts_with('/') || path.starts_with("//") {
            bail!("{self} leads to \"{path}\", which is no address");
        }
        let (Some(scheme), Some(authority)) = (self.0.scheme_str(), self.0.authority()) else {
            bail!("{self} is no address");
        };
        Self::parse(&format!("{scheme}://{authority}{path}"))
    }

    /// Whether the host is this computer.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        let four = host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        let six = host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
        four || six || host.eq_ignore_ascii_case("localhost")
    }

    pub(super) fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_fetched_and_http_of_this_computer() {
        for fine in ["https://example.org/a.toml", "http://127.0.0.1:80/a", "http://[::1]:8/a", "http://localhost/a"] {
            assert!(Address::parse(fine).is_ok(), "{fine}");
        }
        for refused in [
            "http://example.org/a",
            "ftp://example.org/a",
            "file:///etc/passwd",
            "https:///a",
            "http://127.0.0.1@example.org/a",
            "https://user:word@example.org/a",
            "http://127.0.0.1.example.org/a",
            "a b",
        ] {
            assert!(Address::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_leads_on_but_never_to_this_computer() {
        let address = Address::parse("https://example.org/models/a.toml?x=1").unwrap();
        assert_eq!(address.follow("/b").unwrap().to_string(), "https://example.org/b");
        assert_eq!(address.follow("https://other.org/c").unwrap().to_string(), "https://other.org/c");
        assert_eq!(address.beside("face.txt").unwrap().to_string(), "https://example.org/models/face.txt");
        for refused in ["http://other.org/c", "http://127.0.0.1/c", "https://localhost/c", "//other.org/c", "c", ""] {
            assert!(address.follow(refused).is_err(), "{refused}");
        }
    }
}
