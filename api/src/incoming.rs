//! Connections as they come in: no more than a bound, and none that stays away for ever without saying anything.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_stream::Stream;
use tonic::transport::server::{Connected, TcpConnectInfo};

/// What connections are bound by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most that are open at once; one more is closed as soon as it is accepted.
    pub connections: usize,
    /// A connection that sends nothing for so long is closed. Clients of HTTP/2 answer pings, so it is longer than their interval.
    pub silence: Duration,
}

/// The connections of a listener.
#[derive(Debug)]
pub(crate) struct Incoming {
    listener: TcpListener,
    places: Arc<Semaphore>,
    silence: Duration,
    refused: Arc<AtomicU64>,
}

impl Incoming {
    pub(crate) fn new(listener: TcpListener, bounds: Bounds) -> Self {
        let places = Arc::new(Semaphore::new(bounds.connections));
        Self { listener, places, silence: bounds.silence, refused: Arc::default() }
    }

    /// How many connections were refused so far, for there were as many as may be.
    pub(crate) fn refused(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.refused)
    }
}

impl Stream for Incoming {
    type Item = io::Result<Connection>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.listener.poll_accept(context) {
                Poll::Pending => return Poll::Pending,
                // One that was gone before it was accepted, or no file handle left: the next may do better.
                Poll::Ready(Err(_)) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(Ok((stream, _))) => match Arc::clone(&self.places).try_acquire_owned() {
                    Ok(place) => return Poll::Ready(Some(Ok(Connection::new(stream, place, self.silence)))),
                    Err(_) => {
                        self.refused.fetch_add(1, Ordering::Relaxed);
                    }
                },
            }
        }
    }
}

/// A connection that has a place, and hears when it was silent for too long.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    silence: Duration,
    end: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, silence: Duration) -> Self {
        // An answer is one write; waiting to fill a packet only delays it. Where the system refuses, it is slower and still right.
        let _ = stream.set_nodelay(true);
        Self { stream, silence, end: Box::pin(sleep_until(Instant::now() + silence)), _place: place }
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(done) => {
                if buffer.filled().len() > before {
                    let end = Instant::now() + self.silence;
                    self.end.as_mut().reset(end);
                }
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_stream::StreamExt;

    use super::*;

    async fn incoming(connections: usize, silence: Duration) -> (Incoming, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (Incoming::new(listener, Bounds { connections, silence }), address)
    }

    #[tokio::test]
    async fn one_connection_too_many_is_closed_and_the_next_is_taken_once_there_is_a_place() {
        let (mut incoming, address) = incoming(1, Duration::from_mins(1)).await;
        let refused = incoming.refused();
        let _first = TcpStream::connect(address).await.unwrap();
        let accepted = incoming.next().await.unwrap().unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(50), incoming.next()).await.is_err());
        assert_eq!(second.read(&mut [0]).await.unwrap_or(0), 0, "closed");
        assert_eq!(refused.load(Ordering::Relaxed), 1);
        drop(accepted);
        let _third = TcpStream::connect(address).await.unwrap();
        assert!(incoming.next().await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn who_says_nothing_for_too_long_is_left() {
        let (mut incoming, address) = incoming(8, Duration::from_millis(80)).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut connection = incoming.next().await.unwrap().unwrap();
        client.write_all(b"x").await.unwrap();
        let mut byte = [0];
        assert_eq!(connection.read(&mut byte).await.unwrap(), 1);
        let left = connection.read(&mut byte).await.unwrap_err();
        assert_eq!(left.kind(), io::ErrorKind::TimedOut);
    }
}
