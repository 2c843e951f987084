//! What is needed: the rule by which a field is asked.
//!
//! A field is *used* when an item that applies reads it: the item lists it (and its condition holds), one of
//! its steps reads it, a result prints it, or it identifies the applicant. A condition is *live* when its
//! outcome matters: whether a member applies; and, for items that apply, their requirements and the
//! conditions of their fields, materials, steps and fees. Used fields are needed. A live condition needs the
//! answered fields that decide it, consulted one by one (situation questions first, then in the order of its
//! text), and, while it is open, one field more: one that is needed anyway if there is one, else the first
//! that can still change the outcome. So no question is asked that another answer may make superfluous.

use catalogue::{
    Bilingual, Citation, Edition, Field, FieldId, Identified, Item, ItemId, Member, PartyKind, Step, StepId,
    StepKind, Thing, placeholders,
};
use expression::{Condition, Fact, Facts, Truth};

use crate::facts::{Ground, Within};
use crate::question::{Why, WhyKind};
use crate::{Applies, MemberState, Modes};

/// A needed field, while needs are collected.
#[derive(Debug)]
pub(crate) struct Need<'a> {
    /// The declared field.
    pub field: &'a Field,
    /// Index in the zone's field dictionary.
    pub index: usize,
    pub whys: Vec<Why<'a>>,
    /// Used by an item, not only consulted by conditions.
    pub used: bool,
    /// Decides whether an item applies.
    pub deciding: bool,
    /// An open condition depends on it.
    pub awaited: bool,
    /// Fields whose answers made it needed; meaningless when `unconditional`.
    pub depends_on: Vec<&'a str>,
    pub unconditional: bool,
}

/// An item that applies, with the outcomes of its conditions.
#[derive(Debug)]
pub(crate) struct Applying<'a> {
    pub item: &'a Item,
    /// In declared order.
    pub requirements: Vec<Truth>,
    pub materials: Vec<Truth>,
    pub steps: Vec<(&'a Step, Truth)>,
    pub fees: Vec<Truth>,
    /// Distinct fields (dictionary indices) that this item alone would ask for.
    pub alone: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct Needs<'a> {
    pub members: Vec<MemberState<'a>>,
    pub applying: Vec<Applying<'a>>,
    pub needs: Vec<Need<'a>>,
    /// Number of live conditions still open.
    pub open: usize,
}

/// Why a condition is live.
#[derive(Clone, Copy, Debug)]
struct Stake<'a> {
    item: &'a ItemId,
    kind: WhyKind<'a>,
    text: Option<&'a Bilingual>,
    basis: Option<&'a Citation>,
    /// Index among the items that apply; `None` for the condition of a member.
    applying: Option<usize>,
}

/// The fields that evaluating one condition consulted, and those it waits for.
#[derive(Debug, Default)]
struct Course<'a> {
    consulted: Vec<&'a str>,
    pending: Vec<&'a str>,
}

const NONE: u32 = u32::MAX;

struct Collector<'g, 'a> {
    edition: &'a Edition,
    thing: &'a Thing,
    ground: &'g Ground<'a>,
    /// Dictionary index → index in `needs`; [`NONE`] if not needed.
    slots: Vec<u32>,
    needs: Vec<Need<'a>>,
    open: Vec<(Stake<'a>, Course<'a>)>,
    applying: Vec<Applying<'a>>,
    /// Fields that items which apply assign themselves; they are not asked.
    assigned: Vec<&'a FieldId>,
}

/// Collects all needs under these facts. Fields that turn out to be used although their situation question
/// does not arise are lifted, and the needs collected again; each round lifts at least one field, so it
/// terminates.
pub(crate) fn collect<'a>(
    edition: &'a Edition,
    thing: &'a Thing,
    party: PartyKind,
    modes: &Modes,
    ground: &mut Ground<'a>,
) -> Needs<'a> {
    if ground.has_gates() {
        ground.lift_used_anyway(|ground, field| {
            let states = standings(edition, thing, party, |member, _| truth(ground, member.when.as_ref()));
            let mut applying = states.iter().filter(|state| state.applies.is_yes()).peekable();
            let says_who = applying.peek().is_some()
                && thing.applicant(ground).is_some_and(|who| who.fields().any(|each| *each == *field));
            let assigned = assigned(&states).any(|each| *each == *field);
            !assigned && (says_who || applying.any(|state| uses(edition, ground, state.item, modes, field)))
        });
    }
    loop {
        let found = Collector::new(edition, thing, ground).run(party, modes);
        let used = found.needs.iter().filter(|need| need.used).map(|need| need.field.id.as_str());
        // All at once, so that the result does not depend on an order.
        let lifted = used.filter(|field| ground.lift_shut(field)).count();
        if lifted == 0 {
            return found;
        }
    }
}

impl<'g, 'a> Collector<'g, 'a> {
    fn new(edition: &'a Edition, thing: &'a Thing, ground: &'g Ground<'a>) -> Self {
        let slots = vec![NONE; edition.parts().fields.len()];
        Self {
            edition,
            thing,
            ground,
            slots,
            needs: Vec::with_capacity(64),
            open: Vec::new(),
            applying: Vec::new(),
            assigned: Vec::new(),
        }
    }

    fn run(mut self, party: PartyKind, modes: &Modes) -> Needs<'a> {
        let members = self.members(party);
        self.assigned = assigned(&members).collect();
        for state in members.iter().filter(|state| state.applies.is_yes()) {
            self.item(state, modes);
        }
        if !self.applying.is_empty() {
            self.applicant();
        }
        self.ask_for_open();
        Needs { members, applying: self.applying, needs: self.needs, open: self.open.len() }
    }

    fn members(&mut self, party: PartyKind) -> Vec<MemberState<'a>> {
        standings(self.edition, self.thing, party, |member, settled| match settled {
            true => {
                let kind = WhyKind::Applies;
                let stake = Stake { item: &member.item, kind, text: None, basis: None, applying: None };
                self.consult(member.when.as_ref(), stake)
            }
            false => truth(self.ground, member.when.as_ref()),
        })
    }

    fn item(&mut self, state: &MemberState<'a>, modes: &Modes) {
        let item = state.item;
        let when = state.member.when.as_ref();
        let place = self.applying.len();
        self.applying.push(Applying {
            item,
            requirements: Vec::with_capacity(item.requirements.len()),
            materials: Vec::with_capacity(item.materials.len()),
            steps: Vec::with_capacity(item.steps.len()),
            fees: Vec::with_capacity(item.fees.len()),
            alone: Vec::with_capacity(item.fields.len() + 4),
        });
        let stake = |kind, text, basis| Stake { item: &item.id, kind, text, basis, applying: Some(place) };

        for each in &item.fields {
            let stake = stake(WhyKind::Asks, each.why.as_ref(), each.basis.as_ref());
            if self.consult(each.when.as_ref(), stake).is_true() {
                let stake = Stake { kind: WhyKind::Use, ..stake };
                self.using(&each.field, stake, &[when, each.when.as_ref()]);
            }
        }
        for requirement in &item.requirements {
            let stake = stake(WhyKind::Requirement, None, requirement.basis.as_ref());
            let truth = self.consult(Some(&requirement.condition), stake);
            self.applying[place].requirements.push(truth);
        }
        for each in &item.materials {
            let stake = stake(WhyKind::Material(&each.material), None, each.basis.as_ref());
            let truth = self.consult(each.when.as_ref(), stake);
            self.applying[place].materials.push(truth);
        }
        for fee in item.fees.values() {
            let truth = self.consult(fee.when.as_ref(), stake(WhyKind::Fee(&fee.id), None, Some(&fee.basis)));
            self.applying[place].fees.push(truth);
        }
        let skipped = skipped_steps(item, modes);
        for step in item.steps.values() {
            let truth = match skipped.contains(&step.id) {
                true => Truth::False,
                false => self.consult(step.when.as_ref(), stake(WhyKind::Step(&step.id), None, None)),
            };
            self.applying[place].steps.push((step, truth));
            if truth.is_true() {
                self.step_fields(item, step, place, when);
            }
        }
    }

    /// Marks the fields that a step reads and its result prints. A field that the item lists itself is
    /// skipped: its own condition has already decided whether it is asked.
    fn step_fields(&mut self, item: &'a Item, step: &'a Step, place: usize, when: Option<&'a Condition>) {
        let listed = |field: &FieldId| item.fields.iter().any(|each| each.field == *field);
        for field in step.uses.iter().filter(|field| !listed(field)) {
            let kind = WhyKind::Step(&step.id);
            let stake = Stake { item: &item.id, kind, text: None, basis: None, applying: Some(place) };
            self.using(field, stake, &[when, step.when.as_ref()]);
        }
        let result = match (step.kind, &step.result) {
            (StepKind::Issue, Some(id)) => item.results.get(id),
            _ => None,
        };
        let Some(result) = result else { return };
        let kind = WhyKind::Result(&result.id);
        let stake = Stake { item: &item.id, kind, text: None, basis: None, applying: Some(place) };
        for field in result.fields.iter().filter(|field| !listed(field)) {
            self.using(field, stake, &[when, step.when.as_ref()]);
        }
        let printed = result.body.iter().flat_map(|body| placeholders(&body.zh));
        for name in printed.filter(|name| !result.fields.iter().any(|field| field.as_str() == *name)) {
            let known = self.edition.parts().fields.get_full(name);
            if let Some((_, field, _)) = known.filter(|(_, field, _)| !listed(field)) {
                self.using(field, stake, &[when, step.when.as_ref()]);
            }
        }
    }

    /// Marks the fields that identify the applicant: asked once for the whole thing, but counted for every
    /// item alone.
    fn applicant(&mut self) {
        let thing = self.thing;
        let mut passed: Vec<Option<&'a Condition>> = Vec::with_capacity(thing.applicant_when.len());
        for identity in &thing.applicant_when {
            let stake = Stake { applying: None, ..self.applicant_stake(0) };
            passed.push(Some(&identity.when));
            match self.consult(Some(&identity.when), stake) {
                Truth::True => return self.goes_by(thing.goes_by(Some(identity)), &passed),
                Truth::False => {}
                Truth::Unknown => return,
            }
        }
        self.goes_by(thing.goes_by(None), &passed);
    }

    fn goes_by(&mut self, who: Identified<'a>, conditions: &[Option<&'a Condition>]) {
        for field in who.fields() {
            for place in 0..self.applying.len() {
                self.using(field, self.applicant_stake(place), conditions);
            }
        }
        let Some(phone) = who.phone.filter(|phone| matches!(self.ground.get(phone.as_str()), Fact::Absent))
        else {
            return;
        };
        for field in &self.thing.without_phone {
            self.using(field, self.applicant_stake(0), conditions);
            if let Some(need) = self.need(field.as_str(), self.applicant_stake(0)) {
                need.unconditional = false;
                need.depends_on.push(phone.as_str());
            }
        }
    }

    fn applicant_stake(&self, place: usize) -> Stake<'a> {
        let item = &self.applying[place].item.id;
        Stake { item, kind: WhyKind::Applicant, text: None, basis: None, applying: Some(place) }
    }

    fn using(&mut self, field: &'a FieldId, stake: Stake<'a>, conditions: &[Option<&'a Condition>]) {
        if self.assigned.contains(&field) {
            return;
        }
        let Some(need) = self.need(field.as_str(), stake) else { return };
        need.used = true;
        if conditions.iter().all(Option::is_none) {
            need.unconditional = true;
        }
        if !need.unconditional {
            for name in conditions.iter().flatten().flat_map(|condition| condition.names_used()) {
                if !need.depends_on.contains(&&**name) && *need.field.id.as_str() != **name {
                    need.depends_on.push(name);
                }
            }
        }
    }

    fn need(&mut self, name: &str, stake: Stake<'a>) -> Option<&mut Need<'a>> {
        let (index, _, field) = self.edition.parts().fields.get_full(name)?;
        if let Some(place) = stake.applying {
            let alone = &mut self.applying[place].alone;
            if !alone.contains(&index) {
                alone.push(index);
            }
        }
        if self.slots[index] == NONE {
            self.slots[index] = u32::try_from(self.needs.len()).unwrap_or(NONE);
            self.needs.push(Need {
                field,
                index,
                whys: Vec::with_capacity(2),
                used: false,
                deciding: false,
                awaited: false,
                depends_on: Vec::new(),
                unconditional: false,
            });
        }
        let need = self.needs.get_mut(self.slots[index] as usize)?;
        let why = Why { item: stake.item, kind: stake.kind, text: stake.text, basis: stake.basis };
        if !need.whys.iter().any(|each| each.item == why.item && each.kind == why.kind) {
            need.whys.push(why);
        }
        need.deciding |= matches!(stake.kind, WhyKind::Applies);
        Some(need)
    }

    /// Evaluates a live condition, and marks the fields that decided it as needed.
    fn consult(&mut self, condition: Option<&'a Condition>, stake: Stake<'a>) -> Truth {
        let Some(condition) = condition else { return Truth::True };
        let mut course = Course::default();
        self.follow(condition, &mut course);
        for field in &course.consulted {
            self.need(field, stake);
        }
        let truth = condition.evaluate(self.ground);
        if truth.is_unknown() {
            self.open.push((stake, course));
        }
        truth
    }

    /// Consults fields until the condition is decided or only unanswered ones are left.
    fn follow(&self, condition: &'a Condition, course: &mut Course<'a>) {
        if let [name] = condition.names_used() {
            return self.consult_field(name, course);
        }
        let mut fields: Vec<&'a str> = Vec::with_capacity(condition.names_used().len());
        loop {
            let left = condition.unknowns(&Within { ground: self.ground, fields: &fields });
            let answered = left
                .iter()
                .filter(|name| self.ground.get(name) != Fact::Unknown)
                .min_by_key(|name| self.rank(name))
                .and_then(|name| condition.names_used().iter().find(|used| *used == name));
            match answered {
                Some(name) => {
                    fields.push(name);
                    self.consult_field(name, course);
                }
                None => {
                    let mut left = left;
                    left.sort_by_key(|name| self.rank(name));
                    for name in &left {
                        if let Some(name) = condition.names_used().iter().find(|used| *used == name) {
                            self.consult_field(name, course);
                        }
                    }
                    return;
                }
            }
        }
    }

    /// Consults a field together with the condition of its situation question: if the question does not
    /// arise, that condition decided it; if it may not arise, the field waits for that condition.
    fn consult_field(&self, name: &'a str, course: &mut Course<'a>) {
        if let Some((when, truth)) = self.ground.gate(name) {
            self.follow(when, course);
            if !truth.is_true() {
                return;
            }
        }
        let list = match self.ground.get(name) {
            Fact::Unknown => &mut course.pending,
            _ => &mut course.consulted,
        };
        if !list.contains(&name) {
            list.push(name);
        }
    }

    /// Sort key: situation questions first; the others stay in the order of the condition's text.
    fn rank(&self, name: &str) -> usize {
        self.thing.questions.iter().position(|question| question.field == name).unwrap_or(usize::MAX)
    }

    /// Asks one question for each open condition, unless one that is needed anyway can decide it.
    fn ask_for_open(&mut self) {
        let open = std::mem::take(&mut self.open);
        for (stake, course) in &open {
            let needed: Vec<&'a str> =
                course.pending.iter().copied().filter(|name| self.is_needed(name)).collect();
            match (needed.as_slice(), course.pending.first()) {
                ([], Some(first)) => self.wait_for(first, *stake),
                (needed, _) => needed.iter().for_each(|name| self.wait_for(name, *stake)),
            }
        }
        self.open = open;
    }

    fn wait_for(&mut self, name: &str, stake: Stake<'a>) {
        if let Some(need) = self.need(name, stake) {
            need.awaited = true;
        }
    }

    fn is_needed(&self, name: &str) -> bool {
        let index = self.edition.parts().fields.get_index_of(name);
        index.is_some_and(|index| self.slots[index] != NONE)
    }
}

/// The state of each member. `judge` evaluates a member's own condition; its flag is false while an earlier
/// member of the same route is still open, when the outcome does not justify a question yet.
fn standings<'a>(
    edition: &'a Edition,
    thing: &'a Thing,
    party: PartyKind,
    mut judge: impl FnMut(&'a Member, bool) -> Truth,
) -> Vec<MemberState<'a>> {
    let mut states: Vec<MemberState<'a>> = Vec::with_capacity(thing.members.len());
    for member in &thing.members {
        let Some(item) = edition.item(&member.item) else { continue };
        let rivals =
            states.iter().filter(|earlier| member.route.is_some() && earlier.member.route == member.route);
        let (taken, open) = rivals.fold((false, false), |(taken, open), earlier| {
            (taken || earlier.applies.is_yes(), open || earlier.applies.is_unknown())
        });
        let applies = match (item.applicants.contains(&party) && thing.applicants.contains(&party), taken) {
            (false, _) => Applies::NotForParty,
            (true, true) => Applies::OtherRoute,
            (true, false) => match judge(member, !open) {
                Truth::False => Applies::No,
                Truth::True if !open => Applies::Yes,
                _ => Applies::Unknown,
            },
        };
        states.push(MemberState { member, item, applies });
    }
    states
}

/// Fields that are assigned by steps of items that apply.
fn assigned<'a>(states: &[MemberState<'a>]) -> impl Iterator<Item = &'a FieldId> {
    let items = states.iter().filter(|state| state.applies.is_yes()).map(|state| state.item);
    items.flat_map(|item| item.steps.values().flat_map(|step| step.assigns.iter().map(|each| &each.field)))
}

fn truth(ground: &Ground<'_>, condition: Option<&Condition>) -> Truth {
    condition.map_or(Truth::True, |condition| condition.evaluate(ground))
}

/// Whether an item that applies uses a field under these facts: the rule of [`Collector::item`] for one
/// field.
fn uses(edition: &Edition, ground: &Ground<'_>, item: &Item, modes: &Modes, field: &str) -> bool {
    let mut listed = item.fields.iter().filter(|each| each.field == *field).peekable();
    if listed.peek().is_some() {
        return listed.any(|each| truth(ground, each.when.as_ref()).is_true());
    }
    let skipped = skipped_steps(item, modes);
    let happening = item.steps.values().filter(|step| !skipped.contains(&step.id));
    let asked: FieldId = field.into();
    let declared = edition.parts().fields.contains_key(&asked);
    let mut reading = happening.filter(|step| {
        let printed =
            step.result.as_ref().filter(|_| step.kind == StepKind::Issue).and_then(|id| item.results.get(id));
        let printed = declared && printed.is_some_and(|result| result.prints(&asked));
        printed || step.uses.iter().any(|each| each == field)
    });
    reading.any(|step| truth(ground, step.when.as_ref()).is_true())
}

/// Steps that are skipped because the applicant chose to promise.
pub(crate) fn skipped_steps<'a>(item: &'a Item, modes: &Modes) -> &'a [StepId] {
    match &item.modes.promise {
        Some(promise) if modes.promised.contains(&item.id) => &promise.skips,
        _ => &[],
    }
}
