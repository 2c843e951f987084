//! Learning of other nodes' commits: by notification, and by polling in case one was missed.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use store::{Position, Result};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::connect::{Connections, told};
use crate::value::nat;

/// The server to listen to.
pub(crate) struct Server {
    pub(crate) config: Config,
    pub(crate) tls: Option<MakeRustlsConnect>,
}

const RETRY: Duration = Duration::from_millis(500);

/// Keeps subscribers informed of the journal's end for as long as the store exists. `greeting` is the SQL
/// that starts a listening session.
pub(crate) async fn keep_telling(
    server: Server,
    greeting: String,
    connections: Connections,
    visible: Arc<watch::Sender<Position>>,
    poll: Duration,
) {
    let (notices, mut noticed) = mpsc::channel(64);
    let listening = tokio::spawn(keep_listening(server, greeting, notices));
    // Aborts the listener when this task ends, however it ends.
    let _guard = Abort(listening);
    loop {
        match tokio::time::timeout(poll, noticed.recv()).await {
            Ok(Some(Some(position))) => tell(&visible, position),
            // The listener has reconnected, or nothing was heard for a while.
            Ok(Some(None)) | Err(_) => match head(&connections).await {
                Ok(position) => tell(&visible, position),
                Err(error) => tracing::warn!(%error, "the end of the journal could not be looked up"),
            },
            Ok(None) => return,
        }
    }
}

/// Notifies other nodes of this one's commits: a single commit at once, commits in quick succession together.
/// Nodes find commits whose notification was lost by polling.
pub(crate) async fn keep_notifying(
    connections: Connections,
    channel: String,
    mut own: watch::Receiver<Position>,
) {
    const APART: Duration = Duration::from_millis(5);
    while own.changed().await.is_ok() {
        let position = own.borrow_and_update().0.to_string();
        if let Err(error) = connections.rows("select pg_notify($1, $2)", &[&channel, &position]).await {
            tracing::debug!(%error, "other nodes were not told of a commit");
        }
        tokio::time::sleep(APART).await;
    }
}

struct Abort(tokio::task::JoinHandle<()>);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn tell(visible: &watch::Sender<Position>, position: Position) {
    visible.send_if_modified(|seen| {
        let grown = position > *seen;
        *seen = position.max(*seen);
        grown
    });
}

pub(crate) async fn head(connections: &Connections) -> Result<Position> {
    let row = connections.maybe("select last from journal", &[]).await?;
    Ok(row.map_or(Position::START, |row| Position(nat(row.get(0)))))
}

/// Sends the positions notified, and `None` after each reconnection, because notifications before it may be
/// lost.
async fn keep_listening(server: Server, greeting: String, notices: mpsc::Sender<Option<Position>>) {
    loop {
        if let Err(error) = listen(&server, &greeting, &notices).await {
            let why = told(&error);
            tracing::debug!(%why, "listening for commits was interrupted");
        }
        if notices.is_closed() {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen(
    server: &Server,
    greeting: &str,
    notices: &mpsc::Sender<Option<Position>>,
) -> std::result::Result<(), tokio_postgres::Error> {
    match &server.tls {
        Some(tls) => {
            let (client, connection) = server.config.connect(tls.clone()).await?;
            attend(&client, connection, greeting, notices).await
        }
        None => {
            let (client, connection) = server.config.connect(NoTls).await?;
            attend(&client, connection, greeting, notices).await
        }
    }
}

async fn attend<S: AsyncRead + AsyncWrite + Unpin, T: AsyncRead + AsyncWrite + Unpin>(
    client: &Client,
    mut connection: Connection<S, T>,
    greeting: &str,
    notices: &mpsc::Sender<Option<Position>>,
) -> std::result::Result<(), tokio_postgres::Error> {
    let (mut messages, mut begun) = (poll_fn(move |context| connection.poll_message(context)), false);
    let mut listen = Box::pin(client.batch_execute(greeting));
    loop {
        tokio::select! {
            answer = &mut listen, if !begun => {
                answer?;
                begun = true;
                if notices.send(None).await.is_err() { return Ok(()) }
            }
            message = &mut messages => match message.transpose()? {
                Some(AsyncMessage::Notification(notice)) => {
                    let position = notice.payload().parse().ok().map(Position);
                    if notices.send(position).await.is_err() { return Ok(()) }
                }
                Some(_) => {}
                None => return Ok(()),
            }
        }
    }
}
