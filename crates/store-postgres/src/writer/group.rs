//! The transaction of one group.

use deadpool_postgres::Object;
use jiff::Timestamp;
use store::{Position, StoreError};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Row, Statement};

use super::facts::Asked;
use super::plan::Plan;
use super::{Reply, Task, Writer};
use crate::connect::{Trouble, told};
use crate::in_order::{Sent, in_order};
use crate::value::{Value, instant};

const COUNT: &str = "insert into writers (id, groups) values ($1, $2)
    on conflict (id) do update set groups = excluded.groups";
/// The database's clock, in microseconds.
pub(crate) const CLOCK: &str = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
const LOCK: &str = "select last, views from journal for update";

/// The most seconds that a node's clock may differ from the database's. Nodes with NTP differ by
/// milliseconds.
const APART_MAX: i64 = 5;

/// By how many seconds this node's clock is ahead of the database's (negative: behind), if by more than
/// [`APART_MAX`]. The database was asked between `before` and `after`, so a right clock lies between them
/// however long the answer took.
pub(crate) fn apart(before: Timestamp, told: i64, after: Timestamp) -> Option<i64> {
    let told = instant(told);
    let ahead = before.as_second() - told.as_second();
    let behind = told.as_second() - after.as_second();
    if ahead > APART_MAX {
        Some(ahead)
    } else if behind > APART_MAX {
        Some(-behind)
    } else {
        None
    }
}

/// The result of a committed group.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) replies: Vec<Reply>,
    pub(super) head: Position,
    /// Whether anything was written, so that the transaction counts.
    pub(super) wrote: bool,
}

/// Why a group was not committed, or may not have been.
pub(super) enum End {
    /// A statement was refused; nothing took effect.
    Refused(String),
    /// The views' tables are not those that this node knows; nothing took effect.
    ViewsMoved,
    /// The connection was lost before the commit was sent; nothing took effect.
    Away(String),
    /// The connection was lost afterwards; the result, if the commit took effect.
    Unknown(String, Done),
}

impl From<Trouble> for End {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(why) => Self::Away(why),
            Trouble::Sql(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Self::ViewsMoved,
            Trouble::Sql(error) => Self::Refused(told(&error)),
        }
    }
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        match Trouble::in_fault(&error) {
            Some(why) => Self::Away(why),
            None => Self::Refused(error.to_string()),
        }
    }
}

impl Writer {
    pub(super) async fn try_group(&self, group: &[Task]) -> Result<Done, End> {
        let client = self.connections.get().await?;
        match self.in_transaction(&client, group).await {
            Ok(done) => Ok(done),
            Err(end) => {
                // A connection in an unknown state is not reused; the server rolls back what it left open.
                drop(Object::take(client));
                Err(end)
            }
        }
    }

    async fn in_transaction(&self, client: &Object, group: &[Task]) -> Result<Done, End> {
        let views = self.views.all();
        let epoch = views.epoch;
        let asked = Asked::of(group, &views);
        let (head, living, answers) = self.lock_and_ask(client, &asked).await?;
        if living != epoch {
            return Err(End::ViewsMoved);
        }
        let mut plan = Plan::new(asked.state(head, views, &answers)?);
        let replies: Vec<Reply> = group.iter().map(|task| plan.play(task)).collect();
        let head = plan.head();
        let mut statements = plan.statements();
        let wrote = !statements.is_empty();
        if !wrote {
            client.batch_execute("rollback").await.map_err(Trouble::of)?;
            return Ok(Done { replies, head, wrote });
        }
        let counted = vec![Box::new(self.id) as Value, Box::new(self.groups + 1)];
        statements.push((COUNT.into(), counted));
        let done = Done { replies, head, wrote };
        self.write_and_commit(client, statements, done).await
    }

    /// The first round trip. Every statement takes a new snapshot, so those after the lock see all earlier
    /// commits.
    async fn lock_and_ask(&self, client: &Object, asked: &Asked) -> Result<(i64, i64, Vec<Vec<Row>>), End> {
        let lock = client.prepare_cached(LOCK).await.map_err(Trouble::of)?;
        let clock = client.prepare_cached(CLOCK).await.map_err(Trouble::of)?;
        let mut prepared = Vec::new();
        for (sql, values) in &asked.questions {
            prepared.push((client.prepare_cached(sql).await.map_err(Trouble::of)?, values));
        }
        let mut sent: Vec<Sent<'_, Result<Vec<Row>, tokio_postgres::Error>>> = vec![
            Box::pin(async {
                client.batch_execute("begin isolation level read committed").await.map(|()| Vec::new())
            }),
            Box::pin(async { client.query(&lock, &[]).await }),
            Box::pin(async { client.query(&clock, &[]).await }),
        ];
        let before = Timestamp::now();
        sent.extend(prepared.iter().map(|(statement, values)| ask(client, statement, values)));
        let mut answers = in_order(sent).await.into_iter();
        answers.next().transpose().map_err(Trouble::of)?;
        let locked = answers.next().transpose().map_err(Trouble::of)?.unwrap_or_default();
        let told = answers.next().transpose().map_err(Trouble::of)?.unwrap_or_default();
        if let Some(seconds) = told.first().and_then(|row| apart(before, row.get(0), Timestamp::now())) {
            return Err(End::Refused(format!(
                "the clock of this node is {seconds} s from that of the database; set it (NTP), and it writes again"
            )));
        }
        let locked = locked.first().ok_or_else(|| End::Refused("the journal has no row".into()))?;
        let rest: Vec<Vec<Row>> = answers.collect::<Result<_, _>>().map_err(Trouble::of)?;
        Ok((locked.get(0), locked.get(1), rest))
    }

    /// The second round trip: writes and commits.
    async fn write_and_commit(
        &self,
        client: &Object,
        statements: Vec<(String, Vec<Value>)>,
        done: Done,
    ) -> Result<Done, End> {
        let mut prepared = Vec::new();
        for (sql, values) in &statements {
            prepared.push((client.prepare_cached(sql).await.map_err(Trouble::of)?, values));
        }
        let mut sent: Vec<Sent<'_, Result<Vec<Row>, tokio_postgres::Error>>> =
            prepared.iter().map(|(statement, values)| ask(client, statement, values)).collect();
        sent.push(Box::pin(async { client.batch_execute("commit").await.map(|()| Vec::new()) }));
        let mut answers = in_order(sent).await;
        let commit = answers.pop();
        // After a refused statement the server turns the commit into a rollback.
        let lost = match answers.into_iter().find_map(Result::err) {
            Some(error) if error.as_db_error().is_some() => return Err(Trouble::of(error).into()),
            Some(error) => Some(error),
            None => commit.and_then(Result::err),
        };
        match lost {
            Some(error) => Err(End::Unknown(told(&error), done)),
            None => Ok(done),
        }
    }
}

fn ask<'a>(
    client: &'a Object,
    statement: &'a Statement,
    values: &'a [Value],
) -> Sent<'a, Result<Vec<Row>, tokio_postgres::Error>> {
    Box::pin(async move {
        let values: Vec<_> = values.iter().map(|value| &**value as _).collect();
        client.query(statement, &values).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_when_the_database_answers_outside_of_the_time_in_which_it_was_asked() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let told = |second: i64| second * 1_000_000;
        assert_eq!(apart(at(1000), told(1000), at(1000)), None);
        // The answer had to wait for a lock; the clocks agree.
        assert_eq!(apart(at(1000), told(1015), at(1020)), None);
        assert_eq!(apart(at(1000), told(1000), at(1020)), None);
        assert_eq!(apart(at(1000), told(900), at(1000)), Some(100));
        assert_eq!(apart(at(1000), told(1100), at(1001)), Some(-99));
    }
}
