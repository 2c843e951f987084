//! The adapter: commits go to the writer, other changes lock the journal's row themselves, queries go to the
//! pool.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Transaction};
use jiff::Timestamp;
use store::{
    Answer, Batch, Belonging, BelongingKind, BlobSink, BlobSource, BoxFuture, Cell, Checkpoint, CommandId,
    Digest, Envelope, Hindrance, Job, JobState, Load, Outcome, Page, Position, RebuildEnd, RebuiltView,
    Result, Row, Store, StoreError, StreamHead, StreamId, Survey, TallyRow, VaultEntry, Version, ViewChange,
    ViewQuery, ViewSchema, ViewTally,
};
use tokio::sync::watch;
use tokio_postgres::IsolationLevel;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::blobs::{Sink, Source};
use crate::connect::{Connections, Role, Trouble, Trying, config, tls, told};
use crate::migrations::migrate;
use crate::options::PostgresOptions;
use crate::value::{fault, instant, int, nat};
use crate::views::{self, LivingViews, Question, View, ViewSet};
use crate::writer::{Writer, WriterHandle, group};
use crate::{belongings, check, listen, read};

/// A store in one schema of a PostgreSQL database. Clones share one node; other nodes may use the same store.
#[derive(Clone)]
pub struct PostgresStore {
    inner: Arc<Inner>,
}

struct Inner {
    schema: String,
    /// The id of this node.
    node: Uuid,
    connections: Connections,
    writer: WriterHandle,
    views: Arc<LivingViews>,
    visible: Arc<watch::Sender<Position>>,
    telling: tokio::task::JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.telling.abort();
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("schema", &self.inner.schema).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the store, creates it if the options allow, and brings its schema up to date. Waits for a
    /// database that is starting.
    ///
    /// # Errors
    /// When the URL is wrong, there is no store and none may be created, others use it and the options forbid
    /// that, a newer version wrote it, or the database stays unavailable.
    pub async fn open(options: PostgresOptions) -> Result<Self> {
        let node = Uuid::now_v7();
        let connections = Connections::new(&options, options.readers, Role::Reader)?;
        if !options.begin {
            let sql = "select to_regclass($1) is not null";
            let table = format!("\"{}\".migrations", options.schema);
            let there = connections.maybe(sql, &[&table]).await?;
            if !there.is_some_and(|row| row.get(0)) {
                return Err(StoreError::malformed("the database holds no zone"));
            }
        }
        if options.alone {
            refuse_used(&connections, &options.schema).await?;
        }
        bring_up_to_date(&connections, &options.schema).await?;
        let channel = format!("yichuang_{}", options.schema);
        let visible = Arc::new(watch::Sender::new(listen::head(&connections).await?));
        let views = Arc::new(LivingViews::default());
        let (own, committed) = watch::channel(Position::START);
        tokio::spawn(listen::keep_notifying(connections.clone(), channel.clone(), committed));
        // The writer has a connection of its own, so that queries never block it.
        let writer = Writer::new(
            Connections::new(&options, 1, Role::Writer)?,
            Arc::clone(&views),
            Arc::clone(&visible),
            own,
            node,
        )
        .await?;
        let writer = WriterHandle::start(writer, options.group_max, options.queue_max);
        let listener = listen::Server { config: config(&options)?, tls: tls(&options)? };
        let greeting = format!(
            "listen \"{channel}\"; select pg_advisory_lock({}); select pg_advisory_lock_shared({})",
            views::name_lock(node),
            views::use_lock(&options.schema)
        );
        let telling =
            listen::keep_telling(listener, greeting, connections.clone(), Arc::clone(&visible), options.poll);
        let telling = tokio::spawn(telling);
        let schema = options.schema;
        Ok(Self { inner: Arc::new(Inner { schema, node, connections, writer, views, visible, telling }) })
    }

    fn ask(&self) -> &Connections {
        &self.inner.connections
    }

    /// Runs `work` in a transaction of its own that holds the journal's row; retried while the database is
    /// unavailable. `work` receives the position of the last event.
    async fn alone<T>(
        &self,
        work: impl for<'t, 'c> Fn(&'t Transaction<'c>, Position) -> BoxFuture<'t, Result<T>> + Send + Sync,
    ) -> Result<T> {
        let mut trying = Trying::for_as_long_as(self.ask().patience);
        loop {
            let why = match self.alone_once(&work).await {
                Err(Failed::Away(why)) => why,
                Err(Failed::Other(error)) => match Trouble::in_fault(&error) {
                    Some(why) => why,
                    None => return Err(error),
                },
                Ok(done) => return Ok(done),
            };
            trying.pause(why).await?;
        }
    }

    async fn alone_once<T>(
        &self,
        work: &(impl for<'t, 'c> Fn(&'t Transaction<'c>, Position) -> BoxFuture<'t, Result<T>> + Send + Sync),
    ) -> Result<T, Failed> {
        let mut client = self.ask().get().await?;
        let done = async {
            let transaction = client.transaction().await.map_err(Trouble::of)?;
            let locked = transaction.query_one("select last from journal for update", &[]).await;
            let head = Position(nat(locked.map_err(Trouble::of)?.get(0)));
            let done = work(&transaction, head).await?;
            // If the answer to the commit is lost, it is unknown whether it took effect.
            transaction.commit().await.map_err(|error| {
                tracing::error!(why = told(&error), "a commit was not answered");
                Failed::Other(StoreError::Unanswered)
            })?;
            Ok(done)
        };
        let done = done.await;
        if done.is_err() {
            drop(Object::take(client));
        }
        done
    }

    /// Runs a query on a view; runs it again when another node swapped the view's table meanwhile.
    async fn view<T>(
        &self,
        table: &str,
        question: impl Fn(&View) -> Result<Question> + Send,
        answer: impl Fn(&View, &[tokio_postgres::Row]) -> Result<T> + Send,
    ) -> Result<T> {
        let mut again = true;
        loop {
            let view = self.inner.views.find(table)?;
            let asked = question(&view)?;
            match self.ask().typed(&asked.sql, &asked.values()).await? {
                Err(error) if again && is_gone(&error) => self.refresh_views().await?,
                Err(error) => return Err(fault(error)),
                Ok(rows) => return answer(&view, &rows),
            }
            again = false;
        }
    }

    async fn refresh_views(&self) -> Result<()> {
        let client = self.client().await?;
        let now: ViewSet = self.inner.views.all().refreshed(&client).await?;
        self.inner.views.publish(now);
        Ok(())
    }

    async fn client(&self) -> Result<Object> {
        self.ask().get().await.map_err(|trouble| StoreError::fault(format!("{trouble:?}")))
    }

    async fn digest_of(&self, table: &str) -> Result<Digest> {
        let client = self.client().await?;
        let living = self.inner.views.all().refreshed(&client).await?;
        views::digest(&client, living.find(table)?).await
    }

    /// Repeats a statement that removes one portion until nothing is left, each time in a transaction of its
    /// own.
    async fn in_parts(&self, sql: &'static str, before: i64) -> Result<u64> {
        let mut all = 0;
        loop {
            let part = self.alone(move |work, _| {
                Box::pin(async move { work.execute(sql, &[&before, &PART]).await.map_err(fault) })
            });
            let part = part.await?;
            all += part;
            if part < nat(PART) {
                return Ok(all);
            }
        }
    }
}

/// Rows removed in one portion.
const PART: i64 = 5000;

enum Failed {
    Away(String),
    Other(StoreError),
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(why) => Self::Away(why),
            Trouble::Sql(error) => Self::Other(fault(error)),
        }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Other(error)
    }
}

fn is_gone(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNDEFINED_TABLE)
}

/// Refuses a store in use: every node holds an advisory lock in its listening session for as long as it runs.
async fn refuse_used(connections: &Connections, schema: &str) -> Result<()> {
    // A node of an older version holds only the lock on its own id.
    let table = format!("\"{schema}\".writers");
    let there = connections.maybe("select to_regclass($1) is not null", &[&table]).await?;
    let mut keys = vec![views::use_lock(schema)];
    if there.is_some_and(|row| row.get(0)) {
        let nodes = connections.rows("select id from writers", &[]).await?;
        keys.extend(nodes.iter().map(|row| views::name_lock(row.get(0))));
    }
    let sql = "select count(distinct pid) from pg_locks
        where locktype = 'advisory' and objsubid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = any ($1)";
    let used = connections.maybe(sql, &[&keys]).await?.map_or(0, |row| row.get::<_, i64>(0));
    if used > 0 {
        return Err(StoreError::malformed(format!(
            "the database is in use by {used} other processes; stop every node first"
        )));
    }
    Ok(())
}

async fn bring_up_to_date(connections: &Connections, schema: &str) -> Result<()> {
    let mut trying = Trying::for_as_long_as(connections.patience);
    loop {
        let mut client = match connections.get().await {
            Ok(client) => client,
            Err(Trouble::Away(why)) => {
                trying.pause(why).await?;
                continue;
            }
            Err(Trouble::Sql(error)) => return Err(fault(error)),
        };
        match migrate(&mut client, schema).await {
            Ok(()) => return Ok(()),
            Err(error) => match Trouble::in_fault(&error) {
                Some(why) => {
                    drop(Object::take(client));
                    trying.pause(why).await?;
                }
                None => return Err(error),
            },
        }
    }
}

/// Refuses texts with a NUL character, which PostgreSQL cannot store.
fn check_texts(batch: &Batch) -> Result<()> {
    use store::Change as C;
    let of_event = batch.appends.iter().flat_map(|append| &append.events);
    let mut whole = of_event.flat_map(|event| [&event.kind, &event.actor]).all(|text| is_whole(text));
    for change in &batch.changes {
        whole &= match change {
            C::View(change) => cells_of(change).all(|cell| cell.as_text().is_none_or(is_whole)),
            C::VaultPut { key, subject, .. } => is_whole(key) && is_whole(subject),
            C::VaultErase { key } => is_whole(key),
            C::VaultEraseSubject { subject } => is_whole(subject),
            C::BlobLink { owner, .. } | C::BlobUnlink { owner, .. } => is_whole(owner),
            C::EditionPut { hash, .. } => is_whole(hash),
            C::KvPut { space, key, .. } | C::KvClaim { space, key, .. } | C::KvRemove { space, key } => {
                is_whole(space) && is_whole(key)
            }
            C::NumberTake { counter } => is_whole(counter),
            C::JobPut { queue, .. } => is_whole(queue),
            C::JobRetry { problem, .. } | C::JobGiveUp { problem, .. } => is_whole(problem),
            _ => true,
        };
    }
    if whole { Ok(()) } else { Err(StoreError::malformed("a text with a zero character cannot be kept")) }
}

fn is_whole(text: &str) -> bool {
    !text.contains('\0')
}

fn cells_of(change: &ViewChange) -> Box<dyn Iterator<Item = &Cell> + '_> {
    match change {
        ViewChange::Upsert { row, .. } => Box::new(row.0.iter()),
        ViewChange::Delete { key, .. } | ViewChange::Add { key, .. } => Box::new(key.iter()),
        ViewChange::DeleteWhere { value, .. } => Box::new(std::iter::once(value)),
    }
}

impl Store for PostgresStore {
    fn commit(&self, batch: Batch) -> Answer<'_, Outcome> {
        Box::pin(async move {
            check_texts(&batch)?;
            self.inner.writer.commit(batch.said()?).await
        })
    }

    fn outcome(&self, command: CommandId) -> Answer<'_, Option<Outcome>> {
        Box::pin(read::outcome(self.ask(), command))
    }

    fn read_stream<'a>(
        &'a self,
        stream: &'a StreamId,
        after: Version,
        limit: usize,
    ) -> Answer<'a, Vec<Envelope>> {
        Box::pin(read::stream(self.ask(), stream, after, limit))
    }

    fn stream_head<'a>(&'a self, stream: &'a StreamId) -> Answer<'a, Option<StreamHead>> {
        Box::pin(read::stream_head(self.ask(), stream))
    }

    fn stream_heads(&self, after: Position, limit: usize) -> Answer<'_, Vec<StreamHead>> {
        Box::pin(read::stream_heads(self.ask(), after, limit))
    }

    fn read_all(&self, after: Position, limit: usize) -> Answer<'_, Vec<Envelope>> {
        Box::pin(read::all(self.ask(), after, limit))
    }

    fn head(&self) -> Answer<'_, Position> {
        Box::pin(listen::head(self.ask()))
    }

    fn subscribe(&self) -> watch::Receiver<Position> {
        self.inner.visible.subscribe()
    }

    fn load(&self) -> Load {
        let (commits, waiting) = self.inner.writer.load();
        Load { commits, waiting, unsettled: 0 }
    }

    fn declare_views(&self, schemas: Vec<ViewSchema>) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            schemas.iter().try_for_each(ViewSchema::check)?;
            let schemas = &schemas;
            let declared = self.alone(move |work, head| {
                let schemas = schemas.clone();
                Box::pin(views::declare(work, schemas, head))
            });
            let (living, stale) = declared.await?;
            self.inner.views.publish(living);
            Ok(stale)
        })
    }

    fn view_row<'a>(&'a self, table: &'a str, key: &'a [Cell]) -> Answer<'a, Option<Row>> {
        Box::pin(self.view(
            table,
            move |view| views::row(view, key),
            |view, rows| rows.first().map(|row| views::row_of(view, row)).transpose(),
        ))
    }

    fn view_rows(&self, query: ViewQuery) -> Answer<'_, Page> {
        Box::pin(async move {
            let query = &query;
            let asked = |view: &View| views::page(view, query);
            self.view(&query.table, asked, |view, rows| views::page_of(view, query, rows)).await
        })
    }

    fn view_tally(&self, tally: ViewTally) -> Answer<'_, Vec<TallyRow>> {
        Box::pin(async move {
            let tally = &tally;
            let asked = |view: &View| views::tally(view, tally);
            self.view(&tally.table, asked, |_, rows| views::tally_of(tally, rows)).await
        })
    }

    fn view_digest<'a>(&'a self, table: &'a str) -> Answer<'a, Digest> {
        Box::pin(self.digest_of(table))
    }

    fn rebuild_begin(&self) -> Answer<'_, Position> {
        Box::pin(async move {
            self.refresh_views().await?;
            let (living, node) = (&self.inner.views.all(), self.inner.node);
            // A node that has just ended holds its lock for a moment longer.
            for _ in 0..20 {
                let begun = self.alone(move |work, _| {
                    let living = living.clone();
                    Box::pin(async move { views::begin(work, &living, node).await })
                });
                match begun.await? {
                    views::Begun::From(position) => return Ok(position),
                    views::Begun::Elsewhere => tokio::time::sleep(Duration::from_millis(100)).await,
                }
            }
            Err(StoreError::fault("another node is rebuilding the views; wait until it is done"))
        })
    }

    fn rebuild_apply(&self, changes: Vec<ViewChange>, up_to: Position) -> Answer<'_, ()> {
        Box::pin(async move {
            let (living, node) = (self.inner.views.all(), self.inner.node);
            let mut client = self.client().await?;
            // Only rebuilds touch these rows, so commits need not be locked out.
            let work = client.transaction().await.map_err(fault)?;
            work.execute("select 1 from rebuild for update", &[]).await.map_err(fault)?;
            views::advance(&work, &living, node, &changes, up_to).await?;
            work.commit().await.map_err(fault)
        })
    }

    fn rebuild_compare<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Option<Vec<RebuiltView>>> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let moment = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
            let moment = moment.read_only(true).start().await.map_err(fault)?;
            views::compare(&moment, &self.inner.views.all(), tables).await
        })
    }

    fn rebuild_finish(&self) -> Answer<'_, RebuildEnd> {
        Box::pin(async move {
            self.refresh_views().await?;
            let (living, node) = (&self.inner.views.all(), self.inner.node);
            let finished = self.alone(move |work, head| {
                let living = living.clone();
                Box::pin(async move { views::finish(work, &living, node, head).await })
            });
            let (end, swapped) = finished.await?;
            if let Some(swapped) = swapped {
                self.inner.views.publish(swapped);
            }
            Ok(end)
        })
    }

    fn rebuild_abandon(&self) -> Answer<'_, ()> {
        Box::pin(self.alone(|work, _| Box::pin(views::abandon(work))))
    }

    fn vault_get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<VaultEntry>> {
        Box::pin(read::vault_get(self.ask(), key))
    }

    fn vault_keys<'a>(&'a self, subject: &'a str) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            read::texts(self.ask(), "select key from vault where subject = $1 order by key", &[&subject])
                .await
        })
    }

    fn vault_walk<'a>(&'a self, after: &'a str, limit: usize) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let sql = "select key from vault where key > $1 and bytes is not null order by key limit $2";
            read::texts(self.ask(), sql, &[&after, &int(limit as u64)]).await
        })
    }

    fn blob_create(&self, limit: u64, now: Timestamp) -> Answer<'_, Box<dyn BlobSink>> {
        let sink = Sink::begin(self.ask().clone(), Uuid::now_v7(), limit, now);
        Box::pin(std::future::ready(Ok(Box::new(sink) as Box<dyn BlobSink>)))
    }

    fn blob_open(&self, digest: Digest) -> Answer<'_, Option<Box<dyn BlobSource>>> {
        Box::pin(async move {
            let source = Source::open(self.ask(), digest).await?;
            Ok(source.map(|source| Box::new(source) as Box<dyn BlobSource>))
        })
    }

    fn blob_owners(&self, digest: Digest) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let sql = "select owner from blob_owners where digest = $1 order by owner";
            read::texts(self.ask(), sql, &[&read::digest_param(digest)]).await
        })
    }

    fn blob_sweep(&self, stored_before: Timestamp) -> Answer<'_, u64> {
        Box::pin(async move {
            // The journal's row is locked, so that no commit links a file that is being swept.
            let swept = "with gone as (
                   delete from blobs b where b.digest in (
                     select digest from blobs f where f.stored_at < $1
                     and not exists (select 1 from blob_owners o where o.digest = f.digest) limit $2)
                   and b.stored_at < $1 returning b.upload),
                 pieces as (delete from blob_pieces p using gone g where p.upload = g.upload)
                 select 1 from gone";
            let all = self.in_parts(swept, stored_before.as_microsecond()).await?;
            let unfinished = "with gone as (
                   delete from uploads where id in (select id from uploads where begun_at < $1 limit $2)
                   returning id),
                 pieces as (delete from blob_pieces p using gone g where p.upload = g.id)
                 select 1 from gone";
            self.in_parts(unfinished, stored_before.as_microsecond()).await?;
            Ok(all)
        })
    }

    fn edition<'a>(&'a self, hash: &'a str) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let row = self.ask().maybe("select bytes from editions where hash = $1", &[&hash]).await?;
            Ok(row.map(|row| row.get(0)))
        })
    }

    fn editions(&self) -> Answer<'_, Vec<String>> {
        Box::pin(read::texts(self.ask(), "select hash from editions order by number", &[]))
    }

    fn kv_get<'a>(&'a self, space: &'a str, key: &'a str, now: Timestamp) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let sql = "select bytes from kv where space = $1 and key = $2
                       and (expires_at is null or expires_at > $3)";
            let row = self.ask().maybe(sql, &[&space, &key, &now.as_microsecond()]).await?;
            Ok(row.map(|row| row.get(0)))
        })
    }

    fn kv_list<'a>(
        &'a self,
        space: &'a str,
        prefix: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Vec<(String, Vec<u8>)>> {
        Box::pin(async move {
            let sql = "select key, bytes from kv where space = $1 and key >= $2 and starts_with(key, $2)
                       and (expires_at is null or expires_at > $3) order by key";
            let rows = self.ask().rows(sql, &[&space, &prefix, &now.as_microsecond()]).await?;
            Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
        })
    }

    fn kv_sweep(&self, now: Timestamp) -> Answer<'_, u64> {
        Box::pin(self.in_parts(
            "delete from kv where (space, key) in (select space, key from kv where expires_at <= $1 limit $2)",
            now.as_microsecond(),
        ))
    }

    fn take_numbers<'a>(&'a self, counter: &'a str, count: u64) -> Answer<'a, u64> {
        Box::pin(self.inner.writer.take_numbers(counter.to_owned(), count))
    }

    fn lease_jobs<'a>(
        &'a self,
        queue: &'a str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Answer<'a, Vec<Job>> {
        Box::pin(async move {
            // Workers ask often and mostly find nothing, which needs no lock.
            if limit == 0 || self.next_job_due(queue).await?.is_none_or(|due| due > now) {
                return Ok(Vec::new());
            }
            let leased = self.alone(move |work, _| {
                let queue = queue.to_owned();
                Box::pin(async move {
                    let sql = "with due as (
                           select id, free_at from jobs where state = 0 and queue = $1 and free_at <= $2
                           order by free_at, id limit $4),
                         leased as (
                           update jobs j set leased = true, free_at = $3, attempt = j.attempt + 1 from due d
                           where j.id = d.id
                           returning j.id, j.queue, j.due_at, j.attempt, j.body, j.problem, d.free_at as was_free_at)
                         select id, queue, due_at, attempt, body, problem from leased order by was_free_at, id";
                    let (now, until) = (now.as_microsecond(), lease_until.as_microsecond());
                    let rows = work.query(sql, &[&queue, &now, &until, &int(limit as u64)]).await;
                    rows.map_err(fault)?.iter().map(read::job_of).collect()
                })
            });
            leased.await
        })
    }

    fn job_state(&self, id: Uuid) -> Answer<'_, Option<JobState>> {
        Box::pin(read::job_state(self.ask(), id))
    }

    fn next_job_due<'a>(&'a self, queue: &'a str) -> Answer<'a, Option<Timestamp>> {
        Box::pin(async move {
            let sql = "select min(free_at) from jobs where state = 0 and queue = $1";
            let row = self.ask().maybe(sql, &[&queue]).await?;
            Ok(row.and_then(|row| row.get::<_, Option<i64>>(0)).map(instant))
        })
    }

    fn jobs_given_up<'a>(&'a self, queue: &'a str, limit: usize) -> Answer<'a, Vec<Job>> {
        Box::pin(async move {
            let sql = "select id, queue, due_at, attempt, body, problem from jobs
                       where queue = $1 and state = 2 order by ended_at, id limit $2";
            let rows = self.ask().rows(sql, &[&queue, &int(limit as u64)]).await?;
            rows.iter().map(read::job_of).collect()
        })
    }

    fn survey(&self, after: Position) -> Answer<'_, Survey> {
        Box::pin(read::survey(self.ask(), after))
    }

    fn checkpoints(&self) -> Answer<'_, Vec<Checkpoint>> {
        Box::pin(read::checkpoints(self.ask()))
    }

    fn save_checkpoint(&self, checkpoint: Checkpoint) -> Answer<'_, ()> {
        Box::pin(async move {
            let checkpoint = &checkpoint;
            self.alone(move |work, _| {
                let kept = checkpoint.clone();
                Box::pin(save_checkpoint(work, kept))
            })
            .await
        })
    }

    fn hindrances(&self) -> Answer<'_, Vec<Hindrance>> {
        Box::pin(async move {
            let mut found = Vec::new();
            let before = Timestamp::now();
            if let Some(row) = self.ask().maybe(group::CLOCK, &[]).await?
                && let Some(seconds) = group::apart(before, row.get(0), Timestamp::now())
            {
                found.push(Hindrance::ClockDiffers { seconds });
            }
            if self.inner.writer.is_failing() {
                found.push(Hindrance::CommitsFail);
            }
            Ok(found)
        })
    }

    fn self_check(&self) -> Answer<'_, Vec<String>> {
        Box::pin(check::self_check(self.ask()))
    }

    fn forget_commands(&self, given_before: Timestamp) -> Answer<'_, u64> {
        Box::pin(async move {
            let before = given_before.as_microsecond();
            let commands =
                "delete from commands where id in (select id from commands where at < $1 limit $2)";
            let jobs = "delete from jobs where id in
                        (select id from jobs where state = 1 and ended_at < $1 limit $2)";
            Ok(self.in_parts(commands, before).await? + self.in_parts(jobs, before).await?)
        })
    }

    fn belongings<'a>(
        &'a self,
        kind: BelongingKind,
        after: Option<&'a Belonging>,
        limit: usize,
    ) -> Answer<'a, Vec<Belonging>> {
        Box::pin(belongings::after(self.ask(), kind, after, limit))
    }

    fn take_in(&self, things: Vec<Belonging>) -> Answer<'_, ()> {
        Box::pin(async move {
            let things = &things;
            let taken = self.alone(move |work, _| {
                let things = things.clone();
                Box::pin(belongings::take_in(work, things))
            });
            taken.await
        })
    }
}

async fn save_checkpoint(work: &Transaction<'_>, checkpoint: Checkpoint) -> Result<()> {
    let Checkpoint { number, at, survey, previous, key_id, signature } = checkpoint;
    let last: i64 =
        work.query_one("select coalesce(max(number), 0) from checkpoints", &[]).await.map_err(fault)?.get(0);
    if int(number) != last + 1 {
        return Err(StoreError::malformed(format!("checkpoint {number} is not the next")));
    }
    work.execute(
        "insert into checkpoints (number, at, position, streams, heads, span, previous, key_id, signature)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &int(number),
            &at.as_microsecond(),
            &int(survey.position.0),
            &int(survey.streams),
            &survey.heads.0.to_vec(),
            &survey.span.0.to_vec(),
            &previous.0.to_vec(),
            &key_id,
            &signature,
        ],
    )
    .await
    .map_err(fault)?;
    Ok(())
}
