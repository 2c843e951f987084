//! Deferred changes: committed, and not yet in the tables.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::params;
use store::{Result, StreamId, ViewChange};

use super::Writer;
use super::redo::{self, Entry};
use super::state::{CommandRow, StreamRow};
use crate::value::{fault, int};
use crate::views::{self, ViewSet};

/// When more rows than this are deferred, they are written with the next commit: often enough that a reader
/// who must wait for it waits briefly, seldom enough that most rows of a case are written once for several
/// acts.
pub(crate) const WAITING_MAX: usize = 2048;
/// More bytes of redo data than this cause it as well.
const WAITING_BYTES_MAX: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Waiting {
    streams: HashMap<StreamId, StreamRow>,
    commands: BTreeMap<[u8; 16], CommandRow>,
    /// Redo data of the open group.
    group: Vec<u8>,
    /// Size of the redo rows.
    written_bytes: usize,
    /// View changes in redo rows up to this number are kept until their views are declared.
    undeclared: i64,
    /// The open transaction applies these, because the views were declared.
    declared: bool,
    /// Whether the redo rows left by an earlier process or a rollback have been applied; false means that
    /// this comes first.
    pub(super) taken_up: bool,
    /// Number of deferred changes, for readers: they ask the writer to settle when it is not zero.
    unsettled: Arc<AtomicU64>,
}

impl Waiting {
    pub(super) fn new(unsettled: Arc<AtomicU64>) -> Self {
        Self {
            streams: HashMap::new(),
            commands: BTreeMap::new(),
            group: Vec::new(),
            written_bytes: 0,
            undeclared: 0,
            declared: false,
            taken_up: false,
            unsettled,
        }
    }

    pub(super) fn stream(&self, stream: &StreamId) -> Option<StreamRow> {
        self.streams.get(stream).copied()
    }

    pub(super) fn command(&self, id: [u8; 16]) -> Option<&CommandRow> {
        self.commands.get(&id)
    }

    pub(super) fn put_stream(&mut self, stream: &StreamId, row: StreamRow) {
        redo::put_stream(&row, &mut self.group);
        self.streams.insert(stream.clone(), row);
    }

    pub(super) fn put_command(&mut self, id: [u8; 16], row: CommandRow) {
        redo::put_command(id, &row, &mut self.group);
        self.commands.insert(id, row);
    }

    pub(super) fn put_view(&mut self, change: &ViewChange) -> Result<()> {
        redo::put_view(change, &mut self.group)
    }

    pub(super) fn after_commit(&mut self, rows: usize) {
        if std::mem::take(&mut self.declared) {
            self.undeclared = 0;
        }
        let waiting = rows + self.streams.len() + self.commands.len();
        self.unsettled.store(waiting as u64, Ordering::Release);
    }

    /// After a rollback. Readers keep asking the writer to settle until the redo rows are applied.
    pub(super) fn forget(&mut self) {
        self.streams.clear();
        self.commands.clear();
        self.group.clear();
        self.declared = false;
        self.taken_up = false;
        self.unsettled.store(1, Ordering::Release);
    }
}

impl Writer {
    fn waiting_rows(&self) -> usize {
        self.behind.waiting() + self.waiting.streams.len() + self.waiting.commands.len()
    }

    /// Whether the tables contain everything.
    pub(super) fn is_settled(&self) -> bool {
        self.waiting.taken_up && self.waiting_rows() == 0
    }

    /// Ends a group before its commit: writes its changes as a redo row, or settles the tables when enough
    /// are deferred.
    pub(super) fn end_group(&mut self, must_settle: bool) -> Result<()> {
        let bytes = self.waiting.written_bytes + self.waiting.group.len();
        // Erased data must not remain in redo rows.
        if must_settle || self.erased || bytes > WAITING_BYTES_MAX || self.waiting_rows() > WAITING_MAX {
            return self.settle();
        }
        if self.waiting.group.is_empty() {
            return Ok(());
        }
        let mut insert =
            self.connection.prepare_cached("insert into redo (bytes) values ($1)").map_err(fault)?;
        insert.execute([&self.waiting.group]).map_err(fault)?;
        self.waiting.written_bytes = bytes;
        self.waiting.group.clear();
        Ok(())
    }

    /// Writes all deferred changes to the tables, within the open transaction.
    pub(crate) fn settle(&mut self) -> Result<()> {
        if self.waiting_rows() == 0 && self.waiting.written_bytes == 0 && self.waiting.group.is_empty() {
            return Ok(());
        }
        self.behind.flush(&self.connection)?;
        let mut streams: Vec<StreamRow> = self.waiting.streams.drain().map(|(_, row)| row).collect();
        streams.sort_unstable_by_key(|row| row.id);
        streams.iter().try_for_each(|row| self.write_stream(row))?;
        for (id, row) in std::mem::take(&mut self.waiting.commands) {
            self.write_command(id, &row)?;
        }
        self.remove_written(self.waiting.undeclared)?;
        self.waiting.written_bytes = 0;
        self.waiting.group.clear();
        Ok(())
    }

    fn remove_written(&self, above: i64) -> Result<()> {
        let mut remove =
            self.connection.prepare_cached("delete from redo where number > $1").map_err(fault)?;
        remove.execute([above]).map_err(fault)?;
        Ok(())
    }

    fn write_stream(&self, row: &StreamRow) -> Result<()> {
        let mut update = self
            .connection
            .prepare_cached("update streams set last = $1, version = $2, head = $3 where id = $4")
            .map_err(fault)?;
        update.execute(params![row.last, int(row.version.0), row.head.0, row.id]).map_err(fault)?;
        Ok(())
    }

    fn write_command(&self, id: [u8; 16], row: &CommandRow) -> Result<()> {
        let mut insert = self
            .connection
            .prepare_cached("insert or ignore into commands values ($1, $2, $3, $4, $5, $6)")
            .map_err(fault)?;
        insert.execute(params![id, row.at, row.first, row.last, row.numbers, row.reply]).map_err(fault)?;
        Ok(())
    }

    /// Applies the redo rows that a crash or a rollback left. Changes of views that are not declared stay in
    /// redo rows.
    pub(super) fn take_up(&mut self) -> Result<()> {
        if self.waiting.taken_up {
            return Ok(());
        }
        self.execute("begin immediate")?;
        let taken = self.take_up_within();
        let done = match taken {
            Ok(undeclared) => self.execute("commit").map(|()| undeclared),
            Err(error) => Err(error),
        };
        if done.is_err() && !self.connection.is_autocommit() {
            let _ = self.execute("rollback");
        }
        self.waiting.undeclared = done?;
        self.waiting.written_bytes = 0;
        self.waiting.taken_up = true;
        self.waiting.unsettled.store(0, std::sync::atomic::Ordering::Release);
        self.heads.forget();
        Ok(())
    }

    fn take_up_within(&self) -> Result<i64> {
        let written = self.written()?;
        if written.is_empty() {
            return Ok(0);
        }
        let mut undeclared = Vec::new();
        for bytes in &written {
            for entry in redo::entries(bytes)? {
                match entry {
                    Entry::Stream(row) => self.write_stream(&row)?,
                    Entry::Command(id, row) => self.write_command(id, &row)?,
                    Entry::View(change) => match self.views.find(change.table()) {
                        Ok(view) => views::apply(&self.connection, view, &change)?,
                        Err(_) => redo::put_view(&change, &mut undeclared)?,
                    },
                }
            }
        }
        self.remove_written(0)?;
        if undeclared.is_empty() {
            return Ok(0);
        }
        self.connection.execute("insert into redo (bytes) values ($1)", [undeclared]).map_err(fault)?;
        Ok(self.connection.last_insert_rowid())
    }

    fn written(&self) -> Result<Vec<Vec<u8>>> {
        let mut select = self.connection.prepare("select bytes from redo order by number").map_err(fault)?;
        let rows = select.query_map([], |row| row.get(0)).map_err(fault)?;
        rows.collect::<rusqlite::Result<_>>().map_err(fault)
    }

    /// Applies the changes that were kept until their views are declared, within the open transaction. Views
    /// to be rebuilt need none of them.
    pub(crate) fn take_up_views(&mut self, living: &ViewSet, stale: &[String]) -> Result<()> {
        if self.waiting.undeclared == 0 {
            return Ok(());
        }
        for bytes in self.written()? {
            for entry in redo::entries(&bytes)? {
                if let Entry::View(change) = entry
                    && !stale.iter().any(|name| name == change.table())
                    && let Ok(view) = living.find(change.table())
                {
                    views::apply(&self.connection, view, &change)?;
                }
            }
        }
        self.remove_written(0)?;
        self.waiting.declared = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;
    use store::{Batch, CommandId, Expected, NewEvent, Outcome, Store as _, Version, ViewSchema};
    use uuid::Uuid;

    use super::*;
    use crate::heads::Heads;
    use crate::views::LivingViews;
    use crate::{SqliteOptions, SqliteStore, open};

    fn schema(version: u32) -> ViewSchema {
        ViewSchema::new("rows", version).text("id").integer("seen").key(&["id"]).index(&["seen"])
    }

    fn writer(path: &Path) -> Writer {
        let mut connection = open::writer(path, 2048).unwrap();
        crate::migrations::migrate(&mut connection).unwrap();
        let (living, heads) = (Arc::new(LivingViews::default()), Arc::new(Heads::new(8, WAITING_MAX)));
        let mut writer = Writer::new(connection, living, heads, Arc::default(), 8, 8).unwrap();
        writer
            .in_transaction(|writer| {
                let (living, _) = views::declare(&writer.connection, vec![schema(1)], writer.head())?;
                writer.change_views(living);
                Ok(())
            })
            .unwrap();
        writer
    }

    fn batch(number: u128, version: u64) -> Batch {
        let event = NewEvent {
            id: Uuid::from_u128(number),
            at: Timestamp::UNIX_EPOCH,
            kind: "k".into(),
            schema: 1,
            actor: "a".into(),
            body: vec![1],
        };
        let expected = if version == 0 { Expected::NoStream } else { Expected::Version(Version(version)) };
        Batch::new(Timestamp::UNIX_EPOCH).command(CommandId(Uuid::from_u128(number)), vec![7]).append(
            StreamId::of("s", 1).unwrap(),
            expected,
            vec![event],
        )
    }

    /// Commits three groups and drops the writer before any of them is settled, as a crash does.
    fn left_behind(path: &Path) {
        let mut writer = writer(path);
        let row = |id: &str, seen: i64| ViewChange::upsert("rows", vec![id.into(), seen.into()]);
        let add = ViewChange::Add {
            table: "rows".into(),
            key: vec!["sum".into()],
            amounts: vec![("seen".into(), 2)],
        };
        let groups = [
            batch(1, 0).views([row("a", 1), row("b", 1), add.clone()]),
            batch(2, 1).views([row("a", 2), add.clone()]),
            batch(3, 2).views([ViewChange::delete("rows", vec!["b".into()]), add]),
        ];
        for group in groups {
            writer.begin().unwrap();
            writer.batch(&group).unwrap();
            writer.end_group(false).unwrap();
            writer.commit().unwrap();
        }
        assert!(!writer.is_settled());
    }

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("yichuang-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[tokio::test]
    async fn what_waited_when_the_process_broke_off_is_taken_up_once() {
        let folder = folder("waiting");
        let path = folder.join("store.db");
        left_behind(&path);
        // Opening the store without views, to read or to copy it, loses none of their changes.
        for _ in 0..2 {
            let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
            let head = store.stream_head(&StreamId::of("s", 1).unwrap()).await.unwrap().unwrap();
            assert_eq!(head.version, Version(3));
            assert!(store::audit(&store, None).await.unwrap().findings.is_empty());
            let again = store.commit(batch(2, 1)).await.unwrap();
            assert!(matches!(again, Outcome::Repeated { reply, .. } if reply == [7]));
            store
                .commit(
                    Batch::new(Timestamp::UNIX_EPOCH)
                        .change(store::Change::KvRemove { space: "s".into(), key: "k".into() }),
                )
                .await
                .unwrap();
        }
        for _ in 0..2 {
            let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
            assert!(store.declare_views(vec![schema(1)]).await.unwrap().is_empty());
            let seen = async |id: &str| {
                store.view_row("rows", &[id.into()]).await.unwrap().and_then(|row| row.integer(1))
            };
            assert_eq!((seen("a").await, seen("b").await, seen("sum").await), (Some(2), None, Some(6)));
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn rows_of_a_view_that_is_declared_anew_are_left_to_its_rebuild() {
        let folder = folder("waiting-anew");
        let path = folder.join("store.db");
        left_behind(&path);
        let store = SqliteStore::open(SqliteOptions::new(&path)).unwrap();
        assert_eq!(store.declare_views(vec![schema(2)]).await.unwrap(), ["rows"]);
        assert_eq!(store.view_row("rows", &["a".into()]).await.unwrap(), None);
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// The same groups, one of which fails halfway: changes committed before it are not lost.
    #[test]
    fn a_group_that_is_undone_leaves_what_waited_before_it() {
        let folder = folder("waiting-undone");
        let mut writer = writer(&folder.join("store.db"));
        let row = |seen: i64| ViewChange::upsert("rows", vec!["a".into(), seen.into()]);
        writer.begin().unwrap();
        writer.batch(&batch(1, 0).views([row(1)])).unwrap();
        writer.end_group(false).unwrap();
        writer.commit().unwrap();
        writer.begin().unwrap();
        writer.batch(&batch(2, 1).views([row(2)])).unwrap();
        writer.undo();
        writer.begin().unwrap();
        writer.batch(&batch(3, 1)).unwrap();
        writer.end_group(true).unwrap();
        writer.commit().unwrap();
        let view = Arc::clone(writer.views.find("rows").unwrap());
        let row = views::row(&writer.connection, &view, &["a".into()]).unwrap().unwrap();
        assert_eq!(row.integer(1), Some(1));
        assert!(writer.is_settled() && writer.written().unwrap().is_empty());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
