//! Stories: the `story` block of Markdown files under `examples/`.

use catalogue::Story;

use crate::PackFiles;
use crate::resolve::validate::Reading;
use crate::view::Pack;

pub fn read(_files: &PackFiles, _pack: &Pack<'_>, _reading: &mut Reading) -> Vec<Story> {
    Vec::new()
}
