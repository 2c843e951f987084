//! Y4: visits that applicants have to make.

rules! {
    item { zero_visits_contradicted, more_visits_than_needed, place_of_no_visit, fewer_visits_than_needed, visit_without_reason, online_only_but_present }
}

use catalogue::Channel;
use expression::analysis;

use crate::view::ItemView;

/// The most journeys that one applicant can be made to take: steps in person, whose conditions can hold together, and the
/// counter where nothing can be sent in.
fn needed(item: &ItemView<'_>) -> u8 {
    let steps: Vec<_> = item.item.steps.values().filter(|step| step.present && !step.remote).collect();
    let remote = |channel: &Channel| matches!(channel, Channel::Online | Channel::Post);
    let counter = !item.item.channels.iter().any(remote)
        && !steps.iter().any(|step| step.kind == catalogue::StepKind::Accept && step.when.is_none());
    let always = steps.iter().filter(|step| step.when.is_none()).count();
    let sometimes: Vec<_> = steps.iter().filter_map(|step| step.when.as_ref()).take(12).collect();
    let mut most = 0;
    for set in 0u32..1 << sometimes.len() {
        let chosen: Vec<_> =
            (0..sometimes.len()).filter(|bit| set >> bit & 1 == 1).map(|bit| sometimes[bit]).collect();
        if chosen.len() > most && compatible(&chosen, item) {
            most = chosen.len();
        }
    }
    u8::try_from(always + most + usize::from(counter)).unwrap_or(u8::MAX)
}

fn compatible(chosen: &[&catalogue::Condition], item: &ItemView<'_>) -> bool {
    chosen.iter().enumerate().all(|(index, second)| {
        chosen[..index]
            .iter()
            .all(|first| analysis::overlap(&[first, second], item.pack.names) != analysis::Finding::Absent)
    })
}

/// The first step that asks for presence.
fn in_person<'v>(item: &ItemView<'v>) -> Option<&'v catalogue::Step> {
    item.item.steps.values().find(|step| step.present && !step.remote)
}
