//! Our own log: a trace for each matter that came in within a period.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use diagnostic::Lang;
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
/// What is told besides steps.
const KINDS: [&str; 6] = [
    "matter-opened",
    "correction-asked",
    "correction-supplied",
    "acceptance-refused",
    "withdrawn",
    "matter-lapsed",
];

/// A log with what it leaves out.
#[derive(Debug)]
pub struct OwnLog {
    pub log: Log,
    /// Whose matters they are; nothing to say for the whole zone.
    pub departments: Option<Vec<String>>,
    /// The period has more matters than are looked at at once.
    pub cut: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    period: Period,
    lang: Lang,
    departments: Option<Vec<String>>,
}

/// Logs that were looked at lately; each holds as long as nothing is appended.
#[derive(Debug, Default)]
pub struct ProcessCache {
    own: Mutex<Vec<(Key, Position, Arc<OwnLog>)>>,
    kept: Mutex<Vec<(String, Arc<Log>)>>,
}

const OWN_KEPT: usize = 4;
const OTHERS_KEPT: usize = 4;

impl ProcessCache {
    fn own(&self, key: &Key, head: Position) -> Option<Arc<OwnLog>> {
        let kept = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(each, at, _)| each == key && *at == head).map(|(_, _, log)| log.clone())
    }

    fn put_own(&self, key: Key, head: Position, log: Arc<OwnLog>) {
        let mut kept = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(each, at, _)| *each != key && *at == head);
        kept.insert(0, (key, head, log));
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
    /// The log of the matters that came in within a period, in the words of a language. Whoever may see figures may see
    /// it, heads that of their departments.
    pub async fn own_log(&self, period: Period, lang: Lang, by: &Viewer) -> Result<Arc<OwnLog>> {
        let departments = scope(by, &self.edition())?;
        let key = Key { period, lang, departments };
        let head = self.store().head().await?;
        if let Some(log) = self.inner.process.own(&key, head) {
            return Ok(log);
        }
        let (wanted, cut) = self.wanted(&key).await?;
        let mut builder = LogBuilder::new(String::new());
        let records = self.records().await?;
        for (case, items) in wanted {
            let Some(record) = records.of(case).await? else { continue };
            for matter in record.matters.iter().filter(|matter| items.contains(&matter.item.to_string())) {
                tell(&mut builder, &record, matter, lang);
            }
        }
        let log = Arc::new(OwnLog { log: builder.finish(), departments: key.departments.clone(), cut });
        self.inner.process.put_own(key, head, log.clone());
        Ok(log)
    }

    /// The matters of the period, by case.
    async fn wanted(&self, key: &Key) -> Result<(BTreeMap<CaseId, Vec<String>>, bool)> {
        let mut conditions = FigureFilter::new(Counted::Received, key.period).of_matters();
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

fn tell(log: &mut LogBuilder, case: &CaseRecord, matter: &MatterRecord, lang: Lang) {
    let edition = &case.edition;
    let title = edition.item(&matter.item).map_or(matter.item.as_str(), |item| item.title.get(lang));
    let plan = log.plan(planned(edition, &matter.item, &matter.plan, lang));
    let mut trace = Trace {
        id: case.number.to_string(),
        kind: Some(log.name(title)),
        item: Some(log.name(matter.item.as_str())),
        plan: Some(plan),
        ending: Ending::of_state(&matter.row.state),
        ..Trace::default()
    };
    for event in case.events.iter().filter(|event| event.item.as_ref() == Some(&matter.item)) {
        let Some(name) = name(event, lang) else { continue };
        let department = event.department.as_ref().map(|id| {
            let found = event.edition.department(id);
            found.map_or_else(|| id.to_string(), |found| found.name.get(lang).to_owned())
        });
        trace.corrected.extend(points(log, event, lang));
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

fn name(event: &RecordedEvent, lang: Lang) -> Option<String> {
    let (Some(item), Some(step)) = (&event.item, &event.step) else {
        return KINDS.contains(&event.kind.as_str()).then(|| format!("{STEP_KIND}{}", event.kind));
    };
    let title = event.edition.item(item).and_then(|item| item.steps.get(step));
    Some(title.map_or_else(|| step.to_string(), |step| step.title.get(lang).to_owned()))
}

fn points(log: &mut LogBuilder, event: &RecordedEvent, lang: Lang) -> Vec<u32> {
    let Some(points) = &event.points else { return Vec::new() };
    let edition = &event.edition;
    let fields = points
        .fields
        .iter()
        .map(|id| edition.field(id).map_or_else(|| id.to_string(), |field| field.label.get(lang).to_owned()));
    let papers = points.materials.iter().map(|id| {
        edition.material(id).map_or_else(|| id.to_string(), |material| material.title.get(lang).to_owned())
    });
    fields.chain(papers).map(|name| log.name(&name)).collect()
}
