//! Changes of the file behind the store's back are found.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use store::{
    Batch, Change, CheckpointSigner, CheckpointVerifier, Digest, Expected, NewEvent, Store, StreamId,
    VaultEntry, audit, take_checkpoint,
};
use store_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

mod place;
use place::Place;

struct Key;

impl CheckpointSigner for Key {
    fn key_id(&self) -> String {
        "key".into()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(Digest::of(&[b"secret", message].concat()).0.to_vec())
    }
}

impl CheckpointVerifier for Key {
    fn verify(&self, key_id: &str, message: &[u8], signature: &[u8]) -> bool {
        key_id == "key" && self.sign(message).is_ok_and(|wanted| wanted == signature)
    }
}

/// Some streams, one long enough for marks, two checkpoints, a vault entry, a file; then closed.
async fn history(path: &Path) {
    let store = SqliteStore::open(SqliteOptions::new(path)).unwrap();
    for number in 0..90_u64 {
        let event = NewEvent {
            id: Uuid::from_u128(u128::from(number) << 64 | 0xABCD),
            at: Timestamp::from_second(1_700_000_000).unwrap(),
            kind: "NoteTaken".into(),
            schema: 1,
            actor: "account/1".into(),
            body: format!("{{\"number\":{number}}}").into(),
        };
        let name = if number % 10 == 9 { format!("case/{number}") } else { "case/long".into() };
        let batch = Batch::new(Timestamp::UNIX_EPOCH).append(
            StreamId::new(&name).unwrap(),
            Expected::Any,
            vec![event],
        );
        store.commit(batch).await.unwrap();
        if number == 30 || number == 80 {
            take_checkpoint(&store, &Key, Timestamp::UNIX_EPOCH).await.unwrap();
        }
    }
    let secret = Change::VaultPut {
        key: "k".into(),
        subject: "p".into(),
        salt: [9; 16],
        bytes: b"secret text".to_vec(),
    };
    let edition = Change::EditionPut { hash: "e".into(), bytes: vec![1] };
    store.commit(Batch::new(Timestamp::UNIX_EPOCH).change(secret).change(edition)).await.unwrap();
    let mut sink = store.blob_create(100, Timestamp::UNIX_EPOCH).await.unwrap();
    sink.write(b"file").await.unwrap();
    let digest = sink.finish().await.unwrap().digest;
    store
        .commit(Batch::new(Timestamp::UNIX_EPOCH).change(Change::BlobLink { digest, owner: "case/9".into() }))
        .await
        .unwrap();
    assert!(audit(&store, Some(&Key)).await.unwrap().is_clean());
}

async fn findings(path: &Path) -> usize {
    let store = SqliteStore::open(SqliteOptions::new(path)).unwrap();
    audit(&store, Some(&Key)).await.map_or(1, |report| report.findings.len())
}

fn copy(original: &Path, place: &Place, name: &str) -> PathBuf {
    let to = place.path(name);
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(place.path(&format!("{name}{suffix}")));
    }
    std::fs::copy(original, &to).unwrap();
    let files = |path: &Path| PathBuf::from(format!("{}.blobs", path.display()));
    let digest = Digest::of(b"file").to_string();
    let folder = files(&to).join(&digest[..2]);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(files(original).join(&digest[..2]).join(&digest), folder.join(&digest)).unwrap();
    to
}

/// Changes every byte of every column of some rows, one at a time, through SQLite with its checks off.
#[tokio::test]
async fn every_changed_byte_of_the_log_is_found() {
    let place = Place::new("tamper");
    let original = place.path("original.db");
    history(&original).await;
    assert_eq!(findings(&original).await, 0);
    let columns = [
        (
            "events",
            "position",
            "position = 42",
            "position stream version previous id at kind schema actor body hash",
        ),
        (
            "events",
            "position",
            "position = 90",
            "position stream version previous id at kind schema actor body hash",
        ),
        ("streams", "id", "name = 'case/long'", "id name first last version head"),
        (
            "checkpoints",
            "number",
            "number = 2",
            "number at position streams heads span previous key_id signature",
        ),
        ("marks", "version", "true", "stream version position"),
        ("vault", "rowid", "key = 'k'", "key subject salt bytes digest"),
    ];
    let mut tried = 0;
    for (table, _, row, names) in columns {
        for name in names.split(' ') {
            let value: Value = Connection::open(&original)
                .unwrap()
                .query_row(&format!("select {name} from {table} where {row}"), [], |row| row.get(0))
                .unwrap();
            for changed in changes(&value) {
                let path = copy(&original, &place, "copy.db");
                let connection = Connection::open(&path).unwrap();
                connection.execute_batch("pragma ignore_check_constraints = on").unwrap();
                let sql = format!("update {table} set {name} = $1 where {row}");
                if connection.execute(&sql, params![changed]).is_err() {
                    continue; // SQLite refuses it: the key is taken.
                }
                drop(connection);
                tried += 1;
                assert!(findings(&path).await > 0, "{table}.{name} {value:?} -> {changed:?}");
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

/// The value with each of its bytes changed in turn.
fn changes(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => (0..6).map(|byte| Value::Integer(number ^ (1 << (byte * 8)))).collect(),
        Value::Text(text) => (0..text.len())
            .map(|at| {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                Value::Text(String::from_utf8(bytes).unwrap())
            })
            .collect(),
        Value::Blob(bytes) => (0..bytes.len())
            .map(|at| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x10;
                Value::Blob(bytes)
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn removed_and_exchanged_records_are_found() {
    let place = Place::new("removed");
    let original = place.path("original.db");
    history(&original).await;
    for sql in [
        "delete from events where position = 40",
        "delete from events where position = 90",
        // The end of a stream is cut off consistently, but a checkpoint covers it. (The first one took position 32.)
        "delete from events where position > 71;
         delete from streams where first > 71;
         delete from marks where position > 71;
         update streams set last = 70, version = 63,
                head = (select hash from events where position = 70) where name = 'case/long'",
        // Two neighbouring events of different streams are exchanged.
        "update events set position = -1 where position = 10;
         update events set position = 10 where position = 11;
         update events set position = 11 where position = -1;
         update events set previous = 10 where position = 12;
         update events set previous = 9 where position = 10;
         update streams set first = 11, last = 11 where name = 'case/9'",
        "delete from checkpoints where number = 1",
        "delete from marks",
        "update blobs set digest = zeroblob(32)",
        "delete from vault",
        "update vault set salt = null, bytes = null, digest = null, subject = null",
        "insert into vault select 'other', subject, salt, bytes, digest from vault",
        "delete from editions",
    ] {
        let path = copy(&original, &place, "copy.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        assert!(findings(&path).await > 0, "{sql}");
    }
    let path = copy(&original, &place, "copy.db");
    let digest = Digest::of(b"file").to_string();
    let file = place.path(&format!("copy.db.blobs/{}/{digest}", &digest[..2]));
    std::fs::write(&file, b"fake").unwrap();
    assert!(findings(&path).await > 0);
}

#[tokio::test]
async fn erased_personal_data_is_nowhere_in_the_files() {
    let place = Place::new("erased");
    let path = place.path("store.db");
    let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
    let text = "一个独特的名字 4711-0815";
    let secret = |key: &str| Change::VaultPut {
        key: key.into(),
        subject: "p".into(),
        salt: [9; 16],
        bytes: text.as_bytes().repeat(200),
    };
    let batch = Batch::new(Timestamp::UNIX_EPOCH).change(secret("a")).change(secret("b"));
    store.commit(batch).await.unwrap();
    let found = || {
        ["store.db", "store.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(place.path(name)).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    assert!(found());
    let erase = Batch::new(Timestamp::UNIX_EPOCH).change(Change::VaultEraseSubject { subject: "p".into() });
    store.commit(erase).await.unwrap();
    assert_eq!(store.vault_get("a").await.unwrap(), Some(VaultEntry::Erased));
    for _ in 0..100 {
        if !found() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the erased text is still in a file");
}
