//! An explanation in one or two sentences for people.

use crate::explain::{Explanation, Lang};

struct Tally {
    weekend: usize,
    holiday: usize,
    paused: usize,
}

impl Explanation {
    /// Start, days counted, days excluded and why, last day in time, and whether it may still change.
    pub fn summary(&self, lang: Lang) -> String {
        let of = |code| self.skipped.iter().filter(|skipped| skipped.reason.code() == code).count();
        let tally = Tally { weekend: of("weekend"), holiday: of("holiday"), paused: of("paused") };
        match lang {
            Lang::Zh => self.summary_zh(&tally),
            Lang::En => self.summary_en(&tally),
        }
    }

    fn summary_zh(&self, tally: &Tally) -> String {
        let left_out = [("周末", tally.weekend), ("法定节假日", tally.holiday), ("暂停计时", tally.paused)]
            .into_iter()
            .filter(|(_, days)| *days > 0)
            .map(|(name, days)| format!("{name} {days} 天"))
            .collect::<Vec<_>>()
            .join("、");
        let (start, due, counted) = (self.started_on, self.due_on, self.counted.len());
        let mut text = if self.runs_by_hours() {
            format!("{start} 开始，夜间和休息日连续计时")
        } else {
            format!("{start} 开始，当日不计；共计入 {counted} 天")
        };
        if !left_out.is_empty() {
            text.push_str(&format!("，不计入{left_out}"));
        }
        text.push_str(&format!("；{due} 到期。"));
        if self.open {
            text.push_str("目前暂停计时，以上按现在恢复推算。");
        }
        if !self.provisional_years.is_empty() {
            let (to_come, left_out) = self.years("、");
            if !to_come.is_empty() {
                text.push_str(&format!("{to_come} 年放假安排尚未公布，到期日为暂估。"));
            }
            if !left_out.is_empty() {
                text.push_str(&format!("{left_out} 年的放假安排没有收录，到期日为暂估。"));
            }
        }
        text
    }

    fn summary_en(&self, tally: &Tally) -> String {
        let left_out =
            [("weekend", tally.weekend), ("public holiday", tally.holiday), ("paused", tally.paused)]
                .into_iter()
                .filter(|(_, days)| *days > 0)
                .map(|(name, days)| format!("{days} {name}"))
                .collect::<Vec<_>>()
                .join(", ");
        let (start, due, counted) = (self.started_on, self.due_on, self.counted.len());
        let plural = if counted == 1 { "" } else { "s" };
        let mut text = if self.runs_by_hours() {
            format!("Started on {start}, running through nights and rest days")
        } else {
            format!("Started on {start}, which is not counted; {counted} day{plural} counted")
        };
        if !left_out.is_empty() {
            text.push_str(&format!(", days left out: {left_out}"));
        }
        text.push_str(&format!("; due on {due}."));
        if self.open {
            text.push_str(" The clock is paused now; this is what it would be if it resumed at once.");
        }
        if !self.provisional_years.is_empty() {
            let (to_come, left_out) = self.years(", ");
            if !to_come.is_empty() {
                text.push_str(&format!(" Provisional: the rest days of {to_come} are not published yet."));
            }
            if !left_out.is_empty() {
                text.push_str(&format!(
                    " Provisional: the rest days of {left_out} are not in this calendar."
                ));
            }
        }
        text
    }

    /// Limits in hours and minutes have no days, not even the start day.
    fn runs_by_hours(&self) -> bool {
        self.counted.is_empty() && self.skipped.is_empty()
    }

    /// The provisional years without published notice, and those whose notice is out but not in this
    /// calendar.
    fn years(&self, separator: &str) -> (String, String) {
        let (to_come, left_out): (Vec<i16>, Vec<i16>) =
            self.provisional_years.iter().partition(|year| !self.unlisted_years.contains(year));
        let told =
            |years: Vec<i16>| years.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator);
        (told(to_come), told(left_out))
    }
}
