//! What figures count, and the conditions that list it.

use store::{Cell, Condition};

use crate::figures::Period;
use crate::views::due::Today;

/// One kind of figure. Codes are used in addresses and must stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    Received,
    Corrected,
    Accepted,
    Deemed,
    Decided,
    Granted,
    Refused,
    /// Decided, and ended otherwise since: a promised paper never came, the applicant withdrew.
    Otherwise,
    SameDay,
    Early,
    Saved,
    Late,
    LateExplained,
    LateUnexplained,
    /// Open now, and by the colour of the clock that presses most.
    Open,
    Green,
    Yellow,
    Red,
    DueToday,
    Overdue,
    Paused,
    Settled,
    SettledLate,
    /// Whole cases that came in.
    Cases,
    /// Reports about the administration itself, and calls back.
    Reports,
    Rated,
    /// At the two lowest levels: they open a call back.
    RatedBadly,
    /// 1, the worst, to 5.
    RatedAt(u8),
}

const CODES: [(Counted, &str); 32] = [
    (Counted::Received, "received"),
    (Counted::Corrected, "corrected"),
    (Counted::Accepted, "accepted"),
    (Counted::Deemed, "deemed"),
    (Counted::Decided, "decided"),
    (Counted::Granted, "granted"),
    (Counted::Refused, "refused"),
    (Counted::Otherwise, "otherwise"),
    (Counted::SameDay, "same-day"),
    (Counted::Early, "early"),
    (Counted::Saved, "saved"),
    (Counted::Late, "late"),
    (Counted::LateExplained, "late-explained"),
    (Counted::LateUnexplained, "late-unexplained"),
    (Counted::Open, "open"),
    (Counted::Green, "green"),
    (Counted::Yellow, "yellow"),
    (Counted::Red, "red"),
    (Counted::DueToday, "due-today"),
    (Counted::Overdue, "overdue"),
    (Counted::Paused, "paused"),
    (Counted::Settled, "settled"),
    (Counted::SettledLate, "settled-late"),
    (Counted::Cases, "cases"),
    (Counted::Reports, "reports"),
    (Counted::Rated, "rated"),
    (Counted::RatedBadly, "rated-badly"),
    (Counted::RatedAt(1), "rated-1"),
    (Counted::RatedAt(2), "rated-2"),
    (Counted::RatedAt(3), "rated-3"),
    (Counted::RatedAt(4), "rated-4"),
    (Counted::RatedAt(5), "rated-5"),
];

impl Counted {
    /// All kinds of figures.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.into_iter().map(|(counted, _)| counted)
    }

    pub fn code(self) -> &'static str {
        CODES.iter().find(|(each, _)| *each == self).map_or("received", |(_, code)| code)
    }

    pub fn parse(code: &str) -> Option<Self> {
        CODES.iter().find(|(_, each)| *each == code).map(|(counted, _)| *counted)
    }

    /// Counted now, whatever the period.
    pub fn is_now(self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::Green
                | Self::Yellow
                | Self::Red
                | Self::DueToday
                | Self::Overdue
                | Self::Paused
                | Self::Settled
                | Self::SettledLate
        )
    }

    /// Counted in whole cases, for those who see the whole zone.
    pub fn is_of_cases(self) -> bool {
        matches!(self, Self::Cases | Self::Reports) || self.is_rating()
    }

    fn is_rating(self) -> bool {
        matches!(self, Self::Rated | Self::RatedBadly | Self::RatedAt(_))
    }
}

/// What a figure counts: the same filter sums and lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureFilter {
    pub what: Counted,
    pub period: Period,
    pub department: Option<String>,
    pub item: Option<String>,
    pub thing: Option<String>,
    pub channel: Option<String>,
}

impl FigureFilter {
    pub fn new(what: Counted, period: Period) -> Self {
        Self { what, period, department: None, item: None, thing: None, channel: None }
    }

    /// The column that says in which month a row counts; none for what is counted now.
    pub(crate) fn month(&self) -> Option<&'static str> {
        match self.what {
            Counted::Accepted | Counted::Deemed => Some("accepted_month"),
            what if what.is_now() => None,
            Counted::Received | Counted::Corrected => Some("month"),
            what if what.is_of_cases() => Some("month"),
            _ => Some("decided_month"),
        }
    }

    /// Conditions on rows of the matters.
    pub(crate) fn of_matters(&self, today: Today) -> Vec<Condition> {
        let mut all = vec![Condition::eq("feedback", 0_i64)];
        let is = |column: &str| Condition::eq(column, 1_i64);
        match self.month() {
            Some(column) => all.push(self.in_period(column)),
            None => all.push(Condition::is_in("state", OPEN_STATES)),
        }
        match self.what {
            Counted::Corrected => all.push(Condition::at_least("corrections", 1_i64)),
            Counted::Deemed => all.push(is("deemed")),
            Counted::Granted => all.push(is("granted")),
            Counted::Refused => all.push(is("refused")),
            Counted::Otherwise => {
                all.extend([Condition::eq("granted", 0_i64), Condition::eq("refused", 0_i64)]);
            }
            Counted::SameDay => all.push(Condition::eq("days_taken", 0_i64)),
            Counted::Early => all.push(Condition::at_least("days_early", 1_i64)),
            Counted::Saved => all.push(Condition::at_least("days_saved", 1_i64)),
            Counted::Late => all.push(is("overdue")),
            Counted::LateExplained => all.extend([is("overdue"), is("overdue_explained")]),
            Counted::LateUnexplained => {
                all.extend([is("overdue"), Condition::eq("overdue_explained", 0_i64)]);
            }
            Counted::Green
            | Counted::Yellow
            | Counted::Red
            | Counted::DueToday
            | Counted::Overdue
            | Counted::Paused => all.extend(today.conditions(self.what.code())),
            Counted::Settled => all.push(Condition::eq("colour", "done")),
            Counted::SettledLate => all.push(Condition::eq("colour", "done-late")),
            Counted::Received | Counted::Accepted | Counted::Decided | Counted::Open => {}
            Counted::Cases | Counted::Reports => {}
            Counted::Rated | Counted::RatedBadly | Counted::RatedAt(_) => all.push(self.rated()),
        }
        let pairs = [
            ("department", &self.department),
            ("item", &self.item),
            ("thing", &self.thing),
            ("channel", &self.channel),
        ];
        all.extend(wanted(&pairs));
        all
    }

    /// Conditions on rows of the cases.
    pub(crate) fn of_cases(&self) -> Vec<Condition> {
        let mut all = vec![self.in_period("month")];
        all.push(Condition::eq("feedback", self.what == Counted::Reports));
        if self.what.is_rating() {
            all.push(self.rated());
        }
        all.extend(wanted(&[("thing", &self.thing), ("channel", &self.channel)]));
        all
    }

    /// Months sort as texts, so that an index walks them in order.
    fn in_period(&self, column: &str) -> Condition {
        let (first, end) = (self.period.first().to_string(), self.period.last().to_string());
        Condition::between(column, first, format!("{end}~"))
    }

    fn rated(&self) -> Condition {
        match self.what {
            // A level without a name is counted, and its case is not listed under it while something of it is open.
            Counted::RatedAt(level) => Condition::eq("rating_shown", i64::from(level)),
            Counted::RatedBadly => Condition::between("rating_shown", 1_i64, 3_i64),
            _ => Condition::between("rating", 1_i64, 6_i64),
        }
    }
}

/// Of matters that are not over. An index begins with the state.
pub(crate) const OPEN_STATES: [&str; 5] = ["waiting", "received", "correcting", "accepted", "granted"];

fn wanted(pairs: &[(&str, &Option<String>)]) -> Vec<Condition> {
    let given = pairs.iter().filter_map(|(column, wanted)| Some((column, wanted.as_ref()?)));
    given.map(|(column, wanted)| Condition::eq(column, Cell::Text(wanted.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for counted in Counted::all() {
            assert_eq!(Counted::parse(counted.code()), Some(counted));
        }
        assert_eq!(Counted::parse("rated-6"), None);
    }
}
