//! Stories: the `story` block of Markdown files under `examples/`.

use catalogue::{EditionParts, Story};

use crate::PackFiles;
use crate::resolve::Soundness;
use crate::resolve::validate::Reading;

pub fn read(
    _files: &PackFiles,
    _parts: &EditionParts,
    _soundness: &Soundness,
    _reading: &mut Reading,
) -> Vec<Story> {
    Vec::new()
}
