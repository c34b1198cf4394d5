//! What is known of a call besides its message: who makes it, what it is called, and which method it is for.

use tonic::Request;

use crate::operations::RequestId;
use crate::security::{Client, Role};

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The method, as `/whorl.v1.EnrolmentService/Enrol`.
    pub(crate) method: &'static str,
    pub(crate) client: Client,
    /// The name of the request; empty where nobody named it.
    pub(crate) request: String,
}

/// Whom a call is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The gallery; empty where it is about none, or several.
    pub(crate) gallery: String,
    /// The references that it names.
    pub(crate) references: Vec<String>,
    /// Why, where the client says so.
    pub(crate) purpose: String,
}

impl Call {
    /// What a request says of its call.
    pub(crate) fn of<T>(method: &'static str, request: &Request<T>) -> Self {
        let extensions = request.extensions();
        Self {
            method,
            client: extensions.get::<Client>().cloned().unwrap_or_else(Client::anonymous),
            request: extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// Whether the client has a role that the method alone does not need.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.client.roles.has(role)
    }
}

impl About {
    pub(crate) fn gallery(gallery: &str) -> Self {
        Self { gallery: gallery.to_owned(), ..Self::default() }
    }

    pub(crate) fn reference(gallery: &str, id: &str) -> Self {
        Self { gallery: gallery.to_owned(), references: vec![id.to_owned()], ..Self::default() }
    }
}
