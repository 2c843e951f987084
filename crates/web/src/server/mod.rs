//! The server under the pages: who may be connected, and for how long without asking, sending or taking anything.
//!
//! A head that does not come, a body that trickles and an answer that nobody reads each end by themselves (bodies in
//! [`crate::incoming`]); a full house lets go of whoever has waited longest.

mod seats;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use crate::operations::Metrics;
use seats::{Seat, Seats};

/// What one server gives to all who connect, and to each of them.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Of these, from one address. Whoever connects through a proxy, or on the machine itself, is not counted by it.
    pub connections_each: usize,
    /// Until the head of a request has come; a kept connection ends when no request comes for as long.
    pub head_within: Duration,
    /// Until somebody who was sent something takes some of it.
    pub taken_within: Duration,
    /// Proxies, from which many people come.
    pub proxies: office::Networks,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 800,
            connections_each: 100,
            head_within: Duration::from_secs(15),
            taken_within: Duration::from_secs(30),
            proxies: office::Networks::default(),
        }
    }
}

/// The largest head of a request. Cookies, address and the browser's own lines need a twentieth of it.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long what is under way may still take once the server was told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(30);
/// An answer up to this size leaves the moment it is made, and whoever asked counts as waiting again.
const SOON_SENT_BYTES: u64 = 256 * 1024;
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves until `stop`, and finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: &Metrics,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let seats = Seats::new(limits.connections, limits.connections_each);
    let (stopping, stopped) = watch::channel(false);
    // Every connection holds one end; when all are dropped, nobody is connected.
    let (open, mut closed) = mpsc::channel::<Infallible>(1);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No more files may be open, or the like: that passes.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let counted = !address.is_loopback() && !limits.proxies.holds(address);
        match seats.take(counted.then_some(address)) {
            Some(seat) => {
                let connected = connected(stream, peer, seat, router.clone(), stopped.clone(), &limits);
                let open = open.clone();
                let gauge = metrics.connections.clone();
                gauge.inc();
                tokio::spawn(async move {
                    connected.await;
                    gauge.dec();
                    drop(open);
                });
            }
            None => {
                let _ = stream.try_write(FULL);
            }
        }
    }
    drop(listener);
    stopping.send_replace(true);
    drop(open);
    if tokio::time::timeout(STOP_WITHIN, closed.recv()).await.is_err() {
        tracing::warn!("connections that did not end in time were cut");
    }
    Ok(())
}

fn connected(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Seat,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    limits: &Limits,
) -> impl Future<Output = ()> + Send + 'static {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.taken_within));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_within).max_buf_size(HEAD_BYTES_MAX);
    async move {
        let seat = Arc::new(seat);
        let asking = seat.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let seat = asking.clone();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            seat.asks();
            let answer = router.clone().call(request);
            async move {
                let answer = answer.await;
                if answer.as_ref().is_ok_and(is_soon_sent) {
                    seat.waits();
                }
                answer
            }
        });
        let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(Box::pin(stream)), answer));
        let mut told = false;
        loop {
            tokio::select! {
                biased;
                _ = connection.as_mut() => return,
                () = seat.is_wanted() => return,
                _ = stopped.wait_for(|stopped| *stopped), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Whoever listens for changes waits too: a browser that loses such a connection opens it again.
fn is_soon_sent(answer: &Response<Body>) -> bool {
    answer.body().size_hint().exact().is_some_and(|bytes| bytes <= SOON_SENT_BYTES)
        || answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream")
}
