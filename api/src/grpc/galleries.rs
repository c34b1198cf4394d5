//! `whorl.v1.GalleryService`.

use std::io::{self, Write};
use std::pin::Pin;

use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use whorl_index::{Files, back_up};
use whorl_proto::v1;
use whorl_proto::v1::gallery_service_server::GalleryService;
use whorl_service::desk::Desk;
use whorl_service::{Unwatched, exchange};

use super::Services;
use super::convert::gallery;
use super::failure::{Failure, Reason};
use crate::workplace::Workplace;

/// How large the pieces of an export are, and how many of them wait for a slow client: 4 MiB.
const PIECE_BYTES: usize = 256 << 10;
const PIECES: usize = 16;

/// Pieces of an archive.
type Pieces = Pin<Box<dyn Stream<Item = Result<v1::ExportGalleryResponse, Status>> + Send>>;

#[tonic::async_trait]
impl GalleryService for Services {
    type ExportGalleryStream = Pieces;

    async fn create_gallery(
        &self,
        request: Request<v1::CreateGalleryRequest>,
    ) -> Result<Response<v1::CreateGalleryResponse>, Status> {
        let name = request.into_inner().name;
        let made = self.work(move |workplace, _| Ok(state(&name, &*workplace.galleries.create(&name)?))).await?;
        Ok(Response::new(v1::CreateGalleryResponse { gallery: Some(made) }))
    }

    async fn list_galleries(
        &self,
        _request: Request<v1::ListGalleriesRequest>,
    ) -> Result<Response<v1::ListGalleriesResponse>, Status> {
        let listed = self.workplace.galleries.list();
        let galleries = listed.iter().map(|(name, desk)| state(name, desk)).collect();
        Ok(Response::new(v1::ListGalleriesResponse { galleries }))
    }

    async fn get_gallery(
        &self,
        request: Request<v1::GetGalleryRequest>,
    ) -> Result<Response<v1::GetGalleryResponse>, Status> {
        let name = request.into_inner().name;
        let desk = self.workplace.desk(&name).map_err(Failure::from)?;
        Ok(Response::new(v1::GetGalleryResponse { gallery: Some(state(&name, &desk)) }))
    }

    async fn compact_gallery(
        &self,
        request: Request<v1::CompactGalleryRequest>,
    ) -> Result<Response<v1::CompactGalleryResponse>, Status> {
        let name = request.into_inner().name;
        let compact = move |workplace: &Workplace| {
            let desk = workplace.desk(&name)?;
            workplace.engine.install(|| desk.gallery().compact())?;
            Ok(state(&name, &desk))
        };
        let gallery = self.work(move |workplace, _| compact(workplace)).await?;
        Ok(Response::new(v1::CompactGalleryResponse { gallery: Some(gallery) }))
    }

    async fn scrub_gallery(
        &self,
        request: Request<v1::ScrubGalleryRequest>,
    ) -> Result<Response<v1::ScrubGalleryResponse>, Status> {
        let name = request.into_inner().name;
        let scrub = move |workplace: &Workplace| {
            let snapshot = workplace.desk(&name)?.snapshot();
            let flaws = workplace.engine.install(|| snapshot.verify());
            Ok(flaws.into_iter().map(|flaw| flaw.to_string()).collect())
        };
        let flaws = self.work(move |workplace, _| scrub(workplace)).await?;
        Ok(Response::new(v1::ScrubGalleryResponse { flaws }))
    }

    async fn back_up_gallery(
        &self,
        request: Request<v1::BackUpGalleryRequest>,
    ) -> Result<Response<v1::BackUpGalleryResponse>, Status> {
        let name = request.into_inner().name;
        let copied = self.work(move |workplace, _| workplace.back_up(&name)).await?;
        Ok(Response::new(copied))
    }

    async fn export_gallery(&self, request: Request<v1::ExportGalleryRequest>) -> Result<Response<Pieces>, Status> {
        let snapshot = self.workplace.desk(&request.into_inner().name).map_err(Failure::from)?.snapshot();
        let place = self.workplace.admit().map_err(Failure::from)?;
        let (pieces, sent) = channel(PIECES);
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let out = io::BufWriter::with_capacity(PIECE_BYTES, Outgoing(&pieces));
            if let Err(error) = exchange::export(&snapshot, out, true, &Unwatched) {
                let failure = Failure::new(Reason::Damaged, error.to_string());
                // Where the client has gone there is nobody to tell.
                let _ = pieces.blocking_send(Err(failure.into()));
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(sent))))
    }
}

/// Pieces of an archive on their way; writing waits for a slow client, and fails when it is gone.
struct Outgoing<'a>(&'a Sender<Result<v1::ExportGalleryResponse, Status>>);

impl Write for Outgoing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(PIECE_BYTES)];
        let message = v1::ExportGalleryResponse { piece: piece.to_vec().into() };
        match self.0.blocking_send(Ok(message)) {
            Ok(()) => Ok(piece.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Workplace {
    /// Copies a gallery to its folder among the backups.
    fn back_up(&self, name: &str) -> Result<v1::BackUpGalleryResponse, Failure> {
        self.desk(name)?;
        let Some(backups) = &self.policy.backups else {
            let message = "this server has no folder for backups: state one in its configuration (data.backups)";
            return Err(Failure::new(Reason::InvalidArgument, message));
        };
        let folder = backups.join(name);
        let (source, target) = (Files::new(self.galleries.place(name)), Files::new(&folder));
        let copied = self.engine.install(|| back_up(&source, &target))?;
        let (sequence, copied_bytes) = (copied.sequence, copied.bytes);
        Ok(v1::BackUpGalleryResponse { folder: folder.display().to_string(), sequence, copied_bytes })
    }
}

fn state(name: &str, desk: &Desk) -> v1::Gallery {
    gallery(name, &desk.snapshot().stats())
}
