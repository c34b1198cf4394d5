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
use crate::calls::{About, Call};
use crate::workplace::Workplace;

const CREATE: &str = "/whorl.v1.GalleryService/CreateGallery";
const LIST: &str = "/whorl.v1.GalleryService/ListGalleries";
const GET: &str = "/whorl.v1.GalleryService/GetGallery";
const COMPACT: &str = "/whorl.v1.GalleryService/CompactGallery";
const SCRUB: &str = "/whorl.v1.GalleryService/ScrubGallery";
const BACK_UP: &str = "/whorl.v1.GalleryService/BackUpGallery";
const REOPEN: &str = "/whorl.v1.GalleryService/ReopenGallery";
const EXPORT: &str = "/whorl.v1.GalleryService/ExportGallery";

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
        let (call, name) = (Call::of(CREATE, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let create = move |workplace: &Workplace| Ok(state(&name, &*workplace.galleries.create(&name)?));
        let made = self.work(call, about, move |workplace, _, _| create(workplace)).await?;
        Ok(Response::new(v1::CreateGalleryResponse { gallery: Some(made) }))
    }

    async fn list_galleries(
        &self,
        request: Request<v1::ListGalleriesRequest>,
    ) -> Result<Response<v1::ListGalleriesResponse>, Status> {
        let list = |workplace: &Workplace| {
            let listed = workplace.galleries.list();
            Ok(listed.iter().map(|(name, desk)| state(name, desk)).collect())
        };
        let call = Call::of(LIST, &request);
        let galleries = self.work(call, About::default(), move |workplace, _, _| list(workplace)).await?;
        Ok(Response::new(v1::ListGalleriesResponse { galleries }))
    }

    async fn get_gallery(
        &self,
        request: Request<v1::GetGalleryRequest>,
    ) -> Result<Response<v1::GetGalleryResponse>, Status> {
        let (call, name) = (Call::of(GET, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let get = move |workplace: &Workplace| Ok(state(&name, &*workplace.desk(&name)?));
        let gallery = self.work(call, about, move |workplace, _, _| get(workplace)).await?;
        Ok(Response::new(v1::GetGalleryResponse { gallery: Some(gallery) }))
    }

    async fn compact_gallery(
        &self,
        request: Request<v1::CompactGalleryRequest>,
    ) -> Result<Response<v1::CompactGalleryResponse>, Status> {
        let (call, name) = (Call::of(COMPACT, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let compact = move |workplace: &Workplace| {
            let desk = workplace.desk(&name)?;
            desk.gallery().compact()?;
            Ok(state(&name, &desk))
        };
        let gallery = self.work(call, about, move |workplace, _, _| compact(workplace)).await?;
        Ok(Response::new(v1::CompactGalleryResponse { gallery: Some(gallery) }))
    }

    async fn scrub_gallery(
        &self,
        request: Request<v1::ScrubGalleryRequest>,
    ) -> Result<Response<v1::ScrubGalleryResponse>, Status> {
        let (call, name) = (Call::of(SCRUB, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let scrub = move |workplace: &Workplace| {
            let snapshot = workplace.desk(&name)?.snapshot();
            let flaws = workplace.engine.install(|| snapshot.verify());
            Ok(flaws.into_iter().map(|flaw| flaw.to_string()).collect())
        };
        let flaws = self.work(call, about, move |workplace, _, _| scrub(workplace)).await?;
        Ok(Response::new(v1::ScrubGalleryResponse { flaws }))
    }

    async fn back_up_gallery(
        &self,
        request: Request<v1::BackUpGalleryRequest>,
    ) -> Result<Response<v1::BackUpGalleryResponse>, Status> {
        let (call, name) = (Call::of(BACK_UP, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let copied = self.work(call, about, move |workplace, _, _| workplace.back_up(&name)).await?;
        Ok(Response::new(copied))
    }

    async fn reopen_gallery(
        &self,
        request: Request<v1::ReopenGalleryRequest>,
    ) -> Result<Response<v1::ReopenGalleryResponse>, Status> {
        let (call, name) = (Call::of(REOPEN, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let reopen = move |workplace: &Workplace| {
            let desk = workplace.desk(&name)?;
            desk.reopen()?;
            Ok(state(&name, &desk))
        };
        let gallery = self.work(call, about, move |workplace, _, _| reopen(workplace)).await?;
        Ok(Response::new(v1::ReopenGalleryResponse { gallery: Some(gallery) }))
    }

    async fn export_gallery(&self, request: Request<v1::ExportGalleryRequest>) -> Result<Response<Pieces>, Status> {
        let (call, name) = (Call::of(EXPORT, &request), request.into_inner().name);
        let about = About::gallery(&name);
        let open = move |workplace: &Workplace| Ok(workplace.desk(&name)?.snapshot());
        // It is recorded when it begins.
        let snapshot = self.work(call, about, move |workplace, _, _| open(workplace)).await?;
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
        let folder = self.policy.backups.join(name);
        let (source, target) = (Files::new(self.galleries.place(name)), Files::new(&folder));
        let copied = self.engine.install(|| back_up(&source, &target))?;
        let (sequence, copied_bytes) = (copied.sequence, copied.bytes);
        Ok(v1::BackUpGalleryResponse { folder: folder.display().to_string(), sequence, copied_bytes })
    }
}

fn state(name: &str, desk: &Desk) -> v1::Gallery {
    gallery(name, &desk.snapshot().stats())
}
