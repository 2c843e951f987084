//! Files as rows of pieces in the database, so that every node can read them.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{BlobRef, BlobSink, BlobSource, BoxFuture, Digest, Result, StoreError};
use uuid::Uuid;

use crate::connect::Connections;
use crate::value::{int, nat};

/// The size of the pieces in which files are stored.
const PIECE_BYTES: usize = 256 * 1024;

#[derive(Debug)]
pub(crate) struct Sink {
    connections: Connections,
    upload: Uuid,
    /// Number of pieces already in the database; a file of one piece is written only in `finish`.
    pieces: i64,
    piece: Vec<u8>,
    hasher: Sha256,
    bytes: u64,
    limit: u64,
    now: Timestamp,
    state: Progress,
}

#[derive(Debug, PartialEq, Eq)]
enum Progress {
    Begun,
    Failed,
    Finished,
}

impl Sink {
    pub(crate) fn begin(connections: Connections, upload: Uuid, limit: u64, now: Timestamp) -> Self {
        let (pieces, piece, bytes) = (0, Vec::new(), 0);
        let state = Progress::Begun;
        Self { connections, upload, pieces, piece, hasher: Sha256::new(), bytes, limit, now, state }
    }

    async fn take(&mut self, chunk: &[u8]) -> Result<()> {
        if self.state != Progress::Begun {
            return Err(StoreError::malformed("the file failed before"));
        }
        self.bytes += chunk.len() as u64;
        if self.bytes > self.limit {
            self.state = Progress::Failed;
            return Err(StoreError::TooLarge { limit: self.limit });
        }
        self.hasher.update(chunk);
        self.piece.extend_from_slice(chunk);
        while self.piece.len() > PIECE_BYTES {
            let rest = self.piece.split_off(PIECE_BYTES);
            let full = std::mem::replace(&mut self.piece, rest);
            self.put(full).await?;
        }
        Ok(())
    }

    /// Stores a piece. The first one also records when the upload began, so that an abandoned upload can be
    /// swept.
    async fn put(&mut self, piece: Vec<u8>) -> Result<()> {
        let sql = "with begun as (insert into uploads values ($1, $4) on conflict do nothing)
                   insert into blob_pieces values ($1, $2, $3) on conflict do nothing";
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&self.upload, &self.pieces, &piece, &self.now.as_microsecond()];
        if let Err(error) = self.connections.rows(sql, &values).await {
            self.state = Progress::Failed;
            return Err(error);
        }
        self.pieces += 1;
        Ok(())
    }

    async fn finish_now(mut self: Box<Self>) -> Result<BlobRef> {
        if self.state != Progress::Begun {
            return Err(StoreError::malformed("the file failed before"));
        }
        let last = std::mem::take(&mut self.piece);
        let digest = Digest(std::mem::take(&mut self.hasher).finalize().into());
        // The last piece and the row of the file in one statement. If the file exists already, it keeps its
        // own pieces and only its time is renewed.
        let sql = "with piece as (insert into blob_pieces values ($1, $2, $3) on conflict do nothing),
                        begun as (delete from uploads where id = $1)
                   insert into blobs as b (digest, bytes, stored_at, upload) values ($4, $5, $6, $1)
                   on conflict (digest) do update set stored_at = greatest(b.stored_at, excluded.stored_at)
                   returning b.upload";
        let name = digest.0.to_vec();
        let (bytes, at) = (int(self.bytes), self.now.as_microsecond());
        let row =
            self.connections.maybe(sql, &[&self.upload, &self.pieces, &last, &name, &bytes, &at]).await?;
        self.state = Progress::Finished;
        if row.is_some_and(|row| row.get::<_, Uuid>(0) != self.upload) {
            self.connections.rows("delete from blob_pieces where upload = $1", &[&self.upload]).await?;
        }
        Ok(BlobRef { digest, bytes: self.bytes })
    }
}

impl BlobSink for Sink {
    fn write<'a>(&'a mut self, chunk: &'a [u8]) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.take(chunk))
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<BlobRef>> {
        Box::pin(self.finish_now())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // The pieces of an unfinished file are deleted at once if possible; otherwise they are swept.
        if self.state == Progress::Finished || self.pieces == 0 {
            return;
        }
        let (connections, upload) = (self.connections.clone(), self.upload);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let sql = "with begun as (delete from uploads where id = $1)
                           delete from blob_pieces where upload = $1";
                if let Err(error) = connections.rows(sql, &[&upload]).await {
                    tracing::debug!(%error, "an unfinished file is left to be swept");
                }
            });
        }
    }
}

#[derive(Debug)]
pub(crate) struct Source {
    connections: Connections,
    upload: Uuid,
    next: i64,
    bytes: u64,
    read: u64,
}

impl Source {
    pub(crate) async fn open(connections: &Connections, digest: Digest) -> Result<Option<Self>> {
        let sql = "select upload, bytes from blobs where digest = $1";
        let found = connections.maybe(sql, &[&digest.0.to_vec()]).await?;
        Ok(found.map(|row| Self {
            connections: connections.clone(),
            upload: row.get(0),
            next: 0,
            bytes: nat(row.get(1)),
            read: 0,
        }))
    }

    async fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        if self.read >= self.bytes {
            return Ok(None);
        }
        let sql = "select piece from blob_pieces where upload = $1 and number = $2";
        let row = self.connections.maybe(sql, &[&self.upload, &self.next]).await?;
        let piece: Vec<u8> = row.ok_or_else(|| StoreError::fault("a piece of a file is missing"))?.get(0);
        self.next += 1;
        self.read += piece.len() as u64;
        Ok(Some(piece))
    }
}

impl BlobSource for Source {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
        Box::pin(self.piece())
    }
}
