//! The connection breaks just before or just after the server commits: the store finds out which, and answers
//! once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use store::{Batch, Change, CommandId, Expected, Position, Store, Version};
use store_postgres::testing::Server;
use store_postgres::{PostgresOptions, PostgresStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use uuid::Uuid;

mod load;
use load::{at, event, stream};

const PASS: u8 = 0;
/// The commit never reaches the server.
const CUT_BEFORE: u8 = 1;
/// The server commits, and its answer never reaches the node.
const CUT_AFTER: u8 = 2;

/// A proxy to the server whose connection can be cut at the next commit.
struct Wire {
    port: u16,
    cut: Arc<AtomicU8>,
}

impl Wire {
    async fn to(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let socket = server.host().join(".s.PGSQL.5432");
        let cut = Arc::new(AtomicU8::new(PASS));
        let to_cut = Arc::clone(&cut);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(carry(client, socket.clone(), Arc::clone(&to_cut)));
            }
        });
        Self { port, cut }
    }
}

async fn carry(mut client: TcpStream, socket: PathBuf, cut: Arc<AtomicU8>) {
    let Ok(mut server) = UnixStream::connect(socket).await else { return };
    let (mut there, mut back) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut committed = false;
    loop {
        tokio::select! {
            read = client.read(&mut there) => {
                let Ok(length @ 1..) = read else { return };
                // A group ends with the simple query "commit".
                if there[..length].windows(7).any(|part| part == b"commit\0") {
                    match cut.swap(PASS, Ordering::SeqCst) {
                        CUT_BEFORE => return,
                        CUT_AFTER => committed = true,
                        _ => {}
                    }
                }
                if server.write_all(&there[..length]).await.is_err() { return }
            }
            read = server.read(&mut back) => {
                let Ok(length @ 1..) = read else { return };
                if committed {
                    if back[..length].windows(7).any(|part| part == b"COMMIT\0") { return }
                    continue;
                }
                if client.write_all(&back[..length]).await.is_err() { return }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_found_out_and_nothing_is_done_twice() {
    let server = Server::start(&[]).unwrap();
    let wire = Wire::to(&server).await;
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres?schema=n", wire.port);
    let store = PostgresStore::open(PostgresOptions::new(&url).unwrap()).await.unwrap();
    let other = load::node(&server, "n").await;
    let mut done = 0;
    for round in 0..12_u64 {
        for cut in [CUT_BEFORE, CUT_AFTER, PASS] {
            wire.cut.store(cut, Ordering::SeqCst);
            let batch = Batch::new(at(0))
                .append(stream("s", 1), Expected::Version(Version(done)), vec![event()])
                .change(Change::NumberTake { counter: "c".into() });
            let batch = match round % 2 {
                0 => batch.command(CommandId(Uuid::from_u128(u128::from(done))), Vec::new()),
                _ => batch,
            };
            // Another node writes in between, which must not be mistaken for this node's group.
            let between = other.take_numbers("other", 1);
            let (outcome, _) = tokio::join!(store.commit(batch), between);
            let outcome = outcome.unwrap();
            done += 1;
            assert!(!outcome.is_repeated());
            assert_eq!(outcome.numbers(), [done]);
            assert_eq!(outcome.positions().unwrap().last, Position(done));
            assert_eq!(wire.cut.load(Ordering::SeqCst), PASS, "the wire was cut");
        }
    }
    assert_eq!(store.stream_head(&stream("s", 1)).await.unwrap().unwrap().version, Version(done));
    assert_eq!(other.take_numbers("c", 1).await.unwrap(), done + 1);
}
