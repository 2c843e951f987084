//! The stories of a pack, played before it is published. Who plays them stands above the office and is given to it.

use std::fmt;
use std::sync::Arc;

use catalogue::{Edition, Story};
use checker::Compiled;
use diagnostic::{Bilingual, Lang};

use crate::error::Result;
use crate::office::Office;

/// A line at which the zone differs from the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub file: String,
    pub line: u32,
    pub message: Bilingual,
}

impl Mismatch {
    /// `file:line: message`
    pub fn text(&self, lang: Lang) -> String {
        format!("{}:{}: {}", self.file, self.line, self.message.get(lang))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

/// What came of the stories of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsed {
    /// None where nobody plays them, and while the pack has errors.
    pub played: usize,
    /// The first line of each story that goes otherwise than it is written.
    pub differ: Vec<Mismatch>,
}

/// Plays stories, each on a zone of its own, and tells those that differ. It may take seconds.
pub(crate) type Player = Arc<dyn Fn(&Edition, &[Story]) -> Vec<Mismatch> + Send + Sync>;

impl Office {
    /// Has the stories of packs played from now on. The first player stays.
    pub fn rehearse_by(&self, player: impl Fn(&Edition, &[Story]) -> Vec<Mismatch> + Send + Sync + 'static) {
        let _ = self.inner.player.set(Arc::new(player));
    }

    pub(crate) async fn rehearse(&self, compiled: &Compiled) -> Result<Rehearsed> {
        let (Some(player), Some(edition)) = (self.inner.player.get(), &compiled.edition) else {
            return Ok(Rehearsed::default());
        };
        let (player, edition, stories) = (player.clone(), edition.clone(), compiled.stories.clone());
        let played = stories.len();
        let differ = self.heavy(move || Ok(player(&edition, &stories))).await?;
        Ok(Rehearsed { played, differ })
    }
}
