//! The previous edition, before a reported pain point was corrected.

use catalogue::{Edition, MaterialNeed};

/// The edition in which the first paper that may now follow later was still required at once. `None` where
/// the zone tolerates no missing paper.
pub fn former_edition(edition: &Edition) -> Option<Edition> {
    let mut parts = edition.parts().clone();
    let mended = parts
        .items
        .values_mut()
        .filter(|item| item.modes.tolerance.is_some())
        .find_map(|item| item.materials.iter_mut().find(|used| used.need == MaterialNeed::Tolerable));
    mended?.need = MaterialNeed::Required;
    Edition::seal(parts).ok()
}
