//! Deadlines as people read them: how many working days are left, which day, and every day that was counted or not.

use calendar::{Explanation, SkipReason};
use casework::{ClockKind, ClockView, Colour, Matter, MatterState};
use diagnostic::Lang;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};

use crate::shell::Shell;
use crate::ui::date;

/// The state of a clock: word, shape and colour.
pub fn tag(shell: &Shell, colour: &str) -> Markup {
    let class = match colour {
        "green" => "run",
        "yellow" => "soon",
        "red" | "due-today" | "overdue" | "done-late" | "decided-late" => "late",
        "paused" => "pause",
        _ => "good",
    };
    html! { span class=(format!("tag {class}")) { (shell.w.t(&format!("colour-{colour}"))) } }
}

/// The colour of a limit of a matter. What is decided is not done before it is recorded, issued and handed out.
pub fn colour_of(matter: &Matter, clock: &ClockView) -> &'static str {
    match clock.colour {
        Colour::Done if ends_with_decision(matter, clock) => "decided",
        Colour::DoneLate if ends_with_decision(matter, clock) => "decided-late",
        colour => colour.code(),
    }
}

fn ends_with_decision(matter: &Matter, clock: &ClockView) -> bool {
    matter.state == MatterState::Granted && matches!(clock.kind, ClockKind::Promised | ClockKind::Statutory)
}

/// The end of the keys of texts that name a clock.
pub const fn clock_code(kind: ClockKind) -> &'static str {
    kind.code()
}

/// `放假安排公布，承诺时限的最后一天由1月28日改为1月29日`.
pub fn moved_day(shell: &Shell, moved: &office::MovedDay) -> String {
    let clock = shell.w.t(&format!("desk-clock-{}", moved.clock.code()));
    let (from, to) = (date(shell, moved.from), date(shell, moved.to));
    shell.w.with("due-moved", &[("clock", clock.into()), ("from", from.into()), ("to", to.into())])
}

/// `还剩 6 个工作日`.
pub fn days_left(shell: &Shell, clock: &ClockView) -> String {
    let w = shell.w;
    match clock.colour {
        // Delivery waits for nobody else.
        Colour::Paused if clock.kind == ClockKind::Delivery => w.t("due-paused-applicant"),
        Colour::Paused => w.t("due-paused"),
        Colour::Done => w.t("due-done"),
        Colour::DoneLate => w.t("due-done-late"),
        Colour::DueToday => w.t("due-today"),
        _ if clock.days_left < 0 => w.with("due-over", &[("days", (-clock.days_left).into())]),
        // Overrun, and no working day has passed since.
        Colour::Overdue => w.t("colour-overdue"),
        _ => w.with("due-left", &[("days", clock.days_left.into())]),
    }
}

/// The day and the state of a limit in a list, in one piece: nothing is overdue without a day, and what is done or stands still
/// has no day to come.
pub fn due_state(shell: &Shell, colour: &str, due_at: Option<Timestamp>, what: Option<&str>) -> Markup {
    let running = matches!(colour, "green" | "yellow" | "red" | "due-today" | "overdue");
    html! {
        @match due_at.filter(|_| running) {
            Some(due) => {
                span.nowrap { (super::due_day(shell, due)) }
                @if let Some(what) = what { br; span.quiet.small { (what) } }
                br; (tag(shell, colour))
            }
            None if running => { span.quiet { (shell.w.t("due-none")) } }
            None => (tag(shell, colour)),
        }
    }
}

/// When it was done, or decided, and whether that was in time.
pub fn done_line(shell: &Shell, matter: &Matter, clock: &ClockView, at: Timestamp) -> Markup {
    let done = if ends_with_decision(matter, clock) { "due-decided-on" } else { "due-done-on" };
    let w = shell.w;
    let due = [("day", date(shell, clock.due.due_on).into())];
    // Only a promise is told as one.
    let promise = clock.kind == ClockKind::Promised;
    html! {
        span.strong { (w.with(done, &[("day", super::day(shell, at).into())])) } " · "
        @if clock.colour == Colour::DoneLate { (w.with(if promise { "due-done-after" } else { "due-done-after-limit" }, &due)) }
        @else if clock.days_left > 0 && promise { (w.with("due-done-early", &[("days", clock.days_left.into())])) }
        @else { (w.with("due-done-in-time", &due)) }
    }
}

/// `还剩 6 个工作日 · 10月22日（周四）`, and under it the days. Once it is done, the day on which that was, and whether in time.
pub fn due_line(
    shell: &Shell,
    matter: &Matter,
    clock: &ClockView,
    explanation: Option<&Explanation>,
) -> Markup {
    html! {
        div.due-line {
            @match clock.stopped_at {
                Some(at) => (done_line(shell, matter, clock, at)),
                None if clock.colour == Colour::Paused => { span.strong { (days_left(shell, clock)) } }
                None => { span.strong { (days_left(shell, clock)) } " · " (date(shell, clock.due.due_on)) }
            }
            @if let Some(explanation) = explanation {
                details.more {
                    summary { (shell.w.t("due-why")) }
                    (explained_days(shell, explanation))
                }
            }
        }
    }
}

/// The calendar of a deadline: days counted, days not counted, and why.
pub fn explained_days(shell: &Shell, explanation: &Explanation) -> Markup {
    let w = shell.w;
    let first = monday_of(explanation.started_on);
    let last = explanation.due_on;
    let mut weeks: Vec<Vec<Date>> = Vec::new();
    let mut day = first;
    // A deadline years away is told in words alone.
    while day <= last && weeks.len() < 30 {
        let week: Vec<Date> = (0..7).filter_map(|offset| day.checked_add(offset.days()).ok()).collect();
        let Some(next) = week.last().and_then(|last| last.tomorrow().ok()) else { break };
        weeks.push(week);
        day = next;
    }
    let lang = match shell.lang {
        Lang::Zh => calendar::Lang::Zh,
        Lang::En => calendar::Lang::En,
    };
    let reasons: Vec<(&Date, String)> = explanation
        .skipped
        .iter()
        // The day on which it starts has a line of its own.
        .filter(|skipped| !matches!(skipped.reason, SkipReason::Weekend | SkipReason::StartDay))
        .map(|skipped| (&skipped.date, skipped.reason.text_with(lang, |kind| pause_name(shell, kind))))
        .collect();
    // 当场: there is nothing to count.
    if explanation.counted.is_empty() && explanation.started_on == explanation.due_on {
        return html! { p.small { (w.with("due-same-day", &[("day", date(shell, explanation.due_on).into())])) } };
    }
    html! {
        p.small { (w.with("due-counted", &[("counted", explanation.counted.len().into()), ("skipped", explanation.skipped.len().into())])) }
        div.days aria-hidden="true" {
            @for number in 1..=7 { span.head { (w.t(&format!("weekday-{number}"))) } }
            @for day in weeks.iter().flatten() {
                span class=(class_of(explanation, *day)) { (day.day()) }
            }
        }
        ul.small {
            li { (w.with("due-start", &[("day", date(shell, explanation.started_on).into())])) }
            @for group in group_reasons(shell, &reasons) { li { (group) } }
            @for makeup in &explanation.makeup {
                li { (w.with("due-makeup", &[("day", date(shell, makeup.date).into()), ("name", makeup.name.to_string().into())])) }
            }
            @if explanation.extended > 0 { li { (w.with("due-extended", &[("days", explanation.extended.into())])) } }
            li { (w.with("due-last", &[("day", date(shell, explanation.due_on).into())])) }
            @for year in &explanation.provisional_years {
                @let text = if explanation.unlisted_years.contains(year) { "due-unlisted" } else { "due-provisional" };
                li { (w.with(text, &[("year", year.to_string().into())])) }
            }
        }
    }
}

/// What an explanation calls a pause, in the reader's language.
fn pause_name(shell: &Shell, kind: &str) -> String {
    if kind == casework::APPLICANT_STEP {
        return shell.w.t("due-applicant-step");
    }
    if kind == casework::RESULT_AWAITED {
        return shell.w.t("due-result-awaited");
    }
    let statutory = catalogue::StatutoryPause::parse(kind).map(catalogue::StatutoryPause::name);
    let local = || shell.edition.parts().local_pauses.get(kind).map(|pause| &pause.name);
    let name = statutory.as_ref().or_else(local);
    name.map_or_else(|| kind.to_owned(), |name| shell.say(name).to_owned())
}

fn class_of(explanation: &Explanation, day: Date) -> &'static str {
    if day == explanation.due_on {
        "due"
    } else if explanation.counted.contains(&day) {
        "count"
    } else if day == explanation.started_on {
        "start"
    } else if explanation
        .skipped
        .iter()
        .any(|s| s.date == day && matches!(s.reason, SkipReason::Paused { .. }))
    {
        "paused"
    } else {
        "off"
    }
}

/// Neighbouring days with the same reason are told together.
fn group_reasons(shell: &Shell, reasons: &[(&Date, String)]) -> Vec<String> {
    let mut groups: Vec<(Date, Date, &str)> = Vec::new();
    for (day, reason) in reasons {
        match groups.last_mut() {
            Some((_, to, same)) if *same == reason && to.tomorrow().is_ok_and(|next| next == **day) => {
                *to = **day
            }
            _ => groups.push((**day, **day, reason)),
        }
    }
    groups
        .into_iter()
        .map(|(from, to, reason)| {
            let (first, last) = (date(shell, from), date(shell, to));
            let days = if from == to { first } else { format!("{first} – {last}") };
            format!("{days}{}{reason}", shell.colon())
        })
        .collect()
}

fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(back.days()).unwrap_or(day)
}
