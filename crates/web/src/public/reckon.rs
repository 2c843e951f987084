//! What each thing costs a person today, computed from its declaration: once per edition and day, then only read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use calendar::Date;
use catalogue::{Edition, EditionHash, Thing, ThingId};
use diagnostic::Lang;
use form::{Answers, Counts, Form, Input, KnownFacts, Modes, Outlook};
use maud::{Markup, html};

use super::search::Index;
use crate::shell::Shell;
use crate::ui;

/// The figures of one form, as the home page, the guide, the draft and the receipt tell them.
#[derive(Clone, Copy, Debug)]
pub struct Reckoned {
    pub merged: Counts,
    pub separate: Counts,
    /// Nothing that is still open changes them.
    pub settled: bool,
    /// The promised day if everything is handed in today.
    pub done_on: Option<Date>,
}

impl Reckoned {
    pub const fn of(outlook: &Outlook<'_>) -> Self {
        let Outlook { merged, separate, settled, done_on, .. } = outlook;
        Self { merged: *merged, separate: *separate, settled: *settled, done_on: *done_on }
    }

    /// `约 23 个问题 · 约 3 份材料 · 到场约 1 次`.
    pub fn line(&self, shell: &Shell, done: Markup) -> Markup {
        html! { p.reckon { @for text in self.texts(shell) { span { (text) } } (done) } }
    }

    /// What somebody is to answer, to bring and to attend.
    fn texts(&self, shell: &Shell) -> [String; 3] {
        let settled = if self.settled { "yes" } else { "no" };
        let Counts { questions, materials, visits } = self.merged;
        [("questions", questions), ("papers", materials), ("visits", visits)].map(|(what, count)| {
            shell.w.with(&format!("p-reckon-{what}"), &[("count", count.into()), ("settled", settled.into())])
        })
    }
}

/// All that public lists show, ready.
#[derive(Debug)]
pub struct Shelf {
    edition: EditionHash,
    day: Date,
    reckoned: HashMap<ThingId, Reckoned>,
    pub index: Index,
    /// The list of the home page, by language.
    pub(super) home: [String; 2],
    /// Guides as they are drawn for the usual situation, by language. No more than the edition has things.
    guides: [RwLock<HashMap<ThingId, Arc<str>>>; 2],
}

impl Shelf {
    pub fn of(&self, thing: &ThingId) -> Option<&Reckoned> {
        self.reckoned.get(thing)
    }

    /// The guide of a thing of this edition, drawn once in each language and then shown to everybody: so it is drawn
    /// for nobody, at no time of this day.
    pub fn guide(&self, shell: &Shell, thing: &Thing, draw: impl FnOnce(&Shell) -> Markup) -> Arc<str> {
        let kept = &self.guides[usize::from(shell.lang == Lang::En)];
        if let Some(guide) = kept.read().unwrap_or_else(PoisonError::into_inner).get(&thing.id) {
            return guide.clone();
        }
        let guide: Arc<str> = draw(&shell.for_nobody(self.day)).into_string().into();
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.entry(thing.id.clone()).or_insert(guide).clone()
    }
}

/// The shelf of the current edition and day; made anew when either changes.
#[derive(Clone, Debug, Default)]
pub struct Shelves(Arc<RwLock<Option<Arc<Shelf>>>>);

impl Shelves {
    pub fn current(&self, shell: &Shell) -> Arc<Shelf> {
        let (edition, day) = (shell.edition.hash(), ui::civil(shell, shell.now).date());
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(shelf) = kept.filter(|shelf| shelf.edition == edition && shelf.day == day) {
            return shelf;
        }
        let shelf = Arc::new(fill(shell, day));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(shelf.clone());
        shelf
    }
}

fn fill(shell: &Shell, day: Date) -> Shelf {
    let edition = &shell.edition;
    let things = edition.parts().things.values();
    let reckoned =
        things.filter_map(|thing| Some((thing.id.clone(), reckon_usual(edition, thing, day)?))).collect();
    let index = Index::new(edition);
    let (home, guides) = Default::default();
    let mut shelf = Shelf { edition: edition.hash(), day, reckoned, index, home, guides };
    shelf.home = [Lang::Zh, Lang::En].map(|lang| {
        let shell = Shell { lang, w: crate::texts::Words(lang), ..shell.clone() };
        super::home::things(&shell, &shelf).into_string()
    });
    shelf
}

fn reckon_usual(edition: &Edition, thing: &Thing, day: Date) -> Option<Reckoned> {
    let party = thing.applicants.first().copied()?;
    let (answers, modes, known) = (Answers::new(), Modes::default(), KnownFacts::new());
    let form = Form::new(Input {
        edition,
        thing,
        party,
        known: &known,
        answers: &answers,
        modes: &modes,
        today: day,
    });
    let outlook = form.outlook();
    (!outlook.nothing_applies).then(|| Reckoned::of(&outlook))
}
