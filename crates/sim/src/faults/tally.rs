//! Counts of what was acknowledged, kept apart from the office, and their comparison with the journal.

use std::collections::{BTreeMap, BTreeSet};

use office::{Act, CaseId, DraftId, Office};
use store::ViewQuery;

use super::journal::Journal;

/// One kind of act by one actor on one step of one case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deed {
    pub case: CaseId,
    /// The kind of the event that it makes.
    pub kind: &'static str,
    pub item: String,
    pub step: String,
    pub actor: String,
}

#[derive(Debug, Default)]
pub struct Tally {
    /// The case that each draft became.
    pub handed_in: BTreeMap<DraftId, (CaseId, String)>,
    /// How often each act was acknowledged as new.
    pub deeds: BTreeMap<Deed, u64>,
}

/// Kinds of events that only an act makes.
const KINDS: [&str; 26] = [
    "acceptance-refused",
    "accepted",
    "clock-paused",
    "clock-resumed",
    "corrected-on-the-spot",
    "correction-asked",
    "correction-supplied",
    "delivered",
    "extension-approved",
    "extension-denied",
    "extension-requested",
    "gap-closed",
    "granted",
    "message-sent",
    "objection-answered",
    "objection-raised",
    "parties-came",
    "presence-taken-back",
    "rated",
    "refused",
    "result-issued",
    "step-done",
    "task-claimed",
    "task-released",
    "visit-set",
    "withdrawn",
];

impl Deed {
    /// The event that an act makes in a case; `of_plan` is its step where the act names none.
    pub fn of(case: CaseId, act: &Act, of_plan: String, actor: String) -> Self {
        let (kind, item, step) = match act {
            Act::Present { item, .. } => ("parties-came", Some(item), None),
            Act::TakeBackPresence { item, .. } => ("presence-taken-back", Some(item), None),
            Act::Accept { item } => ("accepted", item.as_ref(), None),
            Act::NotRequired { item, .. } | Act::NotOurRemit { item, .. } => {
                ("acceptance-refused", Some(item), None)
            }
            Act::CorrectOnTheSpot { item, .. } => ("corrected-on-the-spot", Some(item), None),
            Act::AskCorrection(correction) => ("correction-asked", correction.item.as_ref(), None),
            Act::SupplyCorrection { item, .. } => ("correction-supplied", Some(item), None),
            Act::CloseGap { item, .. } => ("gap-closed", Some(item), None),
            Act::Grant { item, .. } => ("granted", Some(item), None),
            Act::Refuse { item, .. } => ("refused", Some(item), None),
            Act::Issue { item, .. } => ("result-issued", Some(item), None),
            Act::Deliver { item, .. } => ("delivered", Some(item), None),
            Act::Pause { item, .. } => ("clock-paused", Some(item), None),
            Act::Resume { item, .. } => ("clock-resumed", Some(item), None),
            Act::RequestExtension { item, .. } => ("extension-requested", Some(item), None),
            Act::ApproveExtension { item } => ("extension-approved", Some(item), None),
            Act::DenyExtension { item, .. } => ("extension-denied", Some(item), None),
            Act::Claim { item, step, .. } => ("task-claimed", Some(item), Some(step)),
            Act::Release { item, step } => ("task-released", Some(item), Some(step)),
            Act::CompleteStep { item, step, .. } => ("step-done", Some(item), Some(step)),
            Act::SetVisit { item, step, .. } => ("visit-set", Some(item), Some(step)),
            Act::Withdraw { item, .. } => ("withdrawn", item.as_ref(), None),
            Act::Object { item, .. } => ("objection-raised", item.as_ref(), None),
            Act::AnswerObjection { .. } => ("objection-answered", None, None),
            Act::Rate { .. } => ("rated", None, None),
            _ => ("message-sent", None, None),
        };
        let item = item.map(ToString::to_string).unwrap_or_default();
        let step = step.map_or(of_plan, ToString::to_string);
        Self { case, kind, item, step, actor }
    }
}

impl Tally {
    pub fn acknowledge(&mut self, deed: Deed) {
        *self.deeds.entry(deed).or_default() += 1;
    }

    /// Compares the journal and everything derived from it with what was acknowledged; returns the
    /// differences.
    pub async fn compare(
        &self,
        office: &Office,
        journal: &Journal,
    ) -> Result<Vec<String>, office::OfficeError> {
        let mut wrong = self.journal(journal);
        let audit = office.audit().await?;
        wrong.extend(audit.findings.iter().map(|finding| format!("the audit finds {finding:?}")));
        let rebuilt = office.rebuild(&mut |_| {}).await?;
        let differ = rebuilt.views.iter().filter(|view| view.before != view.after);
        wrong.extend(differ.map(|view| format!("a rebuild changes {}", view.table)));
        let mut rows = BTreeSet::new();
        let mut after = None;
        loop {
            let query = ViewQuery::new("cases").limit(1000).after(after);
            let page = office.store().view_rows(query).await?;
            rows.extend(page.rows.iter().filter_map(|row| row.text(1).map(str::to_owned)));
            match page.next {
                Some(cursor) => after = Some(cursor),
                None => break,
            }
        }
        let told: BTreeSet<String> = self.handed_in.values().map(|(_, number)| number.clone()).collect();
        wrong.extend(
            told.difference(&rows).map(|number| format!("case {number} was acknowledged and is not listed")),
        );
        Ok(wrong)
    }

    fn journal(&self, journal: &Journal) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut found: BTreeMap<Deed, u64> = BTreeMap::new();
        let mut opened: BTreeMap<String, CaseId> = BTreeMap::new();
        let (mut issued, mut identified) = (BTreeSet::new(), BTreeSet::new());
        let mut deemed = BTreeSet::new();
        for event in journal.of("case") {
            let body = &event.body;
            let Ok(case) = event.id.parse::<CaseId>() else { continue };
            match (event.kind.as_str(), &body.number) {
                ("case-opened", Some(number)) if opened.insert(number.to_string(), case).is_some() => {
                    wrong.push(format!("two cases have the number {number}"));
                }
                ("result-issued", Some(number)) => {
                    // A number is unique within its kind of result; an identifier is unique among all.
                    if !issued.insert((&body.item, &body.result, number.to_string())) {
                        wrong.push(format!("two results of one kind have the number {number}"));
                    }
                    if let Some(identifier) = &body.identifier
                        && !identified.insert(identifier)
                    {
                        wrong.push(format!("two results have the identifier {identifier}"));
                    }
                }
                ("deemed-accepted", _) => {
                    deemed.insert((case, body.item.clone()));
                }
                _ => {}
            }
            let Some(kind) = KINDS.iter().find(|kind| **kind == event.kind) else { continue };
            if body.automatic || event.actor == "system" {
                continue;
            }
            let (item, step) = (body.item.clone(), body.step.clone());
            let deed = Deed { case, kind, item, step, actor: event.actor.clone() };
            *found.entry(deed).or_default() += 1;
        }
        let (mut numbers, mut cases) = (BTreeSet::new(), BTreeSet::new());
        for (number, case) in self.handed_in.values().map(|(case, number)| (number, case)) {
            if opened.get(number) != Some(case) {
                wrong.push(format!("case {number} was acknowledged and is not in the journal"));
            }
            if !numbers.insert(number) || !cases.insert(case) {
                wrong.push(format!("two drafts became case {number}"));
            }
        }
        for (number, case) in &opened {
            if !cases.contains(case) {
                wrong.push(format!("nobody was told of case {number}"));
            }
        }
        let all: BTreeSet<&Deed> = found.keys().chain(self.deeds.keys()).collect();
        for deed in all {
            let (is, told) = (found.get(deed).unwrap_or(&0), self.deeds.get(deed).unwrap_or(&0));
            // Accepting what silence has already accepted may make no `accepted` event.
            let silence = deed.kind == "accepted" && deemed.contains(&(deed.case, deed.item.clone()));
            if is != told && !(silence && *is == 0) {
                wrong.push(format!("{deed:?} is there {is} times and was acknowledged {told} times"));
            }
        }
        wrong
    }
}
