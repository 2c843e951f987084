//! Who comes: one person for each situation of each thing that leads to other items, questions or papers.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Bilingual, Edition, FieldId, FieldKind, Lang, PartyKind, RegistrySource, Thing, ThingId};
use expression::{Number, Value};
use form::{
    Answers, Form, Input, KnownFacts, Modes, Part, Raw, example_answer, example_answers, parse_answer,
};
use identifier::IdentifierKind;
use jiff::civil::Date;

/// Somebody with a wish, and with the answers and papers that such a person has.
#[derive(Clone, Debug)]
pub struct Person {
    pub thing: ThingId,
    pub title: Bilingual,
    pub party: PartyKind,
    pub situation: String,
    pub answers: Answers,
    /// The same, as pages show it.
    pub own: String,
    /// What such a person cannot know or have; whoever asks for it shuts the door.
    pub lacks: BTreeSet<FieldId>,
    /// Items that the situation calls for and that are not open to this party.
    pub closed: Vec<String>,
    pub items: Vec<String>,
}

/// What makes two situations one: the items, the questions and the papers.
type Outcome = (Vec<String>, BTreeSet<String>, BTreeSet<String>);

struct Search<'a> {
    edition: &'a Edition,
    thing: &'a Thing,
    party: PartyKind,
    today: Date,
    /// Numbers that conditions compare a field with.
    bounds: &'a BTreeMap<FieldId, BTreeSet<Number>>,
    found: BTreeMap<Outcome, Answers>,
}

pub fn everybody(edition: &Edition, today: Date, seed: usize) -> Vec<Person> {
    let bounds = bounds(edition);
    let mut people = Vec::new();
    for thing in edition.parts().things.values() {
        // Opened by a bad rating alone.
        if edition.zone().callback.as_ref() == Some(&thing.id) {
            continue;
        }
        for party in thing.applicants.iter().copied() {
            let mut search = Search { edition, thing, party, today, bounds: &bounds, found: BTreeMap::new() };
            search.explore(Answers::new());
            for ((items, _, _), chosen) in std::mem::take(&mut search.found) {
                let place = people.len() + seed;
                people.push(search.person(&chosen, items, place));
            }
        }
    }
    people
}

impl<'a> Search<'a> {
    fn explore(&mut self, chosen: Answers) {
        let (known, modes) = (KnownFacts::new(), Modes::default());
        let open = {
            let form = self.form(&chosen, &known, &modes);
            let situation = form.questions().iter().filter(|question| question.part == Part::Situation);
            situation.filter(|question| !question.is_answered()).map(|question| question.field.clone()).next()
        };
        // Whoever answers so comes as the other party.
        if form::party_of(self.thing, &chosen).is_some_and(|party| party != self.party) {
            return;
        }
        let Some(field) = open else {
            let answers = example_answers(self.edition, self.thing, self.party, &known, &chosen, self.today);
            let form = self.form(&answers, &known, &modes);
            let items = form.items().map(|item| item.id.to_string()).collect();
            let questions = form.questions().iter().map(|question| question.field.id.to_string()).collect();
            let papers = form.materials().iter();
            let papers = papers.map(|due| format!("{}{:?}", due.material.id, due.status)).collect();
            self.found.entry((items, questions, papers)).or_insert(chosen);
            return;
        };
        for value in self.candidates(&field) {
            let mut next = chosen.clone();
            next.give(field.id.clone(), value);
            self.explore(next);
        }
    }

    fn form<'f>(&'f self, answers: &'f Answers, known: &'f KnownFacts, modes: &'f Modes) -> Form<'f> {
        let Self { edition, thing, party, today, .. } = *self;
        Form::new(Input { edition, thing, party, known, answers, modes, today })
    }

    /// Answers that conditions may tell apart.
    fn candidates(&self, field: &catalogue::Field) -> Vec<Value> {
        let example = || example_answer(field, self.today).into_iter().collect();
        match &field.kind {
            FieldKind::YesNo => vec![Value::Bool(true), Value::Bool(false)],
            FieldKind::Choice { options } => {
                options.iter().map(|option| Value::Choice(option.value.clone())).collect()
            }
            FieldKind::Number { .. } | FieldKind::Money { .. } => {
                let bounds = self.bounds.get(&field.id).into_iter().flatten();
                let around = bounds
                    .flat_map(|bound| {
                        [Some(*bound), bound.checked_sub(Number::ONE), bound.checked_add(Number::ONE)]
                    })
                    .flatten();
                let fits = |value: &Value| form::validate(field, value, self.today).is_empty();
                let values: Vec<Value> = around.map(Value::Number).filter(fits).collect();
                if values.is_empty() { example() } else { values }
            }
            _ => example(),
        }
    }

    fn person(&self, chosen: &Answers, items: Vec<String>, place: usize) -> Person {
        let Self { edition, thing, party, today, .. } = *self;
        let lacks = self.lacking(chosen);
        let mut bare = chosen.clone();
        for field in &lacks {
            bare.remove(field.as_str());
        }
        // Nobody comes as both parties.
        let answered = |place| {
            let mut own = bare.clone();
            records(edition, &mut own, &lacks, place, today);
            let mut answers = example_answers(edition, thing, party, &KnownFacts::new(), &own, today);
            move_on(edition, thing, &mut answers, &place.to_string());
            answers
        };
        let alone = |answers: &Answers| {
            thing.apart.iter().all(|parties| {
                let numbers: Vec<_> =
                    parties.iter().filter_map(|field| answers.value(field.as_str())).collect();
                numbers.iter().enumerate().all(|(at, number)| !numbers[..at].contains(number))
            })
        };
        const TRIES_MAX: usize = 20;
        let answers = (place..place + TRIES_MAX).map(answered).find(alone);
        let answers = answers.unwrap_or_else(|| panic!("{}: everybody is both parties", thing.id));
        let (known, modes) = (KnownFacts::new(), Modes::default());
        let form = self.form(&answers, &known, &modes);
        let closed = form.closed_to_party().iter().map(|item| item.title.zh.clone()).collect();
        let shown = |answers: &Answers, id: &FieldId| {
            Some(form::show_text(edition.field(id)?, answers.value(id.as_str())?, Lang::Zh))
        };
        let said = chosen.iter().filter_map(|(id, _)| Some(format!("{id}={}", shown(chosen, id)?)));
        let situation = said.collect::<Vec<_>>().join(" ");
        let own = answers.iter().filter_map(|(id, _)| shown(&answers, id)).collect::<Vec<_>>().join("\n");
        drop(form);
        Person {
            thing: thing.id.clone(),
            title: thing.title.clone(),
            party,
            situation,
            answers,
            own,
            lacks,
            closed,
            items,
        }
    }

    /// A number that a situation question asks for only elsewhere is one that this person does not have; and nobody but an
    /// undertaking has an undertaking's code unless the situation asks for it.
    fn lacking(&self, chosen: &Answers) -> BTreeSet<FieldId> {
        let asked = |id: &FieldId| self.thing.questions.iter().find(|question| question.field == *id);
        let codes = self.edition.parts().fields.values().filter(|field| {
            matches!(&field.kind, FieldKind::Identifier { identifier: IdentifierKind::CreditCode, .. })
        });
        let party = form::party_of(self.thing, chosen).unwrap_or(self.party);
        // The code of somebody else, such as who sells, is no key of a register that knows the applicant.
        let own = |id: &FieldId| self.edition.parts().registries.values().any(|registry| registry.key == *id);
        let lacks = codes.filter(|field| match asked(&field.id) {
            Some(question) => question.when.is_some() && chosen.get(field.id.as_str()).is_none(),
            None => {
                own(&field.id)
                    && party == PartyKind::Natural
                    && self.thing.applicant_code.as_ref() != Some(&field.id)
            }
        });
        lacks.map(|field| field.id.clone()).collect()
    }
}

/// Who moves goes elsewhere than whoever moved before.
fn move_on(edition: &Edition, thing: &Thing, answers: &mut Answers, mark: &str) {
    for id in thing.apart.iter().flatten() {
        let new = edition.field(id).filter(|field| field.registry.is_none());
        if let (Some(FieldKind::Address), Some(Value::Text(address))) =
            (new.map(|field| &field.kind), answers.value(id.as_str()))
        {
            let elsewhere = Value::text(format!("{address}之{mark}"));
            answers.give(id.clone(), elsewhere);
        }
    }
}

impl Person {
    /// Somebody of the same kind who comes again, and goes elsewhere.
    pub fn once_more(&self, edition: &Edition, mark: &str) -> Self {
        let mut person = self.clone();
        if let Some(thing) = edition.thing(&person.thing) {
            move_on(edition, thing, &mut person.answers, mark);
        }
        person
    }
}

/// What registries know is taken from one of their records, so that numbers and names belong together.
fn records(edition: &Edition, own: &mut Answers, lacks: &BTreeSet<FieldId>, place: usize, today: Date) {
    for registry in edition.parts().registries.values() {
        let RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source else { continue };
        // The registers of the zone know nobody under age.
        let is_young = |field: &catalogue::Field| {
            field.age_held_by().is_some_and(|(held, _)| *held == registry.key)
                && own.value(field.id.as_str()) == Some(&Value::Bool(true))
        };
        let young = edition.parts().fields.values().any(is_young);
        if lacks.contains(&registry.key) || rows.is_empty() || young {
            continue;
        }
        let row = &rows[place % rows.len()];
        let named = registry.supplies.iter().map(|(field, column)| (field, column.as_str()));
        for (id, column) in named.chain([(&registry.key, key_column.as_str())]) {
            let cell = columns.iter().position(|name| name == column).and_then(|at| row.get(at));
            let (Some(field), Some(cell)) = (edition.field(id), cell) else { continue };
            if let Ok(Some(value)) = parse_answer(field, &Raw::from(cell.as_str()), today)
                && (own.get(id.as_str()).is_none() || *id == registry.key)
            {
                own.give(id.clone(), value);
            }
        }
    }
}

/// Numbers beside the name of a field anywhere in the zone's conditions.
fn bounds(edition: &Edition) -> BTreeMap<FieldId, BTreeSet<Number>> {
    let text = serde_json::to_string(edition.parts()).expect("an edition can be written down");
    let mut found: BTreeMap<FieldId, BTreeSet<Number>> = BTreeMap::new();
    for id in edition.parts().fields.keys() {
        for (at, _) in text.match_indices(id.as_str()) {
            let after = text[at + id.as_str().len()..].trim_start();
            let number = after.trim_start_matches(['<', '>', '=', '!', ' ']);
            let end = number.find(|each: char| !each.is_ascii_digit() && each != '.').unwrap_or(0);
            if number.len() < after.len()
                && let Ok(number) = number[..end].parse()
            {
                found.entry(id.clone()).or_default().insert(number);
            }
        }
    }
    found
}
