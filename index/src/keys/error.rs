//! What can be wrong with keys.

use std::io;

use thiserror::Error;

/// Why something cannot be read or written under a key. No message has a part of a key in it.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The operating system has no random numbers.
    #[error("the system gives no random numbers, and keys are made of them: {0}")]
    NoChance(String),
    /// The file of a master key cannot be read or written.
    #[error("cannot use \"{path}\" for a master key: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Everybody may read the master key.
    #[error("everybody on this machine may read the master key \"{0}\": take that away with chmod 600")]
    Readable(String),
    /// Something that is no master key.
    #[error(
        "{0} is no master key: that is 32 bytes, as they are, as 64 hexadecimal digits, or in base64; make one with `whorl keys new`"
    )]
    Spelled(String),
    /// A variable that is not there.
    #[error("the environment has no variable {0}, which is to hold the master key")]
    Unset(String),
    /// An encrypted gallery, and no key.
    #[error(
        "the gallery \"{0}\" is encrypted: name the file of its master key, with --master-key or the variable WHORL_MASTER_KEY_FILE"
    )]
    Needed(String),
    /// Another key than that of what it is to open.
    #[error("what is in \"{0}\" is encrypted under another master key than the one given: name its own")]
    Wrong(String),
    /// A gallery in the clear, and keys asked for.
    #[error(
        "the gallery \"{0}\" is not encrypted and has no keys: to encrypt it, export it and import it into one that is created so"
    )]
    Plain(String),
    /// No table of keys.
    #[error("there are no keys in \"{0}\": put the newest copy of its folder `keys` back into it")]
    Missing(String),
    /// A table of keys that knows less than the gallery.
    #[error(
        "the folder `keys` of the gallery \"{0}\" is an older copy, which has not all keys that the gallery uses: put the newest there"
    )]
    Stale(String),
    /// The table of keys of another gallery.
    #[error("the folder `keys` in \"{0}\" is that of another gallery: put that of this one there")]
    Foreign(String),
    /// A table of keys where a gallery is to be created.
    #[error(
        "\"{0}\" has a folder `keys` with keys in use: restore the gallery that they belong to, or create this one elsewhere"
    )]
    InUse(String),
    /// What was encrypted differs, or its key or its context.
    #[error("the payload is not what was encrypted with this key in this place: it is damaged, or of another place")]
    Payload,
}
