//! The SQLite store passes the conformance suite.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::testing::{Ground, run_all};
use store::{BoxFuture, Store};
use store_sqlite::{SqliteOptions, SqliteStore};

mod place;
use place::Place;

struct Sqlite {
    place: Place,
    made: AtomicU64,
}

impl Sqlite {
    fn options(&self) -> SqliteOptions {
        let number = self.made.load(Ordering::Relaxed);
        // Small bounds, so that full groups, full caches and checkpoints of the log happen often.
        SqliteOptions {
            readers: 2,
            group_max: 7,
            queue_max: 5,
            stream_cache: 4,
            row_cache: 4,
            wal_soft_bytes: 64 << 10,
            wal_hard_bytes: 256 << 10,
            ..SqliteOptions::new(self.place.path(&format!("{number}.db")))
        }
    }
}

impl Ground for Sqlite {
    fn fresh(&self) -> BoxFuture<'_, Arc<dyn Store>> {
        self.made.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Arc::new(SqliteStore::open(self.options()).unwrap()) as Arc<dyn Store> })
    }

    fn reopen(&self, store: Arc<dyn Store>) -> BoxFuture<'_, Arc<dyn Store>> {
        Box::pin(async move {
            assert_eq!(Arc::strong_count(&store), 1, "somebody still holds the store");
            drop(store);
            Arc::new(SqliteStore::open(self.options()).unwrap()) as Arc<dyn Store>
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sqlite_store_conforms() {
    run_all(&Sqlite { place: Place::new("conformance"), made: AtomicU64::new(0) }).await;
}
