//! Why a call failed, for programs and for people: a status with a `google.rpc.ErrorInfo` whose reason is one of [`Reason`].

use std::collections::HashMap;
use std::time::Duration;

use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};
use whorl_index::{GalleryError, SearchError};
use whorl_service::IdentifyError;
use whorl_service::audit::AuditError;
use whorl_service::desk::DeskError;
use whorl_service::galleries::GalleriesError;
use whorl_service::jobs::JobError;
use whorl_service::sample::SampleError;

use super::code::code;
pub(crate) use whorl_proto::Reason;

/// Who says the reasons, as `google.rpc.ErrorInfo` wants it.
pub const DOMAIN: &str = "whorl";

/// After how long who met a busy server, or his own request, may ask again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// That a call was not done within the time that was granted.
pub(crate) fn too_late(granted: Duration) -> Status {
    let message = format!("the call was not done within {} ms; ask for more time", granted.as_millis());
    Failure::new(Reason::DeadlineExceeded, message).into()
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: Reason,
    message: String,
    /// The field that is wrong, where one is.
    field: Option<String>,
    /// What else a program may want to know.
    more: HashMap<String, String>,
}

impl Failure {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), field: None, more: HashMap::new() }
    }

    /// A field that is missing, out of its range, or contradicts another.
    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Reason::InvalidArgument, message) }
    }

    /// A sample that cannot be read, by its place in the request.
    pub(super) fn sample(field: &str, number: usize, error: &SampleError) -> Self {
        let more = HashMap::from([("sample_error".to_owned(), error.name().to_owned())]);
        let message = format!("{field}[{number}]: {error}");
        Self { field: Some(format!("{field}[{number}]")), more, ..Self::new(Reason::UnreadableSample, message) }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let Failure { reason, message, field, more } = failure;
        let mut details = ErrorDetails::with_error_info(reason.name(), DOMAIN, more);
        if matches!(reason, Reason::Overloaded | Reason::InProgress) {
            details.set_retry_info(Some(ASK_AGAIN));
        }
        if let Some(field) = field {
            details.add_bad_request_violation(field, message.clone());
        }
        Self::with_error_details(code(reason), message, details)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let reason = match &error {
            DeskError::NothingToCompare => Reason::NothingToCompare,
            DeskError::Attack(..) => Reason::AttackReported,
            DeskError::NotEnrolled(_) => Reason::NotEnrolled,
            DeskError::Identify(error) => of_search(error),
            DeskError::Gallery(error) => of_gallery(error),
            DeskError::Broken => Reason::Internal,
        };
        Self::new(reason, error.to_string())
    }
}

impl From<GalleriesError> for Failure {
    fn from(error: GalleriesError) -> Self {
        let reason = match &error {
            GalleriesError::Name(_) => return Self::field("gallery", error.to_string()),
            GalleriesError::Absent(_) => Reason::GalleryNotFound,
            GalleriesError::Exists(_) => Reason::GalleryExists,
            GalleriesError::TooMany | GalleriesError::Thread { .. } => Reason::Overloaded,
            GalleriesError::Folder { .. } => Reason::StorageFailed,
            GalleriesError::Gallery { source, .. } => of_gallery(source),
        };
        Self::new(reason, error.to_string())
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        let message = error.to_string();
        let reason = match error {
            JobError::Absent(_) => Reason::JobNotFound,
            JobError::State { .. } | JobError::Busy { .. } => Reason::JobState,
            JobError::TooMany => Reason::Overloaded,
            JobError::Folder { .. } => Reason::StorageFailed,
            JobError::Gallery(error) => return error.into(),
        };
        Self::new(reason, message)
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        let message =
            format!("what was asked cannot be recorded, so it is not answered; it may have been done: {error}");
        Self::new(Reason::AuditFailed, message)
    }
}

impl From<GalleryError> for Failure {
    fn from(error: GalleryError) -> Self {
        Self::new(of_gallery(&error), error.to_string())
    }
}

fn of_search(error: &IdentifyError) -> Reason {
    match error {
        IdentifyError::Policy(_) => Reason::InvalidArgument,
        IdentifyError::Search(error) => match error {
            SearchError::Flawed(_) => Reason::Damaged,
            SearchError::TooManyTemplates { .. }
            | SearchError::TooManyCandidates(_)
            | SearchError::TooManyNamed(_)
            | SearchError::NoIndex => Reason::InvalidArgument,
            SearchError::Undescribed { .. } | SearchError::OtherModel { .. } | SearchError::OtherDimension { .. } => {
                Reason::OtherVersion
            }
            SearchError::DeadlinePassed => Reason::DeadlineExceeded,
            SearchError::Unwanted => Reason::GivenUp,
            SearchError::Index(_) => Reason::Internal,
        },
    }
}

fn of_gallery(error: &GalleryError) -> Reason {
    match error {
        GalleryError::Duplicate(_) => Reason::AlreadyEnrolled,
        GalleryError::NotEnrolled(_) => Reason::NotEnrolled,
        GalleryError::Absent(_) => Reason::GalleryNotFound,
        GalleryError::Exists(_) => Reason::GalleryExists,
        GalleryError::Sealed(_) => Reason::Overloaded,
        GalleryError::Flawed(_) => Reason::Damaged,
        GalleryError::Undescribed { .. }
        | GalleryError::OtherVersion { .. }
        | GalleryError::OtherModel { .. }
        | GalleryError::OtherDimension { .. } => Reason::OtherVersion,
        GalleryError::TooManyChanges(_) | GalleryError::TooManyTemplates { .. } | GalleryError::Misplaced { .. } => {
            Reason::InvalidArgument
        }
        GalleryError::Storage(_)
        | GalleryError::Keys(_)
        | GalleryError::Foreign(_)
        | GalleryError::TooManySegments
        | GalleryError::Unsettled => Reason::StorageFailed,
        GalleryError::Together(error) => of_gallery(error),
    }
}
