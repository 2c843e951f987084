//! XES, packed or not, by the parser of `process_mining`.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::bufread::MultiGzDecoder;
use process_mining::core::event_data::case_centric::xes::{
    XESImportOptions, XESParseError, stream_xes_bufread,
};
use process_mining::core::event_data::case_centric::{self as xes, AttributeValue, XESEditableAttribute};

use crate::guard::{Bounds, Guard, Unreadable};
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
const OF_EVENTS: [&str; 7] = [
    "concept:name",
    "time:timestamp",
    "lifecycle:transition",
    "org:group",
    "event:ready",
    "event:side",
    "correction:points",
];
/// As much of a name as is kept.
const NAME_CHARS_MAX: usize = 200;
/// Between the names of what was to be put right.
const BETWEEN_POINTS: char = '|';
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a log; whether it is packed is seen from its first bytes.
///
/// # Errors
/// An [`Unreadable`] that says what is wrong, and where.
pub fn read_xes(mut input: impl BufRead, bounds: Bounds) -> Result<Log, Unreadable> {
    let first = input.fill_buf().map_err(|_| Unreadable::BrokenPacking)?;
    if first.is_empty() {
        return Err(Unreadable::Empty);
    }
    if first.starts_with(&GZIP) {
        read(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(input)), bounds)
    } else {
        read(input, bounds)
    }
}

fn read(input: impl BufRead, bounds: Bounds) -> Result<Log, Unreadable> {
    let (guard, seen) = Guard::new(input, bounds.bytes_max);
    // The parser is somebody else's: should it give up on a text, that text is not read, and nothing else.
    let read = catch_unwind(AssertUnwindSafe(|| walk(guard, bounds)));
    let seen = seen.borrow();
    match (read, seen.fault.clone()) {
        (_, Some(fault)) => Err(fault),
        (Ok(Ok(log)), None) => Ok(log),
        (Ok(Err(Some(fault))), None) => Err(fault),
        (Ok(Err(None)) | Err(_), None) => Err(Unreadable::NotXml { line: None }),
    }
}

/// `None` for what is not XML.
fn walk(guard: Guard<impl BufRead>, bounds: Bounds) -> Result<Log, Option<Unreadable>> {
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
    let (mut events, mut kept) = (0_u64, 0_u64);
    for (place, trace) in (&mut traces).enumerate() {
        events += trace.events.len() as u64;
        if events > bounds.events_max {
            return Err(Some(Unreadable::TooManyEvents(bounds.events_max)));
        }
        kept += take(&mut log, &trace, place);
        if log.names() > bounds.names_max {
            return Err(Some(Unreadable::TooManyNames(bounds.names_max)));
        }
    }
    if let Some(error) = traces.check_for_errors() {
        return Err(fault(error));
    }
    if kept == 0 {
        return Err(Some(Unreadable::NoEvents));
    }
    Ok(settled(log.finish()))
}

/// How many events of the trace were kept.
fn take(log: &mut LogBuilder, from: &xes::Trace, place: usize) -> u64 {
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
        let (Some(activity), Some(at)) = (text(about, "concept:name"), instant(about, "time:timestamp"))
        else {
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
            ready_at: instant(about, "event:ready"),
            side: match text(about, "event:side").as_deref() {
                Some("applicant") => Side::Applicant,
                _ => Side::Office,
            },
        });
    }
    let kept = trace.events.len() as u64;
    log.trace(trace);
    kept
}

/// Some logs tell only when things began: then that is when they were done.
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

fn instant(attributes: &xes::Attributes, key: &str) -> Option<i64> {
    match &attributes.get_by_key(key)?.value {
        AttributeValue::Date(date) => Some(date.timestamp_micros()),
        _ => None,
    }
}
