//! The PostgreSQL store passes the conformance suite.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use store::testing::{Ground, run_all};
use store::{BoxFuture, Store};
use store_postgres::testing::Server;
use store_postgres::{PostgresOptions, PostgresStore};

struct Postgres {
    server: Server,
    made: AtomicU64,
}

impl Postgres {
    async fn open(&self) -> Arc<dyn Store> {
        let number = self.made.load(Ordering::Relaxed);
        let url = format!("{}?schema=s{number}", self.server.url());
        // Small bounds, so that full groups and full queues happen often.
        let options = PostgresOptions {
            readers: 3,
            group_max: 7,
            queue_max: 5,
            poll: Duration::from_millis(100),
            ..PostgresOptions::new(&url).unwrap()
        };
        Arc::new(PostgresStore::open(options).await.unwrap())
    }
}

impl Ground for Postgres {
    fn fresh(&self) -> BoxFuture<'_, Arc<dyn Store>> {
        self.made.fetch_add(1, Ordering::Relaxed);
        Box::pin(self.open())
    }

    fn reopen(&self, store: Arc<dyn Store>) -> BoxFuture<'_, Arc<dyn Store>> {
        Box::pin(async move {
            assert_eq!(Arc::strong_count(&store), 1, "somebody still holds the store");
            drop(store);
            self.open().await
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_postgres_store_conforms() {
    let server = Server::start(&[]).unwrap();
    run_all(&Postgres { server, made: AtomicU64::new(0) }).await;
}
