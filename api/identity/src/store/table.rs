//! Which tables there are.

/// A table: what its keys are and what its records say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// What belongs to the store itself: its version, its secrets (sealed).
    Meta,
    /// Subject to his record.
    Subjects,
    /// Subject and number to one line of his history.
    History,
    /// Subject to what demographic comparison needs of him.
    Profiles,
    /// Blinded block key and subject, to nothing.
    Blocks,
    /// Blinded number (UIN, VID or token) to whose it is.
    Numbers,
    /// Registration to its record.
    Registrations,
    /// Registration and number to a picture or document as it was sent in.
    Enclosures,
    /// Registrations that are to be worked on.
    Pending,
    /// Reference in the gallery to subject and registration.
    References,
    /// Case of adjudication to its record.
    Cases,
    /// Cases that are open.
    OpenCases,
    /// Partner to his record.
    Partners,
    /// What must not come twice, by its time.
    Seen,
    /// One-time passwords that were sent.
    Passwords,
    /// Subject and time to one authentication.
    Transactions,
    /// Counters that bound floods.
    Counters,
    /// What happened, by its number, for those who listen.
    Events,
    /// Webhooks and what they have yet to hear.
    Hooks,
    /// Status list to where it is published.
    StatusLists,
    /// Status list and index, to nothing: that it was given to a credential, and never is again.
    Allotted,
    /// Status list and index of a credential that does not count, to what it is instead. It names nobody.
    Statuses,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Meta,
        Self::Subjects,
        Self::History,
        Self::Profiles,
        Self::Blocks,
        Self::Numbers,
        Self::Registrations,
        Self::Enclosures,
        Self::Pending,
        Self::References,
        Self::Cases,
        Self::OpenCases,
        Self::Partners,
        Self::Seen,
        Self::Passwords,
        Self::Transactions,
        Self::Counters,
        Self::Events,
        Self::Hooks,
        Self::StatusLists,
        Self::Allotted,
        Self::Statuses,
    ];

    /// What it is called in files and databases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Subjects => "subjects",
            Self::History => "history",
            Self::Profiles => "profiles",
            Self::Blocks => "blocks",
            Self::Numbers => "numbers",
            Self::Registrations => "registrations",
            Self::Enclosures => "enclosures",
            Self::Pending => "pending",
            Self::References => "refs",
            Self::Cases => "cases",
            Self::OpenCases => "open_cases",
            Self::Partners => "partners",
            Self::Seen => "seen",
            Self::Passwords => "passwords",
            Self::Transactions => "transactions",
            Self::Counters => "counters",
            Self::Events => "events",
            Self::Hooks => "hooks",
            Self::StatusLists => "status_lists",
            Self::Allotted => "allotted",
            Self::Statuses => "statuses",
        }
    }
}
