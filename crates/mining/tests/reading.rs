//! Valid logs are read, and anything else is refused with reason and position.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::tz::Offset;
use mining::{Bounds, Log, Side, Transition, Unreadable, read_xes};
use support::Dice;

fn read(text: &str) -> Result<Log, Unreadable> {
    read_xes(text.as_bytes(), Bounds::PAGE, Offset::UTC)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a <comment> with > in it -->
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value=""/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="一窗 &amp; more"/>
<trace>
<string key="concept:name" value="A-1"/>
<string key="matter:title" value="食品经营许可"/>
<string key="matter:state" value="completed"/>
<event><string key="concept:name" value="受理 &lt;1&gt;"/><date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/>
<string key="org:group" value="审批部"/><string key="org:resource" value="张三"/></event>
<event><string key="concept:name" value="决定"/><date key="time:timestamp" value="2026-03-03T09:00:00.5+08:00"/>
<date key="event:ready" value="2026-03-02T10:00:00+08:00"/><string key="event:side" value="applicant"/>
<string key="lifecycle:transition" value="START"/><string key="correction:points" value="面积|平面图"/></event>
<event><string key="concept:name" value="no instant"/></event>
</trace>
</log>
"#;

#[test]
fn a_log_is_read_as_it_says() {
    let log = read(SMALL).unwrap();
    assert_eq!((log.name.as_str(), log.traces().len(), log.undated), ("一窗 & more", 1, 1));
    let trace = &log.traces()[0];
    assert_eq!((trace.id.as_str(), log.name(trace.kind.unwrap())), ("A-1", "食品经营许可"));
    assert_eq!(trace.ending, mining::Ending::Through);
    let [first, second] = &trace.events[..] else { panic!("{trace:?}") };
    assert_eq!(log.name(first.activity), "受理 <1>");
    assert_eq!(log.name(first.group.unwrap()), "审批部");
    assert_eq!((first.transition, second.transition), (Transition::Complete, Transition::Start));
    assert_eq!(second.at - first.at, 86_400_500_000);
    assert_eq!(second.at - second.ready_at.unwrap(), 82_800_500_000);
    assert_eq!(second.side, Side::Applicant);
    let points: Vec<&str> = trace.corrected.iter().map(|place| log.name(*place)).collect();
    assert_eq!(points, ["面积", "平面图"]);
    assert!(!log.names.iter().any(|name| name == "张三"), "nobody is named");
    // Gzipped, also in two members, the result is the same.
    let half = SMALL.len() / 2;
    let half = (half..).find(|place| SMALL.is_char_boundary(*place)).unwrap();
    let two = [packed(&SMALL.as_bytes()[..half]), packed(&SMALL.as_bytes()[half..])].concat();
    for bytes in [packed(SMALL.as_bytes()), two] {
        assert_eq!(read_xes(&bytes[..], Bounds::PAGE, Offset::UTC).unwrap(), log);
    }
}

#[test]
fn what_is_no_log_is_refused_with_its_reason_and_place() {
    let cut = &SMALL[..SMALL.find("</trace>").unwrap()];
    let deep = format!("<log>{}", "<string key=\"a\" value=\"b\">".repeat(100_000));
    let rows: Vec<(String, &str, Option<u64>)> = vec![
        (String::new(), "empty", None),
        ("PK\u{3}\u{4} not a log".into(), "not-xes", None),
        ("no log at all".into(), "not-xes", None),
        ("<html><body>Sign in</body></html>".into(), "not-xes", None),
        ("<log></log>".into(), "no-events", None),
        ("<log><trace><string key=\"concept:name\" value=\"x\"/></trace></log>".into(), "no-events", None),
        (cut.into(), "cut-off", Some(18)),
        (SMALL.replace("</trace>", "</traces>"), "not-xml", Some(18)),
        (SMALL.replace("</trace>", ""), "not-xml", Some(19)),
        (format!("{SMALL}</log>"), "not-xml", Some(20)),
        (
            SMALL.replace("<event><string key=\"concept:name\" value=\"no instant\"/></event>", "<event/>"),
            "empty-element",
            Some(17),
        ),
        (SMALL.replace("<trace>\n", "<trace/><trace>\n"), "empty-element", Some(8)),
        (deep, "too-deep", Some(1)),
        (SMALL.replace("encoding=\"UTF-8\"", "encoding=\"EBCDIC-X\""), "unknown-encoding", None),
        (SMALL.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16LE\""), "not-in-encoding", None),
        (SMALL.replace("2026-03-0", "3/"), "unreadable-times", None),
        (SMALL.replace("<string key=\"concept:name\"", "<string key=\"Activity\""), "no-names", None),
    ];
    for (text, code, line) in rows {
        let refused = read(&text).expect_err(code);
        assert_eq!(refused.code(), code, "{refused} of {}", &text[..text.len().min(80)]);
        if line.is_some() {
            assert_eq!(refused.line(), line, "{refused}");
        }
        assert!(!refused.to_string().is_empty());
    }
}

#[test]
fn bombs_are_put_down_before_they_open() {
    let bounds = Bounds { bytes_max: 1 << 20, events_max: 1000, names_max: 100 };
    let read = |bytes: &[u8]| read_xes(bytes, bounds, Offset::UTC).expect_err("a bomb").code();
    let spaces = [b"<log>".to_vec(), vec![b' '; 64 << 20]].concat();
    let bomb = packed(&spaces);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read(&bomb), "too-large");
    assert_eq!(read(support::log(1, 300, false).as_bytes()), "too-many-events");
    let mut many = String::from("<log>");
    for place in 0..200 {
        let of = "<trace><event><string key=\"concept:name\" value=\"N\"/><date key=\"time:timestamp\" value=\"2026-01-01T00:00:00Z\"/></event></trace>";
        many.push_str(&of.replace('N', &format!("name {place}")));
    }
    assert_eq!(read(format!("{many}</log>").as_bytes()), "too-many-names");
    let laughs = "<!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let text = format!("{laughs}{}", support::log(1, 2, false).replace("value=\"dice\"", "value=\"&b;\""));
    // Entities defined in the text are not expanded.
    assert!(read_xes(text.as_bytes(), bounds, Offset::UTC).map_or(true, |log| log.name.len() < 100));
    let whole = packed(support::log(3, 50, false).as_bytes());
    assert_eq!(read(&whole[..whole.len() / 2]), "broken-packing");
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0xff;
    // Detected by the decompressor, or by a later stage that reads its output.
    assert!(["broken-packing", "not-xml", "not-xes", "cut-off"].contains(&read(&broken)));
}

#[test]
fn whatever_is_done_to_a_log_it_is_read_or_refused() {
    let mut dice = Dice(20_261_126);
    std::panic::set_hook(Box::new(|_| {}));
    let (mut read, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let mut bytes = SMALL.as_bytes().to_vec();
        for _ in 0..=dice.below(3) {
            let length = bytes.len() as u64;
            let place = usize::try_from(dice.below(length)).unwrap();
            match dice.below(4) {
                0 => bytes[place] = u8::try_from(dice.below(256)).unwrap(),
                1 => drop(bytes.remove(place)),
                2 => bytes.truncate(place.max(1)),
                _ => {
                    let from = usize::try_from(dice.below(length)).unwrap();
                    let piece: Vec<u8> = bytes[from..(from + 30).min(bytes.len())].to_vec();
                    bytes.splice(place..place, piece);
                }
            }
        }
        match read_xes(&bytes[..], Bounds::PAGE, Offset::UTC) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    let _ = std::panic::take_hook();
    assert!(read > 500 && refused > 500, "{read} read, {refused} refused");
}

/// A log of eight steps, an hour apart, in the encoding that it declares.
fn in_letters(label: &str, encode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let steps = ["接件", "受理", "审查", "发证", "办结", "复核", "初审", "会签"];
    let event = |(hour, step): (usize, &&str)| {
        format!(
            "<event><string key=\"concept:name\" value=\"{step}\"/><date key=\"time:timestamp\" value=\"2026-11-06T{:02}:00:00\"/></event>",
            9 + hour
        )
    };
    let events: String = steps.iter().enumerate().map(event).collect();
    encode(&format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n<log><trace>{events}</trace></log>"))
}

#[test]
fn a_log_is_read_in_the_letters_that_it_names() {
    let utf16 = |text: &str, mark: bool, big: bool| {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let legacy =
        |encoding: &'static encoding_rs::Encoding| move |text: &str| encoding.encode(text).0.into_owned();
    let plain = in_letters("UTF-8", |text| text.as_bytes().to_vec());
    let expected = read_xes(&plain[..], Bounds::PAGE, Offset::UTC).unwrap();
    assert_eq!(expected.traces()[0].events.len(), 8);
    for bytes in [
        in_letters("GBK", legacy(encoding_rs::GBK)),
        in_letters("gb2312", legacy(encoding_rs::GBK)),
        in_letters("GB18030", legacy(encoding_rs::GB18030)),
        in_letters("UTF-16", |text| utf16(text, true, false)),
        in_letters("UTF-16", |text| utf16(text, true, true)),
        in_letters("UTF-16", |text| utf16(text, false, false)),
        in_letters("UTF-8", |text| [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
    ] {
        assert_eq!(read_xes(&bytes[..], Bounds::PAGE, Offset::UTC).unwrap(), expected);
        assert_eq!(read_xes(&packed(&bytes)[..], Bounds::PAGE, Offset::UTC).unwrap(), expected);
    }
}

#[test]
fn times_without_a_zone_are_those_of_the_zone_that_is_given_and_are_counted() {
    let text = in_letters("UTF-8", |text| text.as_bytes().to_vec());
    let read = |hours| read_xes(&text[..], Bounds::PAGE, Offset::constant(hours)).unwrap();
    let (east, utc) = (read(8), read(0));
    let first = |log: &Log| log.traces()[0].events[0].at;
    assert_eq!(first(&utc) - first(&east), 8 * 3_600_000_000);
    assert_eq!((east.zoneless, east.read_at_offset), (8, 8 * 3600));
    let zoned = String::from_utf8(text).unwrap().replace(":00:00\"", ":00:00+08:00\"");
    let zoned = read_xes(zoned.as_bytes(), Bounds::PAGE, Offset::UTC).unwrap();
    assert_eq!((zoned.zoneless, first(&zoned)), (0, first(&east)));
}

#[test]
fn a_log_without_events_says_why() {
    let times = SMALL
        .replace("2026-03-02T09:00:00+08:00", "2026/11/06 09:00")
        .replace("2026-03-03T09:00:00.5+08:00", "x");
    let said = read(&times).unwrap_err();
    assert_eq!(said.detail(), "2026/11/06 09:00");
    assert!(said.to_string().contains("2026/11/06 09:00"), "{said}");
    let named = SMALL.replace("<string key=\"concept:name\"", "<string key=\"Activity\"");
    let named = named.replace("keys=\"concept:name\"", "keys=\"Activity\"");
    let said = read(&named).unwrap_err();
    assert_eq!((said.code(), said.detail(), said.count()), ("no-names", "Activity", 3));
}

#[test]
fn events_of_our_own_logs_that_are_no_work_are_left_out() {
    let event = |name: &str, more: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"{name}\"/><date key=\"time:timestamp\" value=\"2026-03-02T09:00:00+08:00\"/>{more}</event>"
        )
    };
    let kind = |kind: &str| format!("<string key=\"event:kind\" value=\"{kind}\"/>");
    let step = format!("{}<string key=\"event:step\" value=\"审查\"/>", kind("step-done"));
    let events = [
        event("材料审查", &step),
        event("预警", &kind("warned")),
        event("时限暂停", &kind("clock-paused")),
        event("事项立件", &kind("matter-opened")),
        event("another system's", ""),
    ];
    let log = read(&format!("<log><trace>{}</trace></log>", events.concat())).unwrap();
    let names: Vec<&str> = log.traces()[0].events.iter().map(|event| log.name(event.activity)).collect();
    assert_eq!(names, ["材料审查", "事项立件", "another system's"]);
}

#[test]
fn time_in_which_work_was_laid_aside_is_waiting() {
    let event = |hour: u32, transition: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"审查\"/><date key=\"time:timestamp\" value=\"2026-11-06T{hour:02}:00:00+08:00\"/><string key=\"lifecycle:transition\" value=\"{transition}\"/></event>"
        )
    };
    let events = [event(9, "start"), event(10, "suspend"), event(14, "resume"), event(15, "complete")];
    let log = read(&format!("<log><trace>{}</trace></log>", events.concat())).unwrap();
    let report = mining::Report::of(&log, &mining::Chosen::default(), &mining::Hours::Clock);
    let step = &report.steps[0];
    assert_eq!((step.working.sum_seconds, step.waiting.sum_seconds), (2 * 3600, 4 * 3600));
}
