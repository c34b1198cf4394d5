//! What a client may be allowed to do.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A part of the work that a client may be trusted with. No role includes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Enrols, replaces and removes people.
    Enrol,
    /// Looks for people, and looks up who is enrolled.
    Search,
    /// Compares one with one.
    Verify,
    /// Makes, copies and looks after galleries; runs jobs; takes templates out.
    Admin,
    /// Decides what searches and jobs leave open.
    Adjudicate,
    /// Reads the audit log.
    Audit,
    /// Sends registrations of persons, and asks how far they are.
    Register,
    /// Assigns cases of adjudication, and settles those about which others disagree.
    Supervise,
    /// Changes, merges, shows and erases the records of persons.
    Officer,
    /// Gives persons their numbers and credentials.
    Issue,
    /// Asks whether persons are whom they claim to be.
    Authenticate,
    /// Looks after the partners that authenticate.
    Partners,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 12] = [
        Self::Enrol,
        Self::Search,
        Self::Verify,
        Self::Admin,
        Self::Adjudicate,
        Self::Audit,
        Self::Register,
        Self::Supervise,
        Self::Officer,
        Self::Issue,
        Self::Authenticate,
        Self::Partners,
    ];

    /// What the configuration and tokens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Search => "search",
            Self::Verify => "verify",
            Self::Admin => "admin",
            Self::Adjudicate => "adjudicate",
            Self::Audit => "audit",
            Self::Register => "register",
            Self::Supervise => "supervise",
            Self::Officer => "officer",
            Self::Issue => "issue",
            Self::Authenticate => "authenticate",
            Self::Partners => "partners",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no role has.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "there is no role \"{0}\": the roles are enrol, search, verify, admin, adjudicate, audit, register, supervise, officer, issue, \
     authenticate and partners"
)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

/// A set of roles.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Roles(u16);

impl Roles {
    /// No role at all.
    pub const NONE: Self = Self(0);

    /// Every role.
    #[must_use]
    pub fn all() -> Self {
        Role::ALL.into_iter().collect()
    }

    /// Whether `role` is among them.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether any of `roles` is among them.
    #[must_use]
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_by_its_name_and_nothing_else_is() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        for stranger in ["", "Admin", "root", "enrol "] {
            assert_eq!(stranger.parse::<Role>(), Err(UnknownRole(stranger.to_owned())));
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        for role in Role::ALL {
            let alone = Roles::from_iter([role]);
            assert_eq!(alone.iter().collect::<Vec<_>>(), [role]);
            assert!(alone.has_any(&Role::ALL) && !Roles::NONE.has(role) && Roles::all().has(role));
        }
    }
}
