//! The pack as rules see it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalogue::{Condition, EditionParts, Item, ItemId, RegistryId, Step, StepId, StepKind, Thing};

use expression::analysis::{Finding as Found, Formula, Scope, Verdict, Witness};

use crate::finding::Place;
use crate::resolve::{FieldNames, Origin, Soundness, item_file, place, thing_file};
use crate::situation::Scopes;
use crate::uses;

#[derive(Debug)]
pub struct Pack<'p> {
    pub parts: &'p EditionParts,
    pub origin: &'p Origin,
    pub soundness: &'p Soundness,
    /// The field dictionary for conditions.
    pub names: &'p FieldNames,
    /// Which combinations of answers are possible.
    pub scopes: Scopes<'p>,
    /// Calendar files, readable or not.
    pub calendars_present: usize,
    /// Materials that a registry supplies.
    pub supplied: HashMap<&'p str, &'p RegistryId>,
    /// Fields that something asks or reads.
    pub asked: HashSet<&'p str>,
    /// Fields by which registries find their records.
    pub keys: HashSet<&'p str>,
    /// A part of an item or thing was lost, so that a use may be missing.
    pub some_use_lost: bool,
    /// Pairs of fields already reported as duplicates.
    pub told_twins: RefCell<HashSet<(String, String)>>,
    /// Things that include an item.
    holders: HashMap<&'p ItemId, Vec<&'p Thing>>,
}

impl<'p> Pack<'p> {
    pub fn new(
        parts: &'p EditionParts,
        origin: &'p Origin,
        soundness: &'p Soundness,
        names: &'p FieldNames,
    ) -> Self {
        let mut holders: HashMap<&ItemId, Vec<&Thing>> = HashMap::new();
        for thing in parts.things.values() {
            for member in &thing.members {
                let things = holders.entry(&member.item).or_default();
                if things.last().is_none_or(|last| last.id != thing.id) {
                    things.push(thing);
                }
            }
        }
        let supplied = parts
            .registries
            .values()
            .flat_map(|registry| {
                registry.materials.iter().map(move |material| (material.as_str(), &registry.id))
            })
            .collect();
        let mut asked = HashSet::new();
        for item in parts.items.values() {
            asked.extend(item.fields.iter().map(|each| each.field.as_str()));
            asked.extend(uses::of_item(item));
        }
        for thing in parts.things.values() {
            asked.extend(thing.questions.iter().map(|question| question.field.as_str()));
            asked.extend(uses::of_thing(thing));
        }
        let keys = parts.registries.values().map(|registry| registry.key.as_str()).collect();
        let some_use_lost = soundness.lost_uses;
        let calendars_present = origin.years.len() + origin.lost_years;
        Self {
            parts,
            origin,
            soundness,
            names,
            scopes: Scopes::new(parts, names),
            calendars_present,
            supplied,
            asked,
            keys,
            some_use_lost,
            told_twins: RefCell::default(),
            holders,
        }
    }

    pub fn things_with(&self, item: &ItemId) -> &[&'p Thing] {
        self.holders.get(item).map_or(&[], Vec::as_slice)
    }

    pub fn items(&self) -> impl Iterator<Item = ItemView<'_>> {
        self.parts.items.values().map(move |item| ItemView {
            pack: self,
            item,
            file: item_file(item.id.as_str()).into(),
            flow: Flow::of(item),
        })
    }

    pub fn things(&self) -> impl Iterator<Item = ThingView<'_>> {
        self.parts.things.values().map(move |thing| ThingView {
            pack: self,
            thing,
            file: thing_file(thing.id.as_str()).into(),
        })
    }

    pub fn zone(&self) -> Place {
        Place::file("zone.yaml")
    }

    pub fn zone_is_sound(&self, key: &str) -> bool {
        self.soundness.is_sound("zone.yaml", key)
    }

    pub fn field(&self, id: &str) -> Place {
        declared(&self.origin.fields, id)
    }

    /// The position of a field with its declaration.
    pub fn declared_field(&self, id: &str) -> Place {
        self.origin.fields.get(id).map_or_else(|| self.zone(), |file| place(file).key(id))
    }

    pub fn material(&self, id: &str) -> Place {
        declared(&self.origin.materials, id)
    }

    pub fn registry(&self, id: &str) -> Place {
        declared(&self.origin.registries, id)
    }

    /// The position of a registry with its declaration.
    pub fn declared_registry(&self, id: &str) -> Place {
        self.origin.registries.get(id).map_or_else(|| self.zone(), |file| place(file).key(id))
    }

    /// Whether a dictionary entry was read completely.
    pub fn field_is_sound(&self, id: &str) -> bool {
        self.origin.fields.get(id).is_some_and(|file| self.soundness.is_sound(file, id))
    }

    pub fn material_is_sound(&self, id: &str) -> bool {
        self.origin.materials.get(id).is_some_and(|file| self.soundness.is_sound(file, id))
    }

    pub fn registry_is_sound(&self, id: &str) -> bool {
        self.origin.registries.get(id).is_some_and(|file| self.soundness.is_sound(file, id))
    }

    pub fn item_is_sound(&self, id: &ItemId, keys: &[&str]) -> bool {
        let file = item_file(id.as_str());
        keys.iter().all(|key| self.soundness.is_sound(&file, key))
    }

    pub fn thing_is_sound(&self, thing: &Thing, keys: &[&str]) -> bool {
        let file = thing_file(thing.id.as_str());
        keys.iter().all(|key| self.soundness.is_sound(&file, key))
    }
}

fn declared(files: &HashMap<String, Arc<str>>, id: &str) -> Place {
    match files.get(id) {
        Some(file) => place(file).key(id).name(),
        None => Place::file("zone.yaml"),
    }
}

#[derive(Debug)]
pub struct ItemView<'v> {
    pub pack: &'v Pack<'v>,
    pub item: &'v Item,
    pub file: Arc<str>,
    pub flow: Flow<'v>,
}

impl<'v> ItemView<'v> {
    /// Things that include the item.
    pub fn things(&self) -> &'v [&'v Thing] {
        self.pack.things_with(&self.item.id)
    }

    /// Whether one of its conditions is always or never true.
    pub fn verdict(&self, condition: &Condition) -> Verdict {
        self.pack.scopes.verdict(condition, self.things())
    }

    /// Possible answers with which the item applies and the goal holds.
    pub fn find(&self, goal: &Formula) -> Found<Witness> {
        self.pack.scopes.find(self.item, self.things(), goal)
    }

    pub fn at(&self, key: &str) -> Place {
        place(&self.file).key(key)
    }

    pub fn step_at(&self, step: &StepId) -> Place {
        self.at("steps").key(step)
    }

    /// Whether all of these keys were read completely, so that a rule may judge them.
    pub fn is_sound(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.pack.soundness.is_sound(&self.file, key))
    }
}

#[derive(Debug)]
pub struct ThingView<'v> {
    pub pack: &'v Pack<'v>,
    pub thing: &'v Thing,
    pub file: Arc<str>,
}

impl<'v> ThingView<'v> {
    /// Which answers are possible in it.
    pub fn scope(&self) -> &'v Scope<'v> {
        self.pack.scopes.of(self.thing)
    }

    pub fn at(&self, key: &str) -> Place {
        place(&self.file).key(key)
    }

    pub fn is_sound(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.pack.soundness.is_sound(&self.file, key))
    }
}

/// The steps of an item as a graph; indices follow the order of declaration.
#[derive(Debug)]
pub struct Flow<'v> {
    pub steps: Vec<&'v Step>,
    /// Direct predecessors.
    pub after: Vec<Vec<usize>>,
    /// All predecessors, as a bit set. Incomplete for steps on a cycle.
    before: Vec<Vec<u64>>,
    /// Topological order; steps on a cycle are left out.
    pub order: Vec<usize>,
}

impl<'v> Flow<'v> {
    pub fn of(item: &'v Item) -> Self {
        let steps: Vec<&Step> = item.steps.values().collect();
        let index = |id: &StepId| item.steps.get_index_of(id);
        let after: Vec<Vec<usize>> =
            steps.iter().map(|step| step.after.iter().filter_map(&index).collect()).collect();
        let order = sorted(&after);
        let words = steps.len().div_ceil(64);
        let mut before = vec![vec![0u64; words]; steps.len()];
        for &step in &order {
            let mut bits = std::mem::take(&mut before[step]);
            for &earlier in &after[step] {
                bits[earlier / 64] |= 1 << (earlier % 64);
                for (word, other) in bits.iter_mut().zip(&before[earlier]) {
                    *word |= other;
                }
            }
            before[step] = bits;
        }
        Self { steps, after, before, order }
    }

    pub fn has_circle(&self) -> bool {
        self.order.len() < self.steps.len()
    }

    /// Whether `earlier` precedes `later` on some path.
    pub fn precedes(&self, earlier: usize, later: usize) -> bool {
        self.before[later].get(earlier / 64).is_some_and(|word| word >> (earlier % 64) & 1 == 1)
    }

    pub fn of_kind(&self, kind: StepKind) -> impl Iterator<Item = usize> {
        self.steps.iter().enumerate().filter(move |(_, step)| step.kind == kind).map(|(index, _)| index)
    }

    pub fn index(&self, id: &StepId) -> Option<usize> {
        self.steps.iter().position(|step| step.id == *id)
    }
}

/// Topological order by Kahn's algorithm.
fn sorted(after: &[Vec<usize>]) -> Vec<usize> {
    let mut waiting: Vec<usize> = after.iter().map(Vec::len).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); after.len()];
    for (step, earlier) in after.iter().enumerate() {
        earlier.iter().for_each(|earlier| next[*earlier].push(step));
    }
    let mut ready: Vec<usize> = (0..after.len()).filter(|step| waiting[*step] == 0).collect();
    let mut order = Vec::with_capacity(after.len());
    let mut at = 0;
    while at < ready.len() {
        let step = ready[at];
        at += 1;
        order.push(step);
        for &later in &next[step] {
            waiting[later] -= 1;
            if waiting[later] == 0 {
                ready.push(later);
            }
        }
    }
    order
}
