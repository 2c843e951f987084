//! A file that claims to be a log, packed or not: it is read within bounds or refused, packed it reads as it does unpacked,
//! kept it comes back as it was, and whatever was read can be reported on.

#![no_main]

use std::io::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use mining::{Bounds, Chosen, Declared, DeclaredStep, Hours, Log, Report, Strays, read_xes};

const BOUNDS: Bounds = Bounds { bytes_max: 1 << 16, events_max: 200, names_max: 60 };
const GZIP: [u8; 2] = [0x1f, 0x8b];

static READING: AtomicBool = AtomicBool::new(false);

/// The parser is somebody else's and may give up on a text: `read_xes` answers for that. A panic of our own code still ends
/// the run, also where `read_xes` would catch it.
fn forgive_the_parser() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let ours = panic.location().is_none_or(|place| place.file().contains("crates/mining"));
            if ours || !READING.load(Ordering::Relaxed) {
                before(panic);
            }
        }));
    });
}

fn read(bytes: &[u8]) -> Result<Log, mining::Unreadable> {
    READING.store(true, Ordering::Relaxed);
    let read = read_xes(bytes, BOUNDS, mining::Offset::UTC);
    READING.store(false, Ordering::Relaxed);
    read
}

/// Names of the log as steps, one after the other.
fn declared(log: &Log) -> Declared {
    let step = |(place, name): (usize, &String)| DeclaredStep {
        name: name.clone(),
        after: place.checked_sub(1).into_iter().collect(),
        optional: place % 3 == 1,
        again: place % 3 == 2,
        decides: place == 2,
    };
    Declared { steps: log.names.iter().take(5).enumerate().map(step).collect() }
}

fn report(log: &Log) {
    let all = Report::of(log, &Chosen::default(), &Hours::Clock);
    assert_eq!((all.cases, all.events), (log.traces().len() as u64, log.events()));
    let first = |names: Vec<&str>| names.first().map(|name| (*name).to_owned());
    let follows = all.follows.first().map(|follows| (follows.from.clone(), follows.to.clone()));
    let chosen = [
        Chosen { kind: first(log.kinds()), ..Chosen::default() },
        Chosen { group: first(log.groups()), ..Chosen::default() },
        Chosen { activity: all.steps.first().map(|step| step.name.clone()), ..Chosen::default() },
        Chosen { way: all.ways.first().map(|way| way.key.clone()), ..Chosen::default() },
        Chosen { follows, strays: Some(Strays::Anyhow), ..Chosen::default() },
    ];
    for chosen in chosen {
        let some = Report::of(log, &chosen, &Hours::Clock);
        let (lines, found) = Report::cases(log, &chosen, &Hours::Clock, 0, usize::MAX);
        assert_eq!((some.cases, lines.len() as u64), (found, found));
        assert!(some.cases <= all.cases);
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    forgive_the_parser();
    let found = read(bytes);
    if !bytes.is_empty() && !bytes.starts_with(&GZIP) {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).expect("memory takes everything");
        let packed = packer.finish().expect("memory takes everything");
        assert_eq!(read(&packed), found);
    }
    let Ok(mut log) = found else { return };
    assert!((1..=BOUNDS.events_max).contains(&log.events()));
    let kept = serde_json::to_vec(&log).expect("a log can be kept");
    assert_eq!(serde_json::from_slice::<Log>(&kept).expect("a kept log can be read"), log);
    report(&log);
    let plan = declared(&log);
    let _ = plan.pnml();
    log.declare_all(plan);
    report(&log);
});
