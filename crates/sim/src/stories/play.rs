//! Runs one story from its first event to its last, on a store of its own.

use std::fmt;
use std::sync::Arc;

use casework::Case;
use catalogue::{Edition, Story, StoryAct};
use diagnostic::{Bilingual, Lang};
use jiff::Timestamp;
use office::{CaseId, DerivedKeys, LoadedCase, Mismatch, Office, OfficeError, Surroundings};
use store::MemoryStore;

use crate::cast::Cast;
use crate::clock::PlayClock;
use crate::dice::SeededEntropy;

/// A story while it runs.
pub(super) struct Play<'a> {
    pub office: &'a Office,
    pub edition: &'a Edition,
    pub story: &'a Story,
    pub cast: Cast,
    pub applicant: office::AccessKey,
    pub case: Option<CaseId>,
    /// Code and message of the refusal of the act before, until an expectation reads it.
    pub refused: Option<(String, Bilingual)>,
}

/// Runs a story through the office. Between its events timers fire when they are due.
///
/// # Errors
/// The first line at which the zone differs from the story.
pub async fn play(edition: &Edition, story: &Story) -> Result<(), Mismatch> {
    let begin = story.events.first().map(|event| event.at).unwrap_or_default();
    let at_line = |line: u32, message: Bilingual| Mismatch { file: story.file.clone(), line, message };
    let start = instant(edition, begin).map_err(|message| at_line(1, message))?;
    let surroundings = Surroundings {
        store: Arc::new(MemoryStore::new()),
        clock: Arc::new(PlayClock::standing_at(start)),
        entropy: Arc::new(SeededEntropy::new(1)),
        keys: Arc::new(DerivedKeys::new([7; 32])),
        public_url: "http://localhost".into(),
        second_factor: office::SecondFactor::Off,
    };
    let broken = |error: &dyn fmt::Display| {
        Bilingual::new(format!("办理系统出错：{error}"), format!("the office failed: {error}"))
    };
    let office = Office::start(surroundings, Some(edition.clone())).await;
    let office = office.map_err(|error| at_line(1, broken(&error)))?;
    let mut play = Play {
        office: &office,
        edition,
        story,
        cast: Cast::unseated(edition, 1),
        applicant: office.new_access_key(),
        case: None,
        refused: None,
    };
    for event in &story.events {
        let here = |message| at_line(event.line, message);
        let now = instant(edition, event.at).map_err(here)?;
        play.wait_until(now).await.map_err(|error| here(broken(&error)))?;
        if let StoryAct::Expect(expected) = &event.act {
            PlayClock::at(now, play.expect(expected, now)).await.map_err(here)?;
            continue;
        }
        if let Some((code, words)) = play.refused.take() {
            return Err(here(unexpected(&code, &words)));
        }
        match PlayClock::at(now, play.act(&event.act)).await {
            Ok(()) => {}
            Err(Stumble::Story(message)) => return Err(here(message)),
            Err(Stumble::Office(error)) => play.refused = Some(refusal(&error).map_err(here)?),
        }
    }
    match (play.refused.take(), story.events.last()) {
        (Some((code, words)), Some(last)) => Err(at_line(last.line, unexpected(&code, &words))),
        _ => Ok(()),
    }
}

/// Why an act of a story did not happen.
pub(super) enum Stumble {
    /// The story asks for something that does not exist.
    Story(Bilingual),
    Office(OfficeError),
}

impl From<OfficeError> for Stumble {
    fn from(error: OfficeError) -> Self {
        Self::Office(error)
    }
}

impl Play<'_> {
    pub async fn loaded(&self) -> Result<Option<LoadedCase>, OfficeError> {
        match self.case {
            Some(id) => self.office.load_case(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Fires the timers until `now`, each at its own instant.
    async fn wait_until(&self, now: Timestamp) -> Result<(), OfficeError> {
        /// More in one wait would mean that a timer stays due after it has fired.
        const TIMERS_MAX: usize = 1_000;
        let mut before = None;
        for _ in 0..TIMERS_MAX {
            let Some(loaded) = self.loaded().await? else { return Ok(()) };
            let Some(due) = next_timer(&loaded.case, self.edition).filter(|due| *due <= now) else {
                return Ok(());
            };
            PlayClock::at(due, self.office.tick()).await?;
            let after = self.loaded().await?.map(|loaded| loaded.case.version);
            if before == Some(after) {
                return Ok(());
            }
            before = Some(after);
        }
        Ok(())
    }
}

fn next_timer(case: &Case, edition: &Edition) -> Option<Timestamp> {
    case.timers(edition.calendar(), edition.offset()).first().map(|timer| timer.at)
}

fn instant(edition: &Edition, at: jiff::civil::DateTime) -> Result<Timestamp, Bilingual> {
    edition
        .offset()
        .to_timestamp(at)
        .map_err(|error| Bilingual::new(format!("时间不对：{error}"), format!("no such time: {error}")))
}

fn unexpected(code: &str, words: &Bilingual) -> Bilingual {
    Bilingual::new(
        format!("前一步没有办成（{code}）：{}", words.zh),
        format!("the act before was refused ({code}): {}", words.en),
    )
}

/// A refusal that a story may expect; any other error is a fault.
fn refusal(error: &OfficeError) -> Result<(String, Bilingual), Bilingual> {
    let code = match error {
        OfficeError::Refused(refusal) => refusal.code(),
        OfficeError::NotPossible(reason) => reason.code(),
        other => {
            return Err(Bilingual::new(
                format!("办理系统出错：{other}"),
                format!("the office failed: {other}"),
            ));
        }
    };
    let words = |lang| error.message(lang).unwrap_or_default();
    Ok((code.to_owned(), Bilingual::new(words(Lang::Zh), words(Lang::En))))
}
