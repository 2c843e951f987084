//! What each thing costs a person today, computed from its declaration: once per edition and day, then only read.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use calendar::Date;
use catalogue::{Edition, EditionHash, FieldKind, PartyKind, Thing, ThingId};
use diagnostic::Lang;
use expression::Value;
use form::{Answers, Counts, Form, Input, KnownFacts, Modes, example_answers};
use maud::Markup;

use super::search::Index;
use crate::shell::Shell;
use crate::ui;

/// The figures of one thing for the usual situation.
#[derive(Clone, Debug)]
pub struct Reckoned {
    pub merged: Counts,
    pub separate: Counts,
    /// The promised day if everything is handed in today.
    pub done_on: Option<Date>,
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
    let answers = usual(edition, thing, party, &Answers::new(), day);
    let modes = Modes::default();
    let known = KnownFacts::new();
    let form = Form::new(Input {
        edition,
        thing,
        party,
        known: &known,
        answers: &answers,
        modes: &modes,
        today: day,
    });
    (!form.nothing_applies()).then(|| Reckoned {
        merged: form.merged(),
        separate: form.separate(),
        done_on: form.plan(day).done_on,
    })
}

/// The chosen answers, and the zone's examples for the rest. Where an example leads to an item that is closed to this kind
/// of party, the first other option that does not is usual.
pub fn usual(edition: &Edition, thing: &Thing, party: PartyKind, chosen: &Answers, day: Date) -> Answers {
    let (known, modes) = (KnownFacts::new(), Modes::default());
    let examples = |chosen: &Answers| example_answers(edition, thing, party, &known, chosen, day);
    let closed = |answers: &Answers| -> Vec<catalogue::ItemId> {
        let form =
            Form::new(Input { edition, thing, party, known: &known, answers, modes: &modes, today: day });
        form.closed_to_party().iter().map(|item| item.id.clone()).collect()
    };
    let answers = examples(chosen);
    let barred = closed(&answers);
    if barred.is_empty() {
        return answers;
    }
    let deciding = thing.members.iter().filter(|member| barred.contains(&member.item));
    let names = deciding.filter_map(|member| member.when.as_ref()).flat_map(|when| when.names_used());
    let fields =
        names.filter(|name| chosen.get(name).is_none()).filter_map(|name| edition.field(&(&**name).into()));
    let others = fields.flat_map(|field| match &field.kind {
        FieldKind::Choice { options } => options
            .iter()
            .map(|option| chosen.clone().with(field.id.clone(), Value::choice(option.value.clone())))
            .collect(),
        _ => Vec::new(),
    });
    others.map(|other| examples(&other)).find(|answers| closed(answers).is_empty()).unwrap_or(answers)
}
