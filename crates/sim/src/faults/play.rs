//! The run: random acts of people between the faults.

use std::collections::BTreeMap;

use catalogue::{Channel, Edition, FieldId, RoleRank, ThingId};
use checker::Compiled;
use form::Raw;
use jiff::{SignedDuration, Timestamp};
use office::{AccessKey, Act, Attachment, By, CameFrom, CaseId, Office, OfficeError, StartDraft, Viewer};
use uuid::Uuid;

use super::floor::Floor;
use super::journal::Journal;
use super::stage::Stage;
use super::tally::Tally;
use super::{clocks, figures};
use crate::cast::Cast;
use crate::history::{former_edition, paper};

/// A Monday morning in March 2026; fixed, so that a seed gives the same run everywhere.
const BEGIN: Timestamp = Timestamp::constant(1_772_415_000, 0);

/// Counts of the run, and the differences found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultReport {
    pub cases: u32,
    pub acts: u32,
    /// Commands sent again, some of them much later.
    pub repeated: u32,
    /// Attempts by people without the right; none may succeed.
    pub intrusions: u32,
    /// Tickets given out in halls.
    pub tickets: u32,
    /// Acts at windows.
    pub calls: u32,
    /// Clocks recounted day by day.
    pub clocks: u32,
    pub faults: u32,
    pub crashes: u32,
    pub published: u32,
    /// Empty when the journal agrees with what was acknowledged.
    pub wrong: Vec<String>,
}

/// The person who acts on a case.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Guest(AccessKey),
    Officer(Viewer),
}

impl Who {
    pub fn by(&self) -> By<'_> {
        match self {
            Self::Guest(key) => By::Guest(key),
            Self::Officer(viewer) => By::Viewer(viewer),
        }
    }
}

/// An acknowledged command, to be sent again.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub case: CaseId,
    pub act: Act,
    pub who: Who,
    pub command: Uuid,
}

pub(super) struct Play {
    pub stage: Stage,
    pub cast: Cast,
    editions: [Edition; 2],
    things: Vec<ThingId>,
    pub hands: Vec<(CaseId, AccessKey)>,
    pub given: Vec<Given>,
    pub tally: Tally,
    pub floor: Floor,
    pub report: FaultReport,
}

/// Simulates `steps` steps of a zone on a failing store.
///
/// # Errors
/// An error that the office may not return at all, with the step at which it did.
pub async fn play(edition: &Edition, steps: u32, seed: u64) -> Result<FaultReport, String> {
    let former = former_edition(edition).unwrap_or_else(|| edition.clone());
    let zone = edition.zone();
    let asked = |id: &&ThingId| zone.feedback.as_ref() != Some(id) && zone.callback.as_ref() != Some(id);
    let mut play = Play {
        stage: Stage::set(former.clone(), BEGIN, seed).await?,
        cast: Cast::unseated(edition, seed),
        editions: [former, edition.clone()],
        things: edition.parts().things.keys().filter(asked).cloned().collect(),
        hands: Vec::new(),
        given: Vec::new(),
        tally: Tally::default(),
        floor: Floor::default(),
        report: FaultReport::default(),
    };
    for step in 0..steps {
        play.step().await.map_err(|error| format!("at step {step}: {error:?}"))?;
    }
    let office = play.stage.mend().await.map_err(|error| format!("after the faults: {error:?}"))?;
    let ticked = office.tick().await.map_err(|error| format!("after the faults: {error:?}"))?;
    if ticked.failed > 0 {
        play.report.wrong.push(format!("the timers of {} cases cannot fire", ticked.failed));
    }
    play.compare(&office).await.map_err(|error| format!("comparing: {error:?}"))?;
    (play.report.faults, play.report.crashes) = (play.stage.faults, play.stage.crashes);
    Ok(play.report)
}

impl Play {
    async fn step(&mut self) -> Result<(), OfficeError> {
        match self.stage.dice.below(100) {
            _ if self.hands.is_empty() => self.apply().await,
            0..7 => self.apply().await,
            7..38 => self.work().await,
            38..46 => self.turn().await,
            46..68 => self.visit().await,
            68..72 => self.speak().await,
            72..78 => self.repeat().await,
            78..84 => self.intrude().await,
            84..87 => {
                let place = self.stage.dice.below(2);
                self.stage.crash(Some(place)).await
            }
            87..92 => {
                // Mostly forward, by up to three days; sometimes back, as when a machine's clock is
                // corrected.
                let minutes = i64::try_from(self.stage.dice.below(3 * 24 * 60)).unwrap_or(0);
                let back = self.stage.dice.chance(0.3);
                let jump = if back { -(minutes % 90) } else { minutes };
                self.stage.jump(SignedDuration::from_mins(jump));
                Ok(())
            }
            92..98 => {
                // Cases whose timers met a fault are tried again in the next round.
                self.stage.again(async |office| office.tick().await).await?;
                self.stage.again(async |office| office.tick_halls().await).await?;
                self.stage.follow().await
            }
            _ => self.publish().await,
        }
    }

    async fn apply(&mut self) -> Result<(), OfficeError> {
        let key = self.stage.office().new_access_key();
        let by = || By::Guest(&key);
        let Some(thing) = self.stage.dice.pick(&self.things).cloned() else { return Ok(()) };
        let start = || StartDraft {
            thing: thing.clone(),
            party: None,
            channel: Channel::Online,
            came_from: CameFrom::default(),
        };
        let mut open = self.stage.again(async |office| office.start_draft(start(), by()).await).await?;
        let draft = open.id;
        let filled = form::example_answers(
            &open.edition,
            open.thing()?,
            open.draft.party,
            &open.draft.known,
            &open.draft.answers,
            open.today,
        );
        let answers: BTreeMap<FieldId, Raw> = filled
            .iter()
            .filter_map(|(field, _)| Some((field.clone(), Raw::of(filled.value(field.as_str())?))))
            .collect();
        open = self.stage.again(async |office| office.save_answers(draft, &answers, by()).await).await?;
        let fixed = open.unlike_registered()?;
        if !fixed.is_empty() {
            open = self.stage.again(async |office| office.confirm_known(draft, &fixed, by()).await).await?;
        }
        let file = self.stage.again(async |office| paper::upload(&office, 1, by()).await).await?;
        for material in open.papers_missing()? {
            let file = Attachment { material: Some(material), ..file.clone() };
            open = self.stage.again(async |office| office.attach(draft, file.clone(), by()).await).await?;
        }
        if !open.is_ready()? {
            return Ok(());
        }
        let command = self.stage.office().new_id();
        // Some press the button again although it worked, and some from another page.
        for round in 0..=self.stage.dice.below(3) {
            let command = if round == 2 { self.stage.office().new_id() } else { command };
            let sent = async |office: office::Office| office.submit(draft, by(), Some(command)).await;
            let submitted = self.stage.again(sent).await?;
            let became = (submitted.id, submitted.number);
            match self.tally.handed_in.get(&draft) {
                None => {
                    self.hands.push((became.0, key.clone()));
                    self.tally.handed_in.insert(draft, became);
                    self.report.cases += 1;
                }
                Some(before) if *before == became => self.report.repeated += 1,
                Some(before) => self.wrong(format!("a draft became {before:?} and then {became:?}")),
            }
        }
        Ok(())
    }

    async fn publish(&mut self) -> Result<(), OfficeError> {
        let Some(administrator) = self.cast.administrator.clone() else { return Ok(()) };
        let Some(edition) = self.stage.dice.pick(&self.editions).cloned() else { return Ok(()) };
        let hash = edition.hash();
        let compiled = || Compiled {
            edition: Some(edition.clone()),
            stories: Vec::new(),
            diagnostics: Vec::new(),
            sources: Default::default(),
            red_tape: Default::default(),
        };
        self.stage.again(async |office| office.publish(compiled(), None, &administrator).await).await?;
        self.report.published += 1;
        self.stage.follow().await?;
        if self.stage.office().edition().hash() != hash {
            self.wrong(format!("{hash} was published and is not current"));
        }
        Ok(())
    }

    /// Compares all that the office stores and shows with what was acknowledged.
    async fn compare(&mut self, office: &Office) -> Result<(), OfficeError> {
        let journal = Journal::read(office).await?;
        let (clocks, late) = clocks::compare(office, &journal).await?;
        self.report.clocks = clocks;
        let edition = office.edition();
        let leader =
            self.cast.officers.iter().find(|officer| officer.rank(&edition) == Some(RoleRank::Leader));
        let counted = figures::compare(office, &journal, leader).await?;
        let cases = self.tally.compare(office, &journal).await?;
        let halls = self.floor.compare(&journal);
        self.report.wrong.extend([cases, halls, late, counted].into_iter().flatten());
        Ok(())
    }

    pub(super) fn wrong(&mut self, what: String) {
        self.report.wrong.push(what);
    }
}
