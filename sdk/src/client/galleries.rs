//! Galleries: making, looking after and copying them.

use std::io::Write;

use tonic::transport::Channel;
use whorl_proto::v1;
use whorl_proto::v1::gallery_service_client::GalleryServiceClient;

use super::error::ClientError;
use super::retry::Repeat;
use super::{Client, MAX_ANSWER_BYTES};

/// The galleries of a server.
#[derive(Debug, Clone, Copy)]
pub struct Galleries<'a>(&'a Client);

/// What is in a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gallery {
    /// Its name.
    pub name: String,
    /// References.
    pub references: u64,
    /// The number of its last change.
    pub sequence: u64,
    /// Templates of fingers.
    pub fingers: u64,
    /// Templates of eyes.
    pub irises: u64,
    /// Templates of faces.
    pub faces: u64,
    /// Sealed segments.
    pub segments: u64,
    /// References that only journals hold.
    pub unsealed: u64,
    /// References that were removed and are not compacted away yet.
    pub removed: u64,
    /// Bytes that searches scan.
    pub hot_bytes: u64,
    /// Bytes that are read of candidates only.
    pub cold_bytes: u64,
}

/// A copy of a gallery on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Its folder there.
    pub folder: String,
    /// The last change that it holds.
    pub sequence: u64,
    /// Bytes that were copied now.
    pub copied_bytes: u64,
}

impl Client {
    /// The galleries of the server.
    #[must_use]
    pub fn galleries(&self) -> Galleries<'_> {
        Galleries(self)
    }
}

impl Galleries<'_> {
    /// Makes an empty gallery: `name` has 1 to 64 of a-z, 0-9 and hyphens.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::GalleryExists`](super::Reason::GalleryExists) where there is one.
    pub async fn create(&self, name: &str) -> Result<Gallery, ClientError> {
        let message = v1::CreateGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).create_gallery(request).await };
        gallery(self.0.call(message, Repeat::WhenRefused, send).await?.gallery)
    }

    /// Lists them by name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn list(&self) -> Result<Vec<Gallery>, ClientError> {
        let send = |channel, request| async move { service(channel).list_galleries(request).await };
        let told = self.0.call(v1::ListGalleriesRequest {}, Repeat::Freely, send).await?;
        Ok(told.galleries.into_iter().map(Into::into).collect())
    }

    /// Says what is in one.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::GalleryNotFound`](super::Reason::GalleryNotFound) where there is none.
    pub async fn get(&self, name: &str) -> Result<Gallery, ClientError> {
        let message = v1::GetGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).get_gallery(request).await };
        gallery(self.0.call(message, Repeat::Freely, send).await?.gallery)
    }

    /// Merges what was enrolled one by one, so that what was removed is gone from the files.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn compact(&self, name: &str) -> Result<Gallery, ClientError> {
        let message = v1::CompactGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).compact_gallery(request).await };
        gallery(self.0.call(message, Repeat::Freely, send).await?.gallery)
    }

    /// Has every byte read, and says what is wrong where; nothing where all is well.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn scrub(&self, name: &str) -> Result<Vec<String>, ClientError> {
        let message = v1::ScrubGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).scrub_gallery(request).await };
        Ok(self.0.call(message, Repeat::Freely, send).await?.flaws)
    }

    /// Copies one to the server's folder for backups; a second copy brings over what is new.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn back_up(&self, name: &str) -> Result<BackedUp, ClientError> {
        let message = v1::BackUpGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).back_up_gallery(request).await };
        let v1::BackUpGalleryResponse { folder, sequence, copied_bytes } =
            self.0.call(message, Repeat::Freely, send).await?;
        Ok(BackedUp { folder, sequence, copied_bytes })
    }

    /// Has one take changes again after the server's storage failed, once it is mended; where nothing failed, nothing is done.
    ///
    /// # Errors
    /// [`ClientError`]; [`Reason::StorageFailed`](super::Reason::StorageFailed) where the storage still fails.
    pub async fn reopen(&self, name: &str) -> Result<Gallery, ClientError> {
        let message = v1::ReopenGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).reopen_gallery(request).await };
        gallery(self.0.call(message, Repeat::WhenRefused, send).await?.gallery)
    }

    /// Writes one to `out`, a tar archive in open formats, and says how many bytes it has. Writing holds up the thread.
    ///
    /// # Errors
    /// [`ClientError`]; what was written until then is no whole archive.
    pub async fn export(&self, name: &str, out: &mut (impl Write + Send)) -> Result<u64, ClientError> {
        let message = v1::ExportGalleryRequest { name: name.to_owned() };
        let send = |channel, request| async move { service(channel).export_gallery(request).await };
        let mut pieces = self.0.open(message, Repeat::Freely, send).await?;
        let mut bytes = 0;
        while let Some(told) = pieces.message().await? {
            out.write_all(&told.piece)?;
            bytes += told.piece.len() as u64;
        }
        out.flush()?;
        Ok(bytes)
    }
}

fn service(channel: Channel) -> GalleryServiceClient<Channel> {
    GalleryServiceClient::new(channel).max_decoding_message_size(MAX_ANSWER_BYTES)
}

fn gallery(told: Option<v1::Gallery>) -> Result<Gallery, ClientError> {
    told.map(Into::into).ok_or(ClientError::Answer("gallery"))
}

impl From<v1::Gallery> for Gallery {
    fn from(told: v1::Gallery) -> Self {
        Self {
            name: told.name,
            references: told.references,
            sequence: told.sequence,
            fingers: told.fingers,
            irises: told.irises,
            faces: told.faces,
            segments: told.segments,
            unsealed: told.unsealed,
            removed: told.removed,
            hot_bytes: told.hot_bytes,
            cold_bytes: told.cold_bytes,
        }
    }
}
