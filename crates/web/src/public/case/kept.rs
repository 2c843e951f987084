//! What a case's page says that follows from the case alone, kept as it was drawn.
//!
//! Most of the page follows from the events of the case, its edition, the day and the clocks. That is drawn once and shown
//! until one of them differs. It is drawn for nobody, and nothing in it comes from the vault: what is forgotten there
//! is never shown from here. Whether somebody may see the case is asked each time before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use calendar::Date;
use casework::ExplainedClock;
use catalogue::EditionHash;
use diagnostic::Lang;
use maud::Markup;
use office::CaseId;

/// Cases of each of two generations: some ten kilobytes each.
const EACH_MAX: usize = 2_000;

/// All that a drawing follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    pub events: u64,
    pub edition: EditionHash,
    pub day: Date,
    pub clocks: Vec<ExplainedClock>,
}

/// The parts of a page, in their order.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What it is about, and when it will be done.
    pub head: Markup,
    /// Results, departments, what was spared.
    pub middle: Markup,
    /// How it was; asked once it is over.
    pub rating: Form,
    /// What has happened; none when it quotes texts of the vault.
    pub happened: Option<Markup>,
    /// Asking, objecting, withdrawing.
    pub talk: Form,
}

/// Forms with nothing typed in them. Each time they are shown, they give commands of their own.
#[derive(Clone, Debug)]
pub struct Form(Vec<String>);

impl Form {
    /// `draw` is told what to write where a command's id is to be.
    pub fn new(draw: impl FnOnce(&dyn Fn() -> String) -> Markup) -> Self {
        // Markup is drawn by this program: a text that could hold this sign has been escaped or is not there.
        const PLACE: &str = "\u{1}";
        let drawn = draw(&|| PLACE.to_owned()).into_string();
        Self(drawn.split(PLACE).map(str::to_owned).collect())
    }

    pub fn show(&self, page: &mut String, command: impl Fn() -> String) {
        for (place, part) in self.0.iter().enumerate() {
            if place > 0 {
                page.push_str(&command());
            }
            page.push_str(part);
        }
    }
}

/// The drawings of cases that were looked at lately. What was not asked for while the younger generation filled up is
/// forgotten.
#[derive(Clone, Debug, Default)]
pub struct Drawings(Arc<Mutex<Generations>>);

type Key = (CaseId, bool);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Key, Arc<(Basis, Drawing)>>,
    old: HashMap<Key, Arc<(Basis, Drawing)>>,
}

fn key(id: CaseId, lang: Lang) -> Key {
    (id, lang == Lang::En)
}

impl Drawings {
    /// The drawing of this case in this language, if it rests on exactly this.
    pub fn get(&self, id: CaseId, lang: Lang, basis: &Basis) -> Option<Arc<(Basis, Drawing)>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(id, lang);
        let kept = match generations.young.get(&key) {
            Some(kept) => kept.clone(),
            None => {
                let kept = generations.old.remove(&key)?;
                generations.put(key, kept.clone());
                kept
            }
        };
        (kept.0 == *basis).then_some(kept)
    }

    pub fn put(&self, id: CaseId, lang: Lang, basis: Basis, drawing: Drawing) -> Arc<(Basis, Drawing)> {
        let kept = Arc::new((basis, drawing));
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.put(key(id, lang), kept.clone());
        kept
    }
}

impl Generations {
    fn put(&mut self, key: Key, kept: Arc<(Basis, Drawing)>) {
        if self.young.len() >= EACH_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use maud::{PreEscaped, html};
    use uuid::Uuid;

    fn case(n: u128) -> CaseId {
        CaseId(Uuid::from_u128(n))
    }

    fn drawing(text: &str) -> Drawing {
        let part = || PreEscaped(text.to_owned());
        let form = || Form::new(|_| part());
        Drawing { head: part(), middle: part(), rating: form(), happened: Some(part()), talk: form() }
    }

    fn clocks(days_left: i32) -> Vec<ExplainedClock> {
        let day = date(2026, 11, 23);
        let at = jiff::Timestamp::UNIX_EPOCH;
        let calendar = calendar::Calendar::new(Vec::new()).unwrap();
        let limit = calendar::Limit::working_days(5);
        let rules = calendar::ClockRules::new(jiff::tz::Offset::UTC);
        let clock = calendar::Clock::new(at, limit);
        let explanation = clock.explain(&calendar, &rules, at);
        let view = casework::ClockView {
            item: "甲".into(),
            kind: casework::ClockKind::Intake,
            started_at: at,
            limit,
            due: clock.due(&calendar, &rules, at),
            days_left,
            colour: casework::Colour::Green,
            stopped_at: None,
        };
        assert!(explanation.due_on < day);
        vec![ExplainedClock { view, explanation }]
    }

    fn basis() -> Basis {
        let edition = "ab".repeat(32).parse().unwrap();
        Basis { events: 3, edition, day: date(2026, 11, 23), clocks: clocks(4) }
    }

    #[test]
    fn a_drawing_is_shown_only_for_its_case_and_language_while_all_that_it_rests_on_is_the_same() {
        let drawings = Drawings::default();
        drawings.put(case(1), Lang::Zh, basis(), drawing("mine"));
        let shown = |id, lang, basis: Basis| {
            drawings.get(id, lang, &basis).map(|kept| kept.1.head.clone().into_string())
        };
        assert_eq!(shown(case(1), Lang::Zh, basis()).as_deref(), Some("mine"));
        assert_eq!(shown(case(2), Lang::Zh, basis()), None);
        assert_eq!(shown(case(1), Lang::En, basis()), None);
        let edition = "cd".repeat(32).parse().unwrap();
        for other in [
            Basis { events: 4, ..basis() },
            Basis { edition, ..basis() },
            Basis { day: date(2026, 11, 24), ..basis() },
            Basis { clocks: clocks(3), ..basis() },
            Basis { clocks: Vec::new(), ..basis() },
        ] {
            assert_eq!(shown(case(1), Lang::Zh, other), None);
        }
    }

    #[test]
    fn a_form_gives_another_command_each_time_it_is_shown() {
        let form = Form::new(|command| html! { a id=(command()) { "甲" } b id=(command()) {} });
        let next = std::cell::Cell::new(0);
        let show = || {
            let mut page = String::from("-");
            form.show(&mut page, || {
                next.set(next.get() + 1);
                next.get().to_string()
            });
            page
        };
        assert_eq!(show(), r#"-<a id="1">甲</a><b id="2"></b>"#);
        assert_eq!(show(), r#"-<a id="3">甲</a><b id="4"></b>"#);
    }

    #[test]
    fn a_newer_drawing_takes_the_place_of_the_older_and_old_ones_are_forgotten() {
        let drawings = Drawings::default();
        drawings.put(case(0), Lang::Zh, basis(), drawing("old"));
        let newer = Basis { events: 4, ..basis() };
        drawings.put(case(0), Lang::Zh, newer.clone(), drawing("new"));
        assert!(drawings.get(case(0), Lang::Zh, &basis()).is_none());
        for n in 1..=3 * EACH_MAX as u128 {
            drawings.put(case(n), Lang::Zh, basis(), drawing("other"));
            assert!(drawings.get(case(0), Lang::Zh, &newer).is_some());
        }
        assert!(drawings.get(case(1), Lang::Zh, &basis()).is_none());
        let generations = drawings.0.lock().unwrap();
        assert!(generations.young.len() <= EACH_MAX && generations.old.len() <= EACH_MAX);
    }
}
