//! Recounts the leaders' figures from the journal.

use std::collections::BTreeSet;

use office::{Month, Office, OfficeError, Period, Viewer};

use super::journal::Journal;

/// The figures of the whole period that differ from the journal.
pub async fn compare(
    office: &Office,
    journal: &Journal,
    leader: Option<&Viewer>,
) -> Result<Vec<String>, OfficeError> {
    let Some(leader) = leader else { return Ok(vec!["nobody leads the zone".into()]) };
    let this: Month = office.this_month();
    let period = Period::between(this.plus(-24), this.plus(24));
    let shown = office.figures(period, leader).await?.total;
    let matters = |kinds: &[&str]| {
        let told = journal.of("case").filter(|event| kinds.contains(&event.kind.as_str()));
        told.map(|event| (&event.id, &event.body.item)).collect::<BTreeSet<_>>().len() as u64
    };
    let events = |kind: &str| journal.of("case").filter(|event| event.kind == kind).count() as u64;
    // What was granted and refused once what it rested on was ended counts as refused.
    let both = matters(&["granted"]) + matters(&["refused"]) - matters(&["granted", "refused"]);
    let granted = matters(&["granted"]) - both;
    let counted = [
        ("cases", shown.cases + shown.reports, events("case-opened")),
        ("accepted", shown.accepted, matters(&["accepted", "deemed-accepted"])),
        ("deemed accepted", shown.deemed, matters(&["deemed-accepted"])),
        ("granted", shown.granted, granted),
        ("refused", shown.refused, matters(&["refused"])),
        ("decided", shown.decided, matters(&["granted", "refused"])),
        ("corrected", shown.corrected, matters(&["correction-asked"])),
        ("corrections", shown.corrections, events("correction-asked")),
        ("rated", shown.ratings.iter().sum(), events("rated")),
    ];
    let differ = counted.into_iter().filter(|(_, shown, told)| shown != told);
    Ok(differ.map(|(what, shown, told)| format!("{shown} {what} are shown and {told} were")).collect())
}
