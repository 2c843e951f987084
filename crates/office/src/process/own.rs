//! Our own log: a trace for each matter that came in within a period.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use catalogue::Edition;
use diagnostic::Lang;
use jiff::{SignedDuration, Timestamp};
use mining::{Ending, Event, Log, LogBuilder, Trace, Transition};
use store::{Condition, Position, ViewQuery};

use crate::account::Viewer;
use crate::case::CaseId;
use crate::error::Result;
use crate::figures::{Counted, FigureFilter, Period, scope};
use crate::office::Office;
use crate::process::declare::planned;
use crate::record::{CaseRecord, MatterRecord, Phase, RecordedEvent, Side};
use crate::views;

/// Matters that are looked at at once: the newest ones of the period.
const MATTERS_MAX: usize = 20_000;
/// Before the name of a kind of event, where what was done is no step with a title of its own.
pub const STEP_KIND: &str = "kind:";
/// Steps, departments and items are counted by what the pack calls them in Chinese: several have one name in English, and
/// the figures would depend on who reads them. [`said`] tells them in the reader's language.
const NAMES: Lang = Lang::Zh;

/// A log with what it leaves out.
#[derive(Debug)]
pub struct OwnLog {
    pub log: Log,
    /// Whose matters they are; nothing to say for the whole zone.
    pub departments: Option<Vec<String>>,
    /// The period has more matters than are looked at at once.
    pub cut: bool,
    /// What happened until then is in it.
    pub read_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    period: Period,
    departments: Option<Vec<String>>,
}

/// A log that takes so long to read is not read anew for every act: who looks at it opens one page after another.
const COSTLY: SignedDuration = SignedDuration::from_millis(250);
/// It holds so many times as long as it took to read, and at most so long.
const HOLDS_TIMES: i32 = 20;
const HOLDS_MAX: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug)]
struct KeptLog {
    key: Key,
    head: Position,
    /// How long it holds although something was appended since; not at all when it is quickly read.
    holds: SignedDuration,
    log: Arc<OwnLog>,
}

impl KeptLog {
    fn new(key: Key, head: Position, took: SignedDuration, log: Arc<OwnLog>) -> Self {
        let holds = if took < COSTLY {
            SignedDuration::ZERO
        } else {
            took.saturating_mul(HOLDS_TIMES).min(HOLDS_MAX)
        };
        Self { key, head, holds, log }
    }

    fn is_good(&self, head: Position, now: Timestamp) -> bool {
        let age = now.duration_since(self.log.read_at);
        self.head == head || (SignedDuration::ZERO..self.holds).contains(&age)
    }
}

/// Logs that were looked at lately; each holds as long as nothing is appended, and for a moment longer when it is costly.
#[derive(Debug, Default)]
pub struct ProcessCache {
    own: Mutex<Vec<KeptLog>>,
    kept: Mutex<Vec<(String, Arc<Log>)>>,
}

const OWN_KEPT: usize = 4;
const OTHERS_KEPT: usize = 4;

impl ProcessCache {
    fn own(&self, key: &Key, head: Position, now: Timestamp) -> Option<Arc<OwnLog>> {
        let kept = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|each| each.key == *key && each.is_good(head, now)).map(|each| each.log.clone())
    }

    fn put_own(&self, log: KeptLog, now: Timestamp) {
        let mut kept = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|each| each.key != log.key && each.is_good(log.head, now));
        kept.insert(0, log);
        kept.truncate(OWN_KEPT);
    }

    pub(super) fn kept(&self, id: &str) -> Option<Arc<Log>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(each, _)| each == id).map(|(_, log)| log.clone())
    }

    pub(super) fn put_kept(&self, id: &str, log: Option<Arc<Log>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(each, _)| each != id);
        if let Some(log) = log {
            kept.insert(0, (id.to_owned(), log));
        }
        kept.truncate(OTHERS_KEPT);
    }
}

impl Office {
    /// The log of the matters that came in within a period. Whoever may see figures may see it, heads that of their
    /// departments.
    pub async fn own_log(&self, period: Period, by: &Viewer) -> Result<Arc<OwnLog>> {
        let departments = scope(by, &self.edition())?;
        let key = Key { period, departments };
        let (head, read_at) = (self.store().head().await?, self.now());
        if let Some(log) = self.inner.process.own(&key, head, read_at) {
            return Ok(log);
        }
        let (wanted, cut) = self.wanted(&key).await?;
        let mut builder = LogBuilder::new(String::new());
        let records = self.records().await?;
        for (case, items) in wanted {
            let Some(record) = records.of(case).await? else { continue };
            for matter in record.matters.iter().filter(|matter| items.contains(&matter.item.to_string())) {
                tell(&mut builder, &record, matter);
            }
        }
        let departments = key.departments.clone();
        let log = Arc::new(OwnLog { log: builder.finish(), departments, cut, read_at });
        let now = self.now();
        let took = now.duration_since(read_at);
        self.inner.process.put_own(KeptLog::new(key, head, took, log.clone()), now);
        Ok(log)
    }

    /// The matters of the period, by case.
    async fn wanted(&self, key: &Key) -> Result<(BTreeMap<CaseId, Vec<String>>, bool)> {
        let mut conditions = FigureFilter::new(Counted::Received, key.period).of_matters(self.limits_today());
        if let Some(departments) = &key.departments {
            conditions.push(Condition::is_in("department", departments.iter().map(String::as_str)));
        }
        let (mut wanted, mut count, mut after) = (BTreeMap::<CaseId, Vec<String>>::new(), 0, None);
        loop {
            let query = ViewQuery::new(views::matters::TABLE).limit(store::PAGE_ROWS_MAX).after(after);
            let query = query.descending("month").descending("received_at");
            let page =
                self.store().view_rows(conditions.iter().cloned().fold(query, ViewQuery::filter)).await?;
            for row in page.rows.iter().filter_map(views::matters::read) {
                if count == MATTERS_MAX {
                    return Ok((wanted, true));
                }
                count += 1;
                wanted.entry(row.case).or_default().push(row.item);
            }
            match page.next {
                Some(cursor) => after = Some(cursor),
                None => return Ok((wanted, false)),
            }
        }
    }
}

fn tell(log: &mut LogBuilder, case: &CaseRecord, matter: &MatterRecord) {
    let edition = &case.edition;
    let title = edition.item(&matter.item).map_or(matter.item.as_str(), |item| item.title.get(NAMES));
    let plan = log.plan(planned(edition, &matter.item, &matter.plan, NAMES));
    let mut trace = Trace {
        id: case.number.to_string(),
        kind: Some(log.name(title)),
        item: Some(log.name(matter.item.as_str())),
        plan: Some(plan),
        ending: Ending::of_state(&matter.row.state),
        ..Trace::default()
    };
    for event in case.events.iter().filter(|event| event.item.as_ref() == Some(&matter.item)) {
        let Some(name) = name(event) else { continue };
        let department = event.department.as_ref().map(|id| {
            let found = event.edition.department(id);
            found.map_or_else(|| id.to_string(), |found| found.name.get(NAMES).to_owned())
        });
        trace.corrected.extend(points(log, event));
        trace.events.push(Event {
            activity: log.name(&name),
            at: event.at.as_microsecond(),
            transition: match event.phase {
                Phase::Start => Transition::Start,
                Phase::Abort => Transition::Abort,
                Phase::Complete => Transition::Complete,
            },
            group: department.map(|name| log.name(&name)),
            ready_at: event.ready_at.map(|at| at.as_microsecond()),
            side: match event.side {
                Side::Applicant => mining::Side::Applicant,
                Side::Officer | Side::System => mining::Side::Office,
            },
        });
    }
    log.trace(trace);
}

fn name(event: &RecordedEvent) -> Option<String> {
    let (Some(item), Some(step)) = (&event.item, &event.step) else {
        return mining::TOLD_KINDS
            .contains(&event.kind.as_str())
            .then(|| format!("{STEP_KIND}{}", event.kind));
    };
    let title = event.edition.item(item).and_then(|item| item.steps.get(step));
    Some(title.map_or_else(|| step.to_string(), |step| step.title.get(NAMES).to_owned()))
}

/// A name of the log in a language, where the pack has one.
pub fn said(edition: &Edition, name: &str, lang: Lang) -> String {
    if lang == NAMES {
        return name.to_owned();
    }
    let parts = edition.parts();
    let steps = parts.items.values().flat_map(|item| item.steps.values()).map(|step| &step.title);
    let named = parts
        .departments
        .values()
        .map(|department| &department.name)
        .chain(parts.items.values().map(|item| &item.title))
        .chain(steps)
        .chain(parts.fields.values().map(|field| &field.label))
        .chain(parts.materials.values().map(|material| &material.title));
    let mut found = named.filter(|title| title.get(NAMES) == name);
    found.next().map_or_else(|| name.to_owned(), |title| title.get(lang).to_owned())
}

fn points(log: &mut LogBuilder, event: &RecordedEvent) -> Vec<u32> {
    let Some(points) = &event.points else { return Vec::new() };
    let edition = &event.edition;
    let fields = points.fields.iter().map(|id| {
        edition.field(id).map_or_else(|| id.to_string(), |field| field.label.get(NAMES).to_owned())
    });
    let papers = points.materials.iter().map(|id| {
        edition.material(id).map_or_else(|| id.to_string(), |material| material.title.get(NAMES).to_owned())
    });
    fields.chain(papers).map(|name| log.name(&name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_costly_log_holds_for_a_moment_and_a_quick_one_until_something_happens() {
        let month = "2026-11".parse().unwrap();
        let key = Key { period: Period::month(month), departments: None };
        let begun: Timestamp = "2026-11-26T01:00:00Z".parse().unwrap();
        let after = |millis| begun + SignedDuration::from_millis(millis);
        let held = |took| {
            let cache = ProcessCache::default();
            let log = LogBuilder::new(String::new()).finish();
            let log = Arc::new(OwnLog { log, departments: None, cut: false, read_at: begun });
            let took = SignedDuration::from_millis(took);
            cache.put_own(KeptLog::new(key.clone(), Position(7), took, log), begun + took);
            let key = key.clone();
            move |head, millis| cache.own(&key, Position(head), after(millis)).is_some()
        };
        let quick = held(20);
        assert!(quick(7, 3_600_000) && !quick(8, 21));
        let costly = held(1_000);
        assert!(costly(8, 19_999) && !costly(8, 20_000) && costly(7, 3_600_000));
        let very = held(30_000);
        assert!(very(8, 59_999) && !very(8, 60_000));
        assert!(!costly(8, -1), "a clock that was set back makes nothing younger");
    }
}
