//! All stories of a pack, for those who are about to use it.

use catalogue::{Edition, Story};
use office::{Mismatch, Office};

use crate::stories::play;

/// Plays each story, and tells of those that differ the first line.
pub async fn differing(edition: &Edition, stories: &[Story]) -> Vec<Mismatch> {
    let mut differ = Vec::new();
    for story in stories {
        differ.extend(play(edition, story).await.err());
    }
    differ
}

/// Has the office play the stories of every pack that is checked. Called on the runtime on which the office works.
pub fn rehearse_for(office: &Office) {
    let runtime = tokio::runtime::Handle::current();
    office.rehearse_by(move |edition, stories| runtime.block_on(differing(edition, stories)));
}
