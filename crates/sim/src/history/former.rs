//! The edition before: what a pain point found and a new edition mended.

use catalogue::{Edition, MaterialNeed};

/// The zone before somebody complained that a paper had to be there at once: the first paper that may follow later
/// could not. `None` where the zone tolerates nothing.
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
