//! A result that is made out anew takes the place of the old ones of its holder, wherever somebody looks at those.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use casework::{LapseCause, MatterState, ResultChange};
use catalogue::{Edition, FieldId, Item, ResultDeclaration, StepKind, ThingId};
use credential::SignedDocument;
use expression::Value;
use form::{Answers, Raw, Source};
use identifier::CreditCode;
use office::{
    Act, By, CaseId, DocumentRow, NotPossible, OfficeError, OpenDraft, Proof, Viewer, WithinPeriod,
};
use support::{Zone, edition, officer, views};

/// An item whose result takes the place of its own earlier ones, and a thing that it is of.
fn made_out_anew(edition: &Edition) -> (ThingId, Item, ResultDeclaration) {
    let items = edition.parts().items.values();
    let mut found = items.flat_map(|item| item.results.values().map(move |result| (item, result)));
    let (item, result) = found
        .find(|(item, result)| {
            result.replaces.iter().any(|old| old.item == item.id && old.result == result.id)
        })
        .expect("a result of the zone is made out anew");
    let thing = edition
        .parts()
        .things
        .values()
        .find(|thing| thing.members.iter().any(|member| member.item == item.id));
    (thing.unwrap().id.clone(), item.clone(), result.clone())
}

impl Zone {
    /// Hands in under this number of the holder, or the one of the example; what changes in the register is another value each time.
    async fn ask_anew(&self, thing: &ThingId, code: Option<(&FieldId, &str)>) -> CaseId {
        let key = self.guest();
        let open = self.filled_anew(thing, code, By::Guest(&key)).await;
        self.office.submit(open.id, By::Guest(&key), None).await.unwrap().id
    }

    async fn filled_anew(&self, thing: &ThingId, code: Option<(&FieldId, &str)>, by: By<'_>) -> OpenDraft {
        let open = self.start(thing, catalogue::Channel::Online, by).await.unwrap();
        let own: BTreeMap<_, _> =
            code.map(|(field, code)| (field.clone(), Raw::from(code))).into_iter().collect();
        let open = self.office.save_answers(open.id, &own, by).await.unwrap();
        let open = self.fill(open, false, by).await.unwrap();
        let entered = made_out_anew(&open.edition).2.enters.unwrap();
        let new = format!("青岛高新区示范路{}号", 1 + self.dice.below(1_000_000));
        let raw: BTreeMap<_, _> =
            entered.fields.values().map(|field| (field.clone(), Raw::from(new.as_str()))).collect();
        self.office.save_answers(open.id, &raw, by).await.unwrap()
    }

    /// What the register that the result enters says of the holder to somebody who begins anew, by the field that it renames.
    async fn registered(&self, thing: &ThingId) -> form::Known {
        let key = self.guest();
        let open = self.filled_anew(thing, None, By::Guest(&key)).await;
        let asked = |field: &&FieldId| open.form().unwrap().question(field.as_str()).is_some();
        let entered = made_out_anew(&open.edition).2.enters.unwrap();
        let field = entered.fields.keys().find(asked).expect("what it changes is asked as it was");
        open.draft.known.get(field.as_str()).expect("the register has it").clone()
    }

    /// Goes on until the next step is of this kind.
    async fn until(&self, id: CaseId, kind: StepKind) {
        for _ in 0..50 {
            let task = self.tasks(id).await.into_iter().next().expect("something is left to do");
            if task.kind == kind {
                return;
            }
            self.office.act(id, self.act_for(&task), By::Viewer(&self.officers[0]), None).await.unwrap();
        }
        panic!("no such step comes");
    }

    async fn issue(&self, id: CaseId) {
        let task = self.tasks(id).await.into_iter().next().unwrap();
        self.office.act(id, self.act_for(&task), By::Viewer(&self.officers[0]), None).await.unwrap();
    }

    async fn made_out(&self, id: CaseId) -> DocumentRow {
        self.office.documents(id, By::System).await.unwrap().remove(0)
    }

    async fn made_out_file(&self, id: CaseId) -> SignedDocument {
        self.office.document(&self.made_out(id).await.identifier, By::System).await.unwrap()
    }

    async fn became(&self, id: CaseId) -> (Option<ResultChange>, Option<String>) {
        let found = self.office.verify_online(&self.made_out(id).await.identifier).await.unwrap();
        (found.change, found.replaced_by)
    }

    async fn number_of(&self, id: CaseId) -> String {
        let loaded = self.office.load_case(id).await.unwrap();
        loaded.case.matters[0].results[0].number.to_string()
    }
}

#[tokio::test]
async fn the_old_one_of_the_same_holder_is_no_longer_in_force_and_says_what_took_its_place() {
    let zone = Zone::open(701).await;
    let (thing, item, result) = made_out_anew(&zone.office.edition());
    let code = result.holder.as_ref().unwrap().code.clone().unwrap();
    let first = zone.ask_anew(&thing, None).await;
    zone.until(first, StepKind::Issue).await;
    zone.issue(first).await;
    assert_eq!(zone.became(first).await, (None, None));
    // Somebody else of the same name, under another number.
    let other_code = CreditCode::compose_from("91", "370271", "MBYD9Y07").unwrap().code;
    let other = zone.ask_anew(&thing, Some((&code, &other_code))).await;
    zone.finish(other, By::System).await;

    let second = zone.ask_anew(&thing, None).await;
    zone.until(second, StepKind::Issue).await;
    assert_eq!(zone.became(first).await, (None, None), "nothing is replaced before");
    zone.issue(second).await;
    let number = zone.number_of(second).await;
    assert_eq!(zone.became(first).await, (Some(ResultChange::Replaced), Some(number)));
    assert_eq!(zone.became(second).await, (None, None));
    assert_eq!(zone.became(other).await, (None, None));
    let old = zone.made_out_file(first).await;
    let new = zone.made_out_file(second).await;
    assert_eq!(new.document().supersedes.as_deref(), Some(old.document().identifier.as_str()));

    // Nobody hands out the old one any more, and offline the list says so.
    let loaded = zone.office.load_case(first).await.unwrap();
    assert_eq!(loaded.case.matter(&item.id).unwrap().state, MatterState::Lapsed(LapseCause::ResultEnded));
    let list: serde_json::Value = serde_json::from_slice(&zone.office.status_list().await.unwrap()).unwrap();
    let withdrawn = &list["status"]["withdrawn"];
    assert_eq!(withdrawn[old.digest().to_string()]["change"], "replaced");
    assert_eq!(withdrawn.as_object().unwrap().len(), 1);

    // The old one does not come back when the new one is annulled.
    zone.finish(second, By::System).await;
    let annul = Act::ChangeResult {
        item: item.id.clone(),
        result: result.id.clone(),
        change: ResultChange::Annulled,
        reason: "提交的材料是假的，依法撤销。".into(),
    };
    zone.office.act(second, annul, By::Viewer(&zone.officers[0]), None).await.unwrap();
    assert_eq!(zone.became(first).await.0, Some(ResultChange::Replaced));
    assert_eq!(zone.became(second).await.0, Some(ResultChange::Annulled));

    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
    let third = zone.ask_anew(&thing, None).await;
    zone.finish(third, By::System).await;
    assert_eq!(zone.became(second).await.0, Some(ResultChange::Annulled), "what was annulled stays so");
    assert_eq!(zone.made_out_file(third).await.document().supersedes, None);
}

#[tokio::test]
async fn what_the_zone_entered_later_goes_before_what_the_register_is_known_to_say() {
    let zone = Zone::open(704).await;
    let (thing, item, result) = made_out_anew(&zone.office.edition());
    let renamed = result.enters.clone().unwrap();
    let before = zone.registered(&thing).await;
    assert_eq!(before.source, Source::Registry { registry: renamed.registry.clone() });
    let new = async |id: CaseId| {
        let loaded = zone.office.load_case(id).await.unwrap();
        let answers = zone.office.answers(&loaded).await.unwrap();
        answers.value(renamed.fields.values().next().unwrap().as_str()).unwrap().clone()
    };
    let mut entered = Vec::new();
    for _ in 0..2 {
        let id = zone.ask_anew(&thing, None).await;
        zone.finish(id, By::System).await;
        let known = zone.registered(&thing).await;
        let (registry, number) = (renamed.registry.clone(), zone.number_of(id).await);
        assert_eq!((&known.value, &known.source), (&new(id).await, &Source::Entry { registry, number }));
        assert_eq!(known.as_of, Some(zone.office.today()));
        entered.push(id);
        zone.pass(jiff::SignedDuration::from_hours(24 * 7));
    }
    // What should not have been entered counts no more; the one before does.
    let annul = Act::ChangeResult {
        item: item.id.clone(),
        result: result.id.clone(),
        change: ResultChange::Annulled,
        reason: "提交的材料是假的，依法撤销。".into(),
    };
    zone.office.act(entered[1], annul, By::Viewer(&zone.officers[0]), None).await.unwrap();
    assert_eq!(zone.registered(&thing).await.value, new(entered[0]).await);
}

#[tokio::test]
async fn what_only_repeats_the_register_is_changed_neither_in_the_form_nor_in_a_correction() {
    let zone = Zone::open(705).await;
    let (thing, item, result) = made_out_anew(&zone.office.edition());
    let name = result.holder.as_ref().unwrap().name.clone();
    let key = zone.guest();
    let by = By::Guest(&key);
    let open = zone.filled_anew(&thing, None, by).await;
    assert!(open.is_ready().unwrap());
    let other = BTreeMap::from([(name.clone(), Raw::from("青岛另起名号有限公司"))]);
    let wrong = zone.office.save_answers(open.id, &other, by).await.unwrap();
    assert!(!wrong.is_ready().unwrap());
    let form = wrong.form().unwrap();
    let question = form.question(name.as_str()).unwrap();
    let first = item.fixed(&name).unwrap();
    assert_eq!(question.problems[0].code(), "fixed");
    assert!(question.problems[0].text.zh.ends_with(&first.zh), "{}", question.problems[0].text.zh);
    let right = zone.office.confirm_known(open.id, std::slice::from_ref(&name), by).await.unwrap();
    assert!(right.is_ready().unwrap());
    let id = zone.office.submit(open.id, by, None).await.unwrap().id;
    let restated = Act::Restate {
        answers: Answers::new().with(name.clone(), Value::text("青岛另起名号有限公司")),
    };
    let told = zone.office.act(id, restated, by, None).await;
    assert!(matches!(&told, Err(OfficeError::Unfit(problems)) if problems[0].code() == "fixed"), "{told:?}");
}

#[tokio::test]
async fn what_is_printed_otherwise_than_registered_waits_for_the_original() {
    let mut parts = edition().parts().clone();
    for item in parts.items.values_mut() {
        item.fields.iter_mut().for_each(|used| used.fixed = None);
    }
    let zone = Zone::on(store::MemoryStore::new(), Edition::seal(parts).unwrap(), 706).await;
    let (thing, item, result) = made_out_anew(&zone.office.edition());
    let name = result.holder.as_ref().unwrap().name.clone();
    let key = zone.guest();
    let by = By::Guest(&key);
    let open = zone.filled_anew(&thing, None, by).await;
    let other = BTreeMap::from([(name.clone(), Raw::from("青岛另起名号有限公司"))]);
    zone.office.save_answers(open.id, &other, by).await.unwrap();
    let id = zone.office.submit(open.id, by, None).await.unwrap().id;
    zone.until(id, StepKind::Issue).await;
    let loaded = zone.office.load_case(id).await.unwrap();
    let answers = zone.office.answers(&loaded).await.unwrap();
    let proofs = zone.office.proofs(&loaded, &answers).await.unwrap();
    assert!(proofs.contains(&(name.clone(), Proof::Differs)), "{proofs:?}");
    assert!(zone.office.unproven(&loaded, &item.id, &result.id).await.unwrap().contains(&name));
    let hasty =
        |originals_seen| Act::Issue { item: item.id.clone(), result: result.id.clone(), originals_seen };
    let officer = By::Viewer(&zone.officers[0]);
    let told = zone.office.act(id, hasty(false), officer, None).await;
    assert!(matches!(told, Err(OfficeError::NotPossible(NotPossible::IdentityUnproven))), "{told:?}");
    zone.office.act(id, hasty(true), officer, None).await.unwrap();
    let document = zone.made_out_file(id).await;
    assert_eq!(document.document().subject.name, "青岛另起名号有限公司");
}

#[tokio::test]
async fn of_two_that_are_made_out_at_once_one_takes_the_place_of_the_other() {
    let zone = Zone::open(702).await;
    let (thing, ..) = made_out_anew(&zone.office.edition());
    let (one, two) = (zone.ask_anew(&thing, None).await, zone.ask_anew(&thing, None).await);
    zone.until(one, StepKind::Issue).await;
    zone.until(two, StepKind::Issue).await;
    let twin = zone.restarted(zone.office.edition().as_ref().clone()).await;
    let act = |task: &casework::Task| zone.act_for(task);
    let (first, second) = (zone.tasks(one).await.remove(0), zone.tasks(two).await.remove(0));
    let by = By::Viewer(&zone.officers[0]);
    let (a, b) =
        tokio::join!(zone.office.act(one, act(&first), by, None), twin.act(two, act(&second), by, None));
    a.unwrap();
    b.unwrap();
    let became = [zone.became(one).await.0, zone.became(two).await.0];
    assert_eq!(became.iter().filter(|change| change.is_none()).count(), 1, "{became:?}");
}

#[tokio::test]
async fn the_paper_of_somebody_who_was_forgotten_is_replaced_too() {
    let zone = Zone::open(703).await;
    let (thing, ..) = made_out_anew(&zone.office.edition());
    let first = zone.ask_anew(&thing, None).await;
    zone.finish(first, By::System).await;
    let number = zone.office.load_case(first).await.unwrap().case.number.to_string();
    let keeper = Viewer { standing: office::Standing::Administrator, ..officer(40, Vec::new()) };
    let ground = office::Ground::Unlawful;
    zone.office.forget_person(&number, ground, WithinPeriod::Refuse, &keeper).await.unwrap();
    let second = zone.ask_anew(&thing, None).await;
    zone.finish(second, By::System).await;
    assert_eq!(zone.became(first).await.0, Some(ResultChange::Replaced));
}
