//! A result that is made out anew takes the place of the old ones of its holder, wherever somebody looks at those.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use casework::{LapseCause, MatterState, ResultChange};
use catalogue::{Edition, FieldId, Item, ResultDeclaration, StepKind, ThingId};
use credential::SignedDocument;
use form::Raw;
use identifier::CreditCode;
use office::{Act, By, CaseId, DocumentRow, Viewer, WithinPeriod};
use support::{Zone, officer, views};

/// An item whose result takes the place of its own earlier ones, and a thing that it is of.
fn made_out_anew(edition: &Edition) -> (ThingId, Item, ResultDeclaration) {
    let items = edition.parts().items.values();
    let found = items.flat_map(|item| item.results.values().map(move |result| (item, result)));
    let (item, result) = found
        .filter(|(item, result)| {
            result.replaces.iter().any(|old| old.item == item.id && old.result == result.id)
        })
        .next()
        .expect("a result of the zone is made out anew");
    let thing = edition
        .parts()
        .things
        .values()
        .find(|thing| thing.members.iter().any(|member| member.item == item.id));
    (thing.unwrap().id.clone(), item.clone(), result.clone())
}

impl Zone {
    /// Hands in under this number of the holder, or the one of the example.
    async fn ask_anew(&self, thing: &ThingId, code: Option<(&FieldId, &str)>) -> CaseId {
        let key = self.guest();
        let by = By::Guest(&key);
        let open = self.start(thing, catalogue::Channel::Online, by).await.unwrap();
        let mut open = self.fill(open, false, by).await.unwrap();
        if let Some((field, code)) = code {
            let raw = BTreeMap::from([(field.clone(), Raw::from(code))]);
            open = self.office.save_answers(open.id, &raw, by).await.unwrap();
            open = self.fill(open, false, by).await.unwrap();
            let raw = BTreeMap::from([(field.clone(), Raw::from(code))]);
            open = self.office.save_answers(open.id, &raw, by).await.unwrap();
        }
        self.office.submit(open.id, by, None).await.unwrap().id
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
