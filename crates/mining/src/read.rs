//! Reads XES, gzipped or plain, with the parser of `process_mining`.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::bufread::MultiGzDecoder;
use jiff::tz::Offset;
use process_mining::core::event_data::case_centric::xes::{
    XESImportOptions, XESParseError, stream_xes_bufread,
};
use process_mining::core::event_data::case_centric::{self as xes, AttributeValue, XESEditableAttribute};

use crate::dates::{self, AsTexts};
use crate::guard::{Bounds, Guard, Unreadable};
use crate::letters::letters;
use crate::log::{Ending, Event, Log, LogBuilder, Side, Trace, Transition};

const OF_LOGS: [&str; 1] = ["concept:name"];
const OF_TRACES: [&str; 8] = [
    "concept:name",
    "matter:title",
    "matter:item",
    "matter:state",
    "case:title",
    "case:thing",
    "case:state",
    "case:number",
];
const OF_EVENTS: [&str; 9] = [
    "concept:name",
    "event:kind",
    "event:step",
    "time:timestamp",
    "lifecycle:transition",
    "org:group",
    "event:ready",
    "event:side",
    "correction:points",
];
/// Longest name that is kept, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Separates the names of the points to correct.
const BETWEEN_POINTS: char = '|';
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Kinds of events of our own logs that are reported besides steps; the other kinds concern clocks and lists,
/// not work.
pub const TOLD_KINDS: [&str; 6] = [
    "matter-opened",
    "correction-asked",
    "correction-supplied",
    "acceptance-refused",
    "withdrawn",
    "matter-lapsed",
];

/// Reads a log; gzip is detected from the first bytes, the encoding from the XML declaration. Times without
/// zone are read at `offset`.
///
/// # Errors
/// An [`Unreadable`] that says what is wrong, and where.
pub fn read_xes(mut input: impl BufRead, bounds: Bounds, offset: Offset) -> Result<Log, Unreadable> {
    let first = input.fill_buf().map_err(|_| Unreadable::BrokenPacking)?;
    if first.is_empty() {
        return Err(Unreadable::Empty);
    }
    if first.starts_with(&GZIP) {
        read(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(input)), bounds, offset)
    } else {
        read(input, bounds, offset)
    }
}

fn read(input: impl BufRead, bounds: Bounds, offset: Offset) -> Result<Log, Unreadable> {
    let (guard, seen) = Guard::new(letters(input)?, bounds.bytes_max);
    let guard = AsTexts::new(guard);
    // A panic of the third-party parser makes only this log unreadable.
    let read = catch_unwind(AssertUnwindSafe(|| walk(guard, bounds, offset)));
    let seen = seen.borrow();
    match (read, seen.fault.clone()) {
        (_, Some(fault)) => Err(fault),
        (Ok(Ok(log)), None) => Ok(log),
        (Ok(Err(Some(fault))), None) => Err(fault),
        (Ok(Err(None)) | Err(_), None) => Err(Unreadable::NotXml { line: None }),
    }
}

/// Parses the log. `Err(None)` when it is not XML.
fn walk(guard: impl BufRead, bounds: Bounds, offset: Offset) -> Result<Log, Option<Unreadable>> {
    let only = |keys: &[&str]| Some(keys.iter().map(|key| (*key).to_owned()).collect::<HashSet<_>>());
    let options = XESImportOptions {
        ignore_log_attributes_except: only(&OF_LOGS),
        ignore_trace_attributes_except: only(&OF_TRACES),
        ignore_event_attributes_except: only(&OF_EVENTS),
        verbose: false,
        ..XESImportOptions::default()
    };
    let fault = |error| match error {
        XESParseError::NoTopLevelLog | XESParseError::AttributeOutsideLog => Some(Unreadable::NotXes),
        _ => None,
    };
    let (mut traces, about) = stream_xes_bufread(guard, false, options).map_err(fault)?;
    let mut log = LogBuilder::new(text(&about.log_attributes, "concept:name").unwrap_or_default());
    let (mut events, mut lost) = (0_u64, Lost::default());
    for (place, trace) in (&mut traces).enumerate() {
        events += trace.events.len() as u64;
        if events > bounds.events_max {
            return Err(Some(Unreadable::TooManyEvents(bounds.events_max)));
        }
        take(&mut log, &trace, place, offset, &mut lost);
        if log.names() > bounds.names_max {
            return Err(Some(Unreadable::TooManyNames(bounds.names_max)));
        }
    }
    if let Some(error) = traces.check_for_errors() {
        return Err(fault(error));
    }
    if lost.kept == 0 {
        let classifier = about.classifiers.first().map(|classifier| shortened(&classifier.keys.join(" + ")));
        return Err(Some(lost.why(classifier)));
    }
    log.zoneless(lost.zoneless, offset);
    Ok(settled(log.finish()))
}

/// Counts of events kept and dropped, by reason.
#[derive(Debug, Default)]
struct Lost {
    kept: u64,
    zoneless: u64,
    nameless: u64,
    unread: u64,
    example: String,
}

impl Lost {
    /// Why nothing was kept.
    fn why(self, classifier: Option<String>) -> Unreadable {
        if self.unread > 0 {
            return Unreadable::UnreadableTimes { count: self.unread, example: self.example };
        }
        match self.nameless {
            0 => Unreadable::NoEvents,
            count => Unreadable::NoNames { count, classifier },
        }
    }

    /// Parses an instant of the log into microseconds; counts it if it is unreadable or has no zone.
    fn instant(&mut self, about: &xes::Attributes, key: &str, offset: Offset) -> Option<i64> {
        let text = text(about, key)?;
        let Some(told) = dates::instant(&text, offset) else {
            self.unread += 1;
            if self.example.is_empty() {
                self.example = shortened(&text);
            }
            return None;
        };
        self.zoneless += u64::from(!told.zoned);
        Some(told.micros)
    }
}

/// A text cut to 60 characters for a message.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

fn take(log: &mut LogBuilder, from: &xes::Trace, place: usize, offset: Offset, lost: &mut Lost) {
    let about = &from.attributes;
    let id = text(about, "concept:name").or_else(|| text(about, "case:number"));
    let kind = text(about, "matter:title").or_else(|| text(about, "case:title"));
    let item = text(about, "matter:item").or_else(|| text(about, "case:thing"));
    let state = text(about, "matter:state").or_else(|| text(about, "case:state"));
    let mut trace = Trace {
        id: id.unwrap_or_else(|| (place + 1).to_string()),
        kind: kind.as_deref().map(|kind| log.name(kind)),
        item: item.as_deref().map(|item| log.name(item)),
        ending: state.as_deref().map_or(Ending::Unknown, Ending::of_state),
        ..Trace::default()
    };
    trace.events.reserve(from.events.len());
    for event in &from.events {
        let about = &event.attributes;
        if is_beside(about) {
            continue;
        }
        let at = lost.instant(about, "time:timestamp", offset);
        let activity = text(about, "concept:name");
        lost.nameless += u64::from(activity.is_none());
        let (Some(activity), Some(at)) = (activity, at) else {
            log.undated();
            continue;
        };
        let group = text(about, "org:group").filter(|group| !group.is_empty());
        let points = text(about, "correction:points").unwrap_or_default();
        for point in points.split(BETWEEN_POINTS).filter(|point| !point.is_empty()) {
            let point = log.name(point);
            trace.corrected.push(point);
        }
        trace.events.push(Event {
            activity: log.name(&activity),
            at,
            transition: transition(text(about, "lifecycle:transition").as_deref()),
            group: group.map(|group| log.name(&group)),
            ready_at: lost.instant(about, "event:ready", offset),
            side: match text(about, "event:side").as_deref() {
                Some("applicant") => Side::Applicant,
                _ => Side::Office,
            },
        });
    }
    lost.kept += trace.events.len() as u64;
    log.trace(trace);
}

/// Events of our own logs that are no work: warnings, stopped clocks. The page that shows where time goes
/// leaves them out as well.
fn is_beside(about: &xes::Attributes) -> bool {
    text(about, "event:kind")
        .is_some_and(|kind| text(about, "event:step").is_none() && !TOLD_KINDS.contains(&kind.as_str()))
}

/// A log without any completion has only start events: they count as completions.
fn settled(mut log: Log) -> Log {
    let completes = |trace: &Trace| trace.events.iter().any(|event| event.transition == Transition::Complete);
    if !log.traces.iter().any(completes) {
        for event in log.traces.iter_mut().flat_map(|trace| &mut trace.events) {
            event.transition = Transition::Complete;
        }
    }
    log
}

fn transition(text: Option<&str>) -> Transition {
    let Some(text) = text else { return Transition::Complete };
    match text.to_ascii_lowercase().as_str() {
        "complete" | "" => Transition::Complete,
        "start" => Transition::Start,
        "ate_abort" | "pi_abort" | "withdraw" => Transition::Abort,
        "suspend" => Transition::Suspend,
        "resume" => Transition::Resume,
        _ => Transition::Other,
    }
}

fn text(attributes: &xes::Attributes, key: &str) -> Option<String> {
    let text = match &attributes.get_by_key(key)?.value {
        AttributeValue::String(text) => text.trim().chars().take(NAME_CHARS_MAX).collect(),
        AttributeValue::Int(number) => number.to_string(),
        AttributeValue::ID(id) => id.to_string(),
        _ => return None,
    };
    Some(text)
}
