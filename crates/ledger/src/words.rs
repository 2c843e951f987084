//! Names of event kinds and codes.

use catalogue::{Channel, Edition, PartyKind};
use diagnostic::Lang;
use office::{Outcome, RecordedEvent, Side};

/// Chinese and English.
type Pair = (&'static str, &'static str);

const fn pick(pair: Pair, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => pair.0,
        Lang::En => pair.1,
    }
}

/// The activity: the step's title in the edition of the case, or the name of the event's kind.
pub fn activity(event: &RecordedEvent, lang: Lang) -> String {
    let title = event.item.as_ref().zip(event.step.as_ref()).and_then(|(item, step)| {
        let step = event.edition.item(item)?.steps.get(step)?;
        Some(step.title.get(lang).to_owned())
    });
    // A step that the edition no longer has is named by its id.
    title
        .or(event.step.as_ref().map(ToString::to_string))
        .unwrap_or_else(|| kind(&event.kind, lang).to_owned())
}

pub fn item(edition: &Edition, item: &catalogue::ItemId, lang: Lang) -> String {
    edition.item(item).map_or_else(|| item.to_string(), |found| found.title.get(lang).to_owned())
}

pub fn thing(edition: &Edition, thing: &catalogue::ThingId, lang: Lang) -> String {
    edition.thing(thing).map_or_else(|| thing.to_string(), |found| found.title.get(lang).to_owned())
}

pub fn department(edition: &Edition, id: &catalogue::DepartmentId, lang: Lang) -> String {
    edition.department(id).map_or_else(|| id.to_string(), |found| found.name.get(lang).to_owned())
}

pub fn field(edition: &Edition, id: &catalogue::FieldId, lang: Lang) -> String {
    edition.field(id).map_or_else(|| id.to_string(), |found| found.fact().get(lang).to_owned())
}

pub fn material(edition: &Edition, id: &catalogue::MaterialId, lang: Lang) -> String {
    edition.material(id).map_or_else(|| id.to_string(), |found| found.title.get(lang).to_owned())
}

pub fn role(edition: &Edition, id: &catalogue::RoleId, lang: Lang) -> String {
    edition.role(id).map_or_else(|| id.to_string(), |found| found.name.get(lang).to_owned())
}

pub fn hall(edition: &Edition, id: &catalogue::HallId, lang: Lang) -> String {
    let hall = edition.parts().halls.get(id);
    hall.map_or_else(|| id.to_string(), |found| found.name.get(lang).to_owned())
}

pub fn window(edition: &Edition, id: &catalogue::WindowId, lang: Lang) -> String {
    let window = edition.parts().windows.get(id);
    window.map_or_else(|| id.to_string(), |found| found.name.get(lang).to_owned())
}

/// The name of a hall event's kind; an unknown kind keeps its code.
pub fn hall_kind(kind: &str, lang: Lang) -> &str {
    let pair = match kind {
        "day-opened" => ("大厅开门", "Hall opened"),
        "ticket-taken" => ("取号", "Number taken"),
        "ticket-came" => ("到场确认", "Said to be there"),
        "window-opened" => ("窗口开放", "Window opened"),
        "window-paused" => ("窗口暂停", "Window paused"),
        "window-resumed" => ("窗口恢复", "Window resumed"),
        "window-closed" => ("窗口关闭", "Window closed"),
        "called" => ("叫号", "Number called"),
        "recalled" => ("重叫", "Number called again"),
        "skipped" => ("过号", "Number passed over"),
        "ticket-lost" => ("过号作废", "Number lost"),
        "started" => ("开始服务", "Service begun"),
        "served" => ("服务完毕", "Served"),
        "transferred" => ("转窗口", "Passed on"),
        "ticket-left" => ("放弃等候", "Left"),
        "ticket-split" => ("拆号", "Number split"),
        "tickets-merged" => ("并号", "Numbers merged"),
        "ticket-restored" => ("恢复原号", "Number restored"),
        "ticket-rated" => ("评价到厅办事", "Visit rated"),
        "lane-given" => ("调整优先", "Lane given"),
        "doors-closed" => ("停止取号", "Doors closed"),
        "ticket-carried-over" => ("结转次日", "Carried over"),
        "day-ended" => ("大厅关门", "Hall's day ended"),
        "appointment-booked" => ("预约", "Appointment booked"),
        "appointment-moved" => ("改约", "Appointment moved"),
        "appointment-cancelled" => ("取消预约", "Appointment cancelled"),
        "appointment-reminded" => ("预约提醒", "Appointment reminded"),
        "appointment-checked-in" => ("预约报到", "Checked in"),
        other => return other,
    };
    pick(pair, lang)
}

/// The name of an event's kind; an unknown kind keeps its code.
pub fn kind(kind: &str, lang: Lang) -> &str {
    kind_pair(kind).map_or(kind, |pair| pick(pair, lang))
}

fn kind_pair(kind: &str) -> Option<Pair> {
    Some(match kind {
        "case-opened" => ("提交申请", "Application handed in"),
        "matter-opened" => ("事项立件", "Matter opened"),
        "matter-released" => ("前置结果齐备", "Prerequisites there"),
        "answers-restated" => ("更正填报内容", "Answers restated"),
        "matter-replanned" => ("调整办理环节", "Matter replanned"),
        "matter-dropped" => ("事项终止", "Matter dropped"),
        "edition-moved" => ("改按新版本办理", "Moved to a new edition"),
        "materials-added" => ("补充材料", "Materials added"),
        "accepted" => ("受理", "Accepted"),
        "deemed-accepted" => ("视为受理", "Deemed accepted"),
        "acceptance-refused" => ("不予受理", "Acceptance refused"),
        "parties-came" => ("申请人到场", "Those who apply came"),
        "presence-taken-back" => ("收回到场记录", "Record of presence taken back"),
        "corrected-on-the-spot" => ("当场更正", "Corrected on the spot"),
        "correction-asked" => ("告知补正", "Correction asked"),
        "repeated-correction" => ("再次告知补正", "Correction asked again"),
        "acted-for" => ("窗口代申请人办理", "Done for the applicant at the window"),
        "act-undone" => ("申请人收回窗口代办", "Taken back by the applicant"),
        "correction-supplied" => ("提交补正", "Correction supplied"),
        "matter-lapsed" => ("逾期失效", "Matter lapsed"),
        "task-claimed" => ("领取待办", "Task claimed"),
        "task-released" => ("退回待办", "Task released"),
        "step-done" => ("环节办结", "Step done"),
        "clock-paused" => ("时限暂停", "Clock paused"),
        "clock-resumed" => ("时限恢复", "Clock resumed"),
        "extension-requested" => ("申请延期", "Extension requested"),
        "extension-approved" => ("批准延期", "Extension approved"),
        "extension-denied" => ("不准延期", "Extension denied"),
        "granted" => ("准予", "Granted"),
        "refused" => ("不予批准", "Refused"),
        "result-issued" => ("出具结果", "Result issued"),
        "delivered" => ("送达", "Delivered"),
        "gap-closed" => ("容缺材料补齐", "Tolerated material brought"),
        "promise-verified" => ("承诺核查", "Promise verified"),
        "result-changed" => ("结果变动", "Result changed"),
        "result-replaced" => ("结果换发", "Result replaced"),
        "withdrawn" => ("撤回申请", "Withdrawn"),
        "objection-raised" => ("提出异议", "Objection raised"),
        "objection-answered" => ("答复异议", "Objection answered"),
        "rated" => ("评价", "Rated"),
        "message-sent" => ("留言", "Message sent"),
        "warned" => ("预警", "Warned"),
        "overdue" => ("超时", "Overdue"),
        "visit-set" => ("约定核查时间", "Time of a visit set"),
        "overdue-explained" => ("说明超时原因", "Overdue explained"),
        "office.form-measured" => ("计量减负", "Burden measured"),
        "office.filed-at-window" => ("窗口代填", "Filed at a window"),
        "office.ticket-linked" => ("关联叫号", "Ticket linked"),
        "office.agent-allowed" => ("授权代办", "Agent allowed"),
        "office.agent-dismissed" => ("解除代办", "Agent dismissed"),
        "office.filed-by-agent" => ("代办提交", "Filed by an agent"),
        "office.code-assigned" => ("赋予统一社会信用代码", "Code assigned"),
        "office.papers-seen" => ("窗口核对原件材料", "Original papers seen"),
        "office.officer-applies" => ("工作人员本人申请", "Applied for by an officer"),
        "office.days-moved" => ("期限随放假安排变动", "Days moved by the calendar"),
        "office.original-seen" => ("核对原件", "Original seen"),
        "office.document-signed" => ("签署文书", "Document signed"),
        _ => return None,
    })
}

/// The name of the state of a case or matter; an unknown state keeps its code.
pub fn state(code: &str, lang: Lang) -> &str {
    let pair = match code {
        "open" => ("办理中", "Open"),
        "closed" => ("已结束", "Closed"),
        "waiting" => ("等待前置结果", "Waiting"),
        "received" => ("待受理", "Received"),
        "correcting" => ("补正中", "Correcting"),
        "accepted" => ("已受理", "Accepted"),
        "granted" => ("已准予", "Granted"),
        "completed" => ("已办结", "Completed"),
        "refused" => ("不予批准", "Refused"),
        "not-accepted" => ("不予受理", "Not accepted"),
        "lapsed" => ("逾期失效", "Lapsed"),
        "withdrawn" => ("已撤回", "Withdrawn"),
        "dropped" => ("已终止", "Dropped"),
        other => return other,
    };
    pick(pair, lang)
}

pub const fn channel(channel: Channel, lang: Lang) -> &'static str {
    pick(
        match channel {
            Channel::Online => ("网上", "Online"),
            Channel::Window => ("窗口", "Window"),
            Channel::Post => ("邮寄", "Post"),
            Channel::Kiosk => ("自助终端", "Kiosk"),
        },
        lang,
    )
}

pub const fn party(party: PartyKind, lang: Lang) -> &'static str {
    pick(
        match party {
            PartyKind::Natural => ("自然人", "Natural person"),
            PartyKind::Legal => ("法人", "Legal person"),
        },
        lang,
    )
}

pub const fn outcome(outcome: Outcome, lang: Lang) -> &'static str {
    pick(
        match outcome {
            Outcome::Yes => ("通过", "Yes"),
            Outcome::No => ("不通过", "No"),
            Outcome::Granted => ("准予", "Granted"),
            Outcome::Refused => ("不予批准", "Refused"),
        },
        lang,
    )
}

pub const fn side(side: Side, lang: Lang) -> &'static str {
    pick(
        match side {
            Side::Applicant => ("申请人", "Applicant"),
            Side::Officer => ("工作人员", "Officer"),
            Side::System => ("系统", "System"),
        },
        lang,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_has_a_name_of_its_own_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let mut names = std::collections::BTreeSet::new();
            for (kind, _) in casework::Event::KINDS {
                let name = super::kind(kind, lang);
                assert_ne!(&name, kind, "{kind} has no name");
                assert!(names.insert(name), "two kinds are called {name}");
            }
            for (kind, _) in hall::Event::KINDS {
                let name = super::hall_kind(kind, lang);
                assert_ne!(&name, kind, "{kind} has no name");
                assert!(names.insert(name), "two kinds are called {name}");
            }
        }
    }
}
