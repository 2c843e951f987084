//! The two ledgers as rows: one per matter, one per event.

use diagnostic::Lang;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use office::{CaseRecord, MatterRecord, Phase, RecordedEvent};

use crate::words;

/// One of the ledgers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// 办件台账: one row for each item of each application.
    Cases,
    /// 事件台账: one row for each event.
    Events,
}

/// One cell. Instants are in the zone's local time.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(i64),
    Time(DateTime),
    /// A day without a time, such as the last day of a limit.
    Day(Date),
    Nothing,
}

impl Sheet {
    pub const fn title(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Cases, Lang::Zh) => "办件台账",
            (Self::Cases, Lang::En) => "Cases",
            (Self::Events, Lang::Zh) => "事件台账",
            (Self::Events, Lang::En) => "Events",
        }
    }

    pub fn head(self, lang: Lang) -> impl Iterator<Item = &'static str> {
        let pairs: &[(&str, &str)] = match self {
            Self::Cases => &[
                ("办件编号", "Case number"),
                ("一件事", "Thing"),
                ("事项", "Item"),
                ("部门", "Department"),
                ("申请人类型", "Party"),
                ("渠道", "Channel"),
                ("状态", "State"),
                ("收件时间", "Received"),
                ("受理时间", "Accepted"),
                ("决定时间", "Decided"),
                ("办结时间", "Closed"),
                ("承诺到期日（含当日）", "Promised by (inclusive)"),
                ("法定到期日（含当日）", "Due by law (inclusive)"),
                ("办理工作日", "Working days taken"),
                ("比法定提前工作日", "Working days before the law's"),
                ("比承诺提前工作日", "Working days before the promised"),
                ("补正次数", "Corrections"),
                ("视为受理", "Deemed accepted"),
                ("超时", "Overdue"),
                ("评价", "Rating"),
                ("版本", "Edition"),
            ],
            Self::Events => &[
                ("时间", "Time"),
                ("办件编号", "Case number"),
                ("事项", "Item"),
                ("部门", "Department"),
                ("事件", "Event"),
                ("环节", "Step"),
                ("阶段", "Phase"),
                ("结论", "Outcome"),
                ("一方", "Side"),
                ("角色", "Role"),
                ("经办代号", "Pseudonym"),
                ("事件类别", "Kind"),
                ("事件标识", "Event id"),
            ],
        };
        pairs.iter().map(move |(zh, en)| if lang == Lang::Zh { *zh } else { *en })
    }

    /// The rows of a case in this ledger.
    pub fn rows(self, case: &CaseRecord, lang: Lang) -> Vec<Vec<Value>> {
        match self {
            Self::Cases => case.matters.iter().map(|matter| matter_row(case, matter, lang)).collect(),
            Self::Events => case.events.iter().map(|event| event_row(case, event, lang)).collect(),
        }
    }
}

fn matter_row(case: &CaseRecord, matter: &MatterRecord, lang: Lang) -> Vec<Value> {
    let (edition, row) = (&case.edition, &matter.row);
    let offset = edition.offset();
    let maybe = |at: Option<Timestamp>| at.map_or(Value::Nothing, |at| time(at, offset));
    let last_day = |due_at: Option<Timestamp>| {
        due_at.map_or(Value::Nothing, |due_at| Value::Day(calendar::last_day(due_at, offset)))
    };
    let number = |number: Option<i64>| number.map_or(Value::Nothing, Value::Number);
    vec![
        text(&*case.number),
        text(words::thing(edition, &case.thing, lang)),
        text(words::item(edition, &matter.item, lang)),
        text(words::department(edition, &row.department.as_str().into(), lang)),
        text(words::party(case.party, lang)),
        text(words::channel(case.channel, lang)),
        text(words::state(&row.state, lang)),
        time(row.received_at, offset),
        maybe(row.accepted_at),
        maybe(row.decided_at),
        maybe(row.closed_at),
        last_day(row.promised_due_at),
        last_day(row.statutory_due_at),
        number(row.days_taken),
        number(row.days_saved),
        number(row.days_early),
        Value::Number(row.corrections.into()),
        yes(row.deemed, lang),
        yes(row.overdue, lang),
        number(row.rating.map(Into::into)),
        text(edition.hash().short()),
    ]
}

fn event_row(case: &CaseRecord, event: &RecordedEvent, lang: Lang) -> Vec<Value> {
    let edition = &event.edition;
    let or_nothing = |found: Option<String>| found.map_or(Value::Nothing, Value::Text);
    let step = event.step.as_ref().map(|_| words::activity(event, lang));
    let phase = match (event.phase, lang) {
        (Phase::Start, Lang::Zh) => "开始",
        (Phase::Start, Lang::En) => "Start",
        (Phase::Abort, Lang::Zh) => "放下",
        (Phase::Abort, Lang::En) => "Given back",
        (Phase::Complete, Lang::Zh) => "完成",
        (Phase::Complete, Lang::En) => "Complete",
    };
    vec![
        time(event.at, edition.offset()),
        text(&*case.number),
        or_nothing(event.item.as_ref().map(|item| words::item(edition, item, lang))),
        or_nothing(event.department.as_ref().map(|id| words::department(edition, id, lang))),
        text(words::kind(&event.kind, lang)),
        or_nothing(step),
        text(phase),
        or_nothing(event.outcome.map(|outcome| words::outcome(outcome, lang).to_owned())),
        text(words::side(event.side, lang)),
        or_nothing(event.role.as_ref().map(|role| words::role(edition, role, lang))),
        text(event.actor.as_str()),
        text(event.kind.as_str()),
        text(event.id.to_string()),
    ]
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn time(at: Timestamp, offset: Offset) -> Value {
    Value::Time(offset.to_datetime(at))
}

fn yes(holds: bool, lang: Lang) -> Value {
    match (holds, lang) {
        (false, _) => Value::Nothing,
        (true, Lang::Zh) => text("是"),
        (true, Lang::En) => text("yes"),
    }
}
