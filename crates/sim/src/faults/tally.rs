//! What was acknowledged, counted beside the office, and whether the journal says the same.

use std::collections::{BTreeMap, BTreeSet};

use office::{CaseId, DraftId, Office};
use store::{Position, ViewQuery};

/// One kind of thing that one actor did about one step of one case.
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
    /// What each draft became.
    pub handed_in: BTreeMap<DraftId, (CaseId, String)>,
    /// How often each deed was acknowledged as new.
    pub deeds: BTreeMap<Deed, u64>,
}

/// Kinds that are made by somebody's act and by nothing else.
const KINDS: [&str; 9] = [
    "accepted",
    "step-done",
    "granted",
    "result-issued",
    "delivered",
    "task-claimed",
    "withdrawn",
    "rated",
    "message-sent",
];

impl Tally {
    pub fn acknowledge(&mut self, deed: Deed) {
        *self.deeds.entry(deed).or_default() += 1;
    }

    /// Holds the journal and all that follows from it against what was acknowledged; gives what is wrong.
    pub async fn compare(&self, office: &Office) -> Result<Vec<String>, office::OfficeError> {
        let mut wrong = self.journal(office).await?;
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

    async fn journal(&self, office: &Office) -> Result<Vec<String>, office::OfficeError> {
        let mut wrong = Vec::new();
        let mut found: BTreeMap<Deed, u64> = BTreeMap::new();
        let mut opened: BTreeMap<String, CaseId> = BTreeMap::new();
        let (mut issued, mut identified) = (BTreeSet::new(), BTreeSet::new());
        let mut deemed = BTreeSet::new();
        let mut at = Position::START;
        loop {
            let events = office.store().read_all(at, 4096).await?;
            let Some(last) = events.last() else { break };
            at = last.position;
            for event in events.iter().filter(|event| event.stream.kind() == "case") {
                let body: Body = parsed(&event.body);
                let Ok(case) = event.stream.id().parse::<CaseId>() else { continue };
                match (event.kind.as_str(), &body.number) {
                    ("case-opened", Some(number)) if opened.insert(number.clone(), case).is_some() => {
                        wrong.push(format!("two cases have the number {number}"));
                    }
                    ("result-issued", Some(number)) => {
                        // A number is one of its kind of result; an identifier is one of all.
                        let kind = (body.item.clone(), body.result.clone(), number.clone());
                        if !issued.insert(kind) {
                            wrong.push(format!("two results of one kind have the number {number}"));
                        }
                        if let Some(identifier) = &body.identifier
                            && !identified.insert(identifier.clone())
                        {
                            wrong.push(format!("two results have the identifier {identifier}"));
                        }
                    }
                    ("deemed-accepted", _) => {
                        deemed.insert((case, body.item.clone().unwrap_or_default()));
                    }
                    _ => {}
                }
                let Some(kind) = KINDS.iter().find(|kind| **kind == event.kind) else { continue };
                if body.automatic || event.actor == "system" {
                    continue;
                }
                let (item, step) = (body.item.unwrap_or_default(), body.step.unwrap_or_default());
                let deed = Deed { case, kind, item, step, actor: event.actor.clone() };
                *found.entry(deed).or_default() += 1;
            }
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
            // Who accepts what silence has accepted already only records the silence.
            let silence = deed.kind == "accepted" && deemed.contains(&(deed.case, deed.item.clone()));
            if is != told && !(silence && *is == 0) {
                wrong.push(format!("{deed:?} is there {is} times and was acknowledged {told} times"));
            }
        }
        Ok(wrong)
    }
}

/// What the tally reads of an event; it does not go through the engine that is being tested.
#[derive(Default, serde::Deserialize)]
struct Body {
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    item: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    step: Option<String>,
    #[serde(default)]
    automatic: bool,
}

fn parsed(bytes: &[u8]) -> Body {
    serde_json::from_slice(bytes).unwrap_or_default()
}
