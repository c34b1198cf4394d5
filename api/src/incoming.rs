//! Connections as they come in: no more than a bound, and none that stays away for ever without saying anything.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::channel;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use crate::security::{PeerCertificates, Renewal};

/// What connections are bound by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most that are open at once; one more is closed as soon as it is accepted.
    pub connections: usize,
    /// How long a client may take to agree on keys.
    pub handshake: Duration,
    /// How long a client may take, once keys are agreed on, until it has sent as much as says which protocol it speaks.
    pub opening: Duration,
    /// A connection that sends nothing for so long is closed. Clients of HTTP/2 answer pings, so it is longer than their interval.
    pub silence: Duration,
}

/// How many connections that agreed on keys may wait to be served.
const AGREED: usize = 64;

/// How many bytes say which protocol a client speaks: those that every connection of HTTP/2 begins with. After them HTTP/2 asks with
/// pings whether the client is there, and HTTP/1 bounds the time for the head of each request; before them nothing else would.
const OPENING_BYTES: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// How long nothing is accepted after the system refused to, for want of file handles.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// The connections of a listener, those of strangers already turned away.
pub(crate) struct Incoming(ReceiverStream<io::Result<Connection>>);

/// How many connections were refused so far, for there were as many as may be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused(Arc<AtomicU64>);

impl Refused {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Incoming {
    /// Accepts from `listener` until this is dropped, with keys where `tls` is there.
    pub(crate) fn new(listener: TcpListener, tls: Option<Arc<Renewal>>, bounds: Bounds) -> (Self, Refused) {
        let (send, agreed) = channel(AGREED);
        let (places, refused) = (Arc::new(Semaphore::new(bounds.connections)), Refused::default());
        let count = refused.clone();
        tokio::spawn(async move {
            loop {
                let stream = tokio::select! {
                    () = send.closed() => break,
                    accepted = listener.accept() => accepted,
                };
                let Ok((stream, _)) = stream else {
                    sleep(REFUSED_PAUSE).await;
                    continue;
                };
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    count.0.fetch_add(1, Ordering::Relaxed);
                    continue;
                };
                // An answer is one write; waiting to fill a packet only delays it. Where the system refuses, it is slower.
                let _ = stream.set_nodelay(true);
                let acceptor = tls.as_ref().map(|tls| TlsAcceptor::from(tls.config()));
                let send = send.clone();
                tokio::spawn(async move {
                    // Who does not agree in time, or is no client of ours, is left without a word, as TLS has it.
                    let agreed = timeout(bounds.handshake, Transport::agree(acceptor, stream)).await;
                    if let Ok(Ok(transport)) = agreed {
                        let connection = Connection::new(transport, place, bounds);
                        let _ = send.send(Ok(connection)).await;
                    }
                });
            }
        });
        (Self(ReceiverStream::new(agreed)), refused)
    }
}

impl Stream for Incoming {
    type Item = io::Result<Connection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(context)
    }
}

/// What bytes go through.
enum Transport {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Transport {
    async fn agree(acceptor: Option<TlsAcceptor>, stream: TcpStream) -> io::Result<Self> {
        match acceptor {
            None => Ok(Self::Clear(stream)),
            Some(acceptor) => Ok(Self::Encrypted(Box::new(acceptor.accept(stream).await?))),
        }
    }

    fn certificates(&self) -> Vec<CertificateDer<'static>> {
        match self {
            Self::Clear(_) => Vec::new(),
            Self::Encrypted(stream) => stream.get_ref().1.peer_certificates().unwrap_or_default().to_vec(),
        }
    }
}

/// A connection that has a place, and hears when it was silent for too long.
pub(crate) struct Connection {
    transport: Transport,
    /// What the client showed, for the extensions of each of its requests.
    certificates: PeerCertificates,
    silence: Duration,
    /// When it ends unless more comes.
    end: Pin<Box<Sleep>>,
    /// How many bytes are still missing of those that say which protocol it is.
    opening: usize,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(transport: Transport, place: OwnedSemaphorePermit, bounds: Bounds) -> Self {
        let certificates = PeerCertificates(Arc::new(transport.certificates()));
        let end = Box::pin(sleep_until(Instant::now() + bounds.opening));
        Self { transport, certificates, silence: bounds.silence, end, opening: OPENING_BYTES, _place: place }
    }

    /// Takes note that so many bytes came. One by one does not help a client that does not come to its point.
    fn heard(&mut self, bytes: usize) {
        self.opening = self.opening.saturating_sub(bytes);
        if bytes > 0 && self.opening == 0 {
            let end = Instant::now() + self.silence;
            self.end.as_mut().reset(end);
        }
    }
}

impl Connected for Connection {
    type ConnectInfo = PeerCertificates;

    fn connect_info(&self) -> PeerCertificates {
        self.certificates.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = match &mut self.transport {
            Transport::Clear(stream) => Pin::new(stream).poll_read(context, buffer),
            Transport::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        match read {
            Poll::Ready(done) => {
                self.heard(buffer.filled().len() - before);
                Poll::Ready(done)
            }
            Poll::Pending => match self.end.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.transport {
            Transport::Clear(stream) => Pin::new(stream).poll_write(context, bytes),
            Transport::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Clear(stream) => Pin::new(stream).poll_flush(context),
            Transport::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.transport {
            Transport::Clear(stream) => Pin::new(stream).poll_shutdown(context),
            Transport::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_stream::StreamExt;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);
    const SHORT: Duration = Duration::from_millis(80);

    async fn incoming(
        connections: usize,
        opening: Duration,
        silence: Duration,
    ) -> (Incoming, Refused, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let bounds = Bounds { connections, handshake: Duration::from_secs(5), opening, silence };
        let (incoming, refused) = Incoming::new(listener, None, bounds);
        (incoming, refused, address)
    }

    #[tokio::test]
    async fn one_connection_too_many_is_closed_and_the_next_is_taken_once_there_is_a_place() {
        let (mut incoming, refused, address) = incoming(1, LONG, LONG).await;
        let _first = TcpStream::connect(address).await.unwrap();
        let accepted = incoming.next().await.unwrap().unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        assert_eq!(second.read(&mut [0]).await.unwrap_or(0), 0, "closed");
        assert_eq!(refused.count(), 1);
        drop(accepted);
        let _third = TcpStream::connect(address).await.unwrap();
        assert!(incoming.next().await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn who_says_nothing_for_too_long_is_left() {
        let (mut incoming, _, address) = incoming(8, LONG, SHORT).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut connection = incoming.next().await.unwrap().unwrap();
        client.write_all(&[b'x'; OPENING_BYTES]).await.unwrap();
        let mut bytes = [0; OPENING_BYTES];
        assert_eq!(connection.read_exact(&mut bytes).await.unwrap(), OPENING_BYTES);
        let left = connection.read(&mut bytes).await.unwrap_err();
        assert_eq!(left.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_does_not_say_in_time_what_he_speaks_is_left_however_often_he_says_a_little() {
        let (mut incoming, _, address) = incoming(8, SHORT, LONG).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut connection = incoming.next().await.unwrap().unwrap();
        let dripping = tokio::spawn(async move {
            for _ in 1..OPENING_BYTES {
                // The server has gone once it has had enough.
                let _ = client.write_all(b"P").await;
                sleep(SHORT / 10).await;
            }
            // It says no more, and does not hang up either.
            std::future::pending::<()>().await;
        });
        let mut bytes = Vec::new();
        let left = connection.read_to_end(&mut bytes).await.unwrap_err();
        assert_eq!((left.kind(), bytes.len() < OPENING_BYTES), (io::ErrorKind::TimedOut, true));
        dripping.abort();
    }
}
