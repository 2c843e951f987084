//! Why an act is not done: a closed list with stable codes, words that say what to do next, and the statute where the
//! kind comes from one.

use catalogue::{ItemId, ItemResult, MaterialId, ResultId, RoleId, StepOf, ThingId};
use jiff::civil::Date;

engine::refusals! {
    NoCase "no-case" => "没有这个办件，请核对办件编号。", "There is no such case; check its number.";
    CaseExists "case-exists" => "这份申请已经提交过，请用已有的办件编号查询。", "This application is already in; use the number it has.";
    WrongEdition "wrong-edition" => "办件所依据的事项版本与当前不一致，请刷新后重试。", "The case runs under another edition; reload and try again.";
    UnknownThing { thing: ThingId } "unknown-thing" => "没有“{thing}”这件事，请重新选择要办的事。", "There is no “{thing}”; choose again what you want done.";
    NothingApplies "nothing-applies" => "按您的回答，这件事目前不需要办理任何事项，请核对情形问题的回答。", "By your answers nothing has to be applied for; check your answers about your situation.";
    RouteConflict { items: Vec<ItemId> } "route-conflict" => "{items}只能选一种办理，请核对情形问题的回答。", "Only one of {items} can be applied for; check your answers about your situation.";
    PartyNotAllowed { item: ItemId } "party-not-allowed" => "“{item}”不受理这类申请人，请改用符合条件的主体申请。", "“{item}” is not open to this kind of applicant; apply as one that it is open to.";
    ThingNotForParty { thing: ThingId } "thing-not-for-party" => "“{thing}”不面向这类申请人，请改用符合条件的主体申请。", "“{thing}” is not for this kind of applicant; apply as one that it is for.";
    FutureReceipt "future-receipt" => "收到时间不能晚于现在，请更正收件时间。", "The time of receipt cannot lie in the future; correct it.";
    ModeNotOffered { item: ItemId } "mode-not-offered" => "“{item}”不实行告知承诺，请按一般程序提交材料。", "“{item}” does not offer the promise procedure; hand the materials in as usual.";
    NotTolerable { material: MaterialId } "not-tolerable" => "“{material}”是主要材料，不能容缺，请补齐后提交。", "“{material}” is a main material and cannot follow later; add it now.";

    NoSuchMatter { item: ItemId } "no-such-matter" => "这个办件里没有“{item}”，请核对事项。", "The case does not contain “{item}”; check the item.";
    NothingFits "nothing-fits" => "没有事项处在可以这样办理的阶段，请刷新页面看最新进度。", "No item is at a stage where this can be done; reload to see where the case stands.";
    MatterIsOver { item: ItemId } "matter-is-over" => "“{item}”已经办结，不能再这样办理。", "“{item}” is over; this can no longer be done.";
    WrongState { item: ItemId } "wrong-state" => "“{item}”现在不在这个阶段，请刷新页面看最新进度。", "“{item}” is not at this stage now; reload to see where it stands.";
    NotAllowed "not-allowed" => "您不能办理这一步，请转给有权限的人。", "You may not do this; pass it to somebody who may.";
    RoleNeeded { role: RoleId } "role-needed" => "这一步由“{role}”办理，请转给该岗位。", "This step belongs to “{role}”; pass it on to them.";
    NoMachineRefusal "no-machine-refusal" "个人信息保护法 第二十四条" => "不得仅由系统自动作出不利决定，请由工作人员审查决定。", "A machine alone may not decide against a person; an officer has to look at it.";

    MaterialsMissing { item: ItemId, materials: Vec<MaterialId> } "materials-missing" "行政许可法 第三十二条" => "“{item}”还缺：{materials}。请一次性告知补正，或收齐后受理。", "“{item}” still lacks {materials}. Ask for everything at once, or accept when it is in.";
    OthersRestOnIt { item: ItemId } "others-rest-on-it" => "别的事项要用“{item}”赋的号，不能按不需要办理了结。申请人确实不用办的，请其撤回；不归本机关管的，按不属于本机关职权告知。", "Other items need the number that comes with “{item}”, so it cannot end as not required. Where the applicant does not need it, let them withdraw; where it is another organ's, say so.";
    PresenceNeeded { item: ItemId } "presence-needed" => "“{item}”要申请人到场才能受理。人到了，先核对身份、登记到场，再受理。", "“{item}” is accepted only when those who apply are there. Once they are, look at their identity documents, record that they came, then accept.";
    UnknownMaterial { material: MaterialId } "unknown-material" => "这个办件不需要“{material}”，不得要求提交；请从清单中选择。", "The case does not call for “{material}”, so it may not be asked; choose from the list.";
    UnknownField "unknown-field" => "清单之外的内容不得要求补正，请从本事项的填报内容中选择。", "Only what the item asks for can be corrected; choose from its fields.";
    CorrectionEmpty { item: ItemId } "correction-empty" "行政许可法 第三十二条" => "没有选出“{item}”要补正的材料或填报内容，申请人不知道要改什么。请至少选一项，再写明要求；什么都不缺的，请受理。", "No paper and no answer of “{item}” is named, so that the applicant cannot know what to mend. Choose at least one and say what is wanted; if nothing is missing, accept it.";
    CorrectionRepeated { item: ItemId } "correction-repeated" "行政许可法 第三十二条" => "“{item}”已经告知过补正，应当一次告知全部内容，不得再次要求补正。材料齐全、符合形式的请受理；不符合条件的，受理后依法决定。只有申请人改了回答才新增的材料可以再告知，并要写明理由。", "A correction of “{item}” was asked for before, and everything has to be told once. Accept it where all is there, and decide on it by law. Only papers that the applicant’s own changed answers call for can still be asked for, with the reason.";
    CorrectionIncomplete { item: ItemId, materials: Vec<MaterialId> } "correction-incomplete" => "“{item}”还缺：{materials}。请一并补齐后提交。", "“{item}” still lacks {materials}. Add them and hand everything in together.";
    RestatementNeeded { item: ItemId } "restatement-needed" => "“{item}”有填报内容需要更正，请修改后一并提交。", "“{item}” needs corrected answers; mend them and hand everything in together.";
    TooLate { item: ItemId } "too-late" => "“{item}”的期限已过，不能再这样办理。", "The time limit of “{item}” has passed; this can no longer be done.";

    NoSuchStep { step: StepOf } "no-such-step" => "没有“{step}”这个环节，或本办件不需要它。", "There is no step “{step}”, or this case does not need it.";
    StepNotOpen { step: StepOf } "step-not-open" => "“{step}”还没有轮到或已经办完，请刷新页面看最新进度。", "“{step}” is not open: its turn has not come, or it is done. Reload to see where the case stands.";
    StepHasOwnAct { step: StepOf } "step-has-own-act" => "“{step}”要用受理、决定、制证或送达来办理。", "“{step}” is done by accepting, deciding, issuing or delivering.";
    OfficersNeeded { step: StepOf, needed: u8, named: usize } "officers-needed" "行政许可法 第三十四条" => "“{step}”应当由至少 {needed} 名不同的工作人员办理并记录，现有 {named} 名。请补充姓名。", "“{step}” needs at least {needed} different officers in the record; there are {named}. Name the others.";
    ClaimedByOther { step: StepOf } "claimed-by-other" => "“{step}”已由他人认领，请先由其退回。", "Somebody else has taken “{step}”; they have to give it back first.";
    NotClaimed { step: StepOf } "not-claimed" => "“{step}”没有人认领。", "Nobody has taken “{step}”.";
    OfficerOfOther { step: StepOf } "officer-of-other" => "“{step}”只能记录本部门办理这一步的工作人员，请改选。", "Only officers of the department whose step it is can stand in the record of “{step}”; choose others.";
    FindingUnexplained { step: StepOf } "finding-unexplained" => "“{step}”有不通过或者不符合的，请写明是什么问题、怎么处理；要判通过的，每一项不符合都要写理由。", "Something in “{step}” did not pass; write what it is and what is to be done about it. To pass it all the same, give a reason for each point.";
    AgainstReview { item: ItemId, steps: Vec<StepOf> } "against-review" => "“{item}”的这些环节没有通过：{steps}。仍然准予的，请写明理由。", "These steps of “{item}” did not pass: {steps}. To grant all the same, write why.";
    ProofNeeded "proof-needed" => "这是申请人自己的事。代为办理的，请写明原因，并选明怎样确认是本人的意思。", "This is for the applicant to do. To do it for them, write why, and say how you know that they want it.";
    UndoTooLate "undo-too-late" => "只能在一天之内收回一次，现在不能收回了。有不同意见的，请提出异议。", "It can be taken back once and within a day, so no longer. If you disagree, raise an objection.";
    UndoOvertaken "undo-overtaken" => "后面的环节已经接着办了，不能直接收回。有不同意见的，请提出异议。", "Later steps have gone on from it, so it cannot simply be taken back. If you disagree, raise an objection.";
    NotPaid { step: StepOf } "not-paid" => "“{step}”还没有缴，没有什么要记的；缴了以后再记。", "Nothing was paid for “{step}”, so there is nothing to record; record it once it is.";
    NotJoint { step: StepOf } "not-joint" => "“{step}”不属于联合核查，请单独记录。", "“{step}” is not part of a joint inspection; record it by itself.";

    NotPausable { item: ItemId } "not-pausable" "行政许可法 第四十五条" => "“{item}”没有进行中的这类特别程序，时限不能暂停。", "“{item}” has no such proceeding under way, so its time cannot stop.";
    NoticeNeeded "notice-needed" "行政许可法 第四十五条" => "暂停计时要把所需时间书面告知申请人，请先生成告知书。", "The applicant has to be told in writing how long it takes; make out the notice first.";
    AlreadyPaused "already-paused" => "同一原因的暂停正在进行，无需再次暂停。", "The clock already stands still for this reason.";
    NotPaused "not-paused" => "没有这个原因的暂停，无需恢复。", "The clock does not stand still for this reason.";
    NoExtension { item: ItemId } "no-extension" => "“{item}”没有规定可以延期。", "“{item}” cannot be extended.";
    ExtensionUsed { item: ItemId } "extension-used" "行政许可法 第四十二条" => "“{item}”已经申请过延期，只能延期一次。", "“{item}” has had its extension; there is only one.";
    OwnRequest "own-request" "行政许可法 第四十二条" => "延期要由负责人批准，申请和批准不能是同一个人。请由另一位批准，或者不批，再由承办人申请。", "An extension is approved by a head, who cannot be the one who asked. Let another approve it, or deny it and let whoever handles the case ask.";
    ExtensionNotAsked { item: ItemId } "extension-not-asked" => "“{item}”没有待批的延期申请。", "No extension of “{item}” waits for approval.";

    StepsUndone { item: ItemId, steps: Vec<StepOf> } "steps-undone" => "“{item}”还有环节没有办完：{steps}。办完后再决定。", "Steps of “{item}” are not done yet: {steps}. Decide after them.";
    ResultAwaited { step: StepOf, item: ItemId, result: ItemResult } "result-awaited" => "“{item}”还没有出具“{result}”，“{step}”现在不能记为通过；等它出具以后再办，或者写明理由记为不通过。", "“{item}” has not issued “{result}” yet, so “{step}” cannot pass; wait for it, or record with reasons that it does not pass.";
    ReasonNeeded { item: ItemId } "reason-needed" "行政许可法 第三十八条" => "不予许可应当书面说明理由，请填写“{item}”的理由。", "A refusal needs its reasons in writing; give them for “{item}”.";
    GapOpen { item: ItemId, materials: Vec<MaterialId> } "gap-open" => "“{item}”容缺的材料还没有补齐：{materials}。补齐后才能制证。", "“{item}” still waits for {materials}; nothing is issued before they come.";
    RestsOnEnded { item: ItemId, other: ItemId } "rests-on-ended" => "“{item}”所依据的“{other}”的结果已经失效，不能再准予、收费或者制证。请依法不予许可并说明理由；申请人不办了的，可以撤回。", "What “{item}” rests on, the result of “{other}”, is no longer in force, so nothing is granted, paid for or issued. Refuse it with the reason; or the applicant withdraws.";
    NotGranted { item: ItemId } "not-granted" => "“{item}”还没有准予的决定。", "“{item}” has not been granted.";
    WrongResult { result: ResultId } "wrong-result" => "本办件不出具“{result}”，请核对结果名称。", "This case does not issue “{result}”; check the name of the result.";
    NotAGap { material: MaterialId } "not-a-gap" => "“{material}”不是容缺材料，无需补交。", "“{material}” is not awaited.";
    NoPromise { item: ItemId } "no-promise" => "“{item}”没有待核查的承诺。", "“{item}” has no promise to be checked.";
    AlterUndelivered { item: ItemId } "alter-undelivered" => "“{item}”的结果还没有送达，不能记为变更。内容有误的，撤销后重新办理。", "The result of “{item}” was not handed out yet, so it cannot be marked as altered. If it is wrong, annul it and begin anew.";
    NoResult { item: ItemId } "no-result" => "“{item}”没有有效的结果可以变更。", "“{item}” has no result in force that could change.";

    AlreadyRated "already-rated" => "这个办件已经评价过，一件事只评一次。", "This case has been rated; each is rated once.";
    AgentCannotRate "agent-cannot-rate" => "评价由申请人本人作出，代办人不能替评。请把办件编号告诉申请人，由本人来评价。", "The rating is the applicant’s own; an agent cannot give it. Tell the applicant the number of the case, so that they can rate it.";
    NotYetRatable "not-yet-ratable" => "还没有事项办结，办结后即可评价。", "Nothing is finished yet; you can rate it afterwards.";
    BadLevel { level: u8 } "bad-level" => "评价只有一到五级，没有 {level} 级。", "There are levels one to five, and no {level}.";
    NoSuchObjection { objection: u32 } "no-such-objection" => "没有第 {objection} 号待答复的异议。", "There is no unanswered objection number {objection}.";
    WithdrawTogether { item: ItemId } "withdraw-together" => "“{item}”是各方到场共同申请的，撤回也要各方一起到窗口提出。请一起带身份证件到大厅办理。", "Those concerned applied for “{item}” together, in person, and can only withdraw it together at the window. Come to the hall with your identity documents.";
    AdverseFound { item: ItemId } "adverse-found" => "按改后的回答不再需要“{item}”，可它已经有不通过的结论。先由那个部门作出决定，或者由申请人撤回那一项，再改回答。", "With these answers “{item}” would no longer be needed, but a step of it did not pass. That department decides first, or the applicant withdraws it; then change the answers.";
    ProceedingOpen { item: ItemId } "proceeding-open" "行政许可法 第四十五条" => "“{item}”的听证、专家评审等程序还在进行，要先结束（恢复计时）再作决定。", "A hearing or review of “{item}” is still under way. End it first, which resumes the clock, then decide.";
    OwnWork "own-work" => "异议要由没有经手这个事项、也没有代录这条异议的人来答复。请转给本部门的其他人或者负责人。", "An objection is answered by somebody who had no hand in the item and did not enter it. Pass it to a colleague or the head.";
    NotAVisit { step: StepOf } "not-a-visit" => "“{step}”不是到场核查的环节，不用约时间。", "Nobody comes for “{step}”, so there is no time to set.";
    VisitOver { step: StepOf } "visit-over" => "“{step}”的时间要定在现在以后，请改一个日期和时间。", "“{step}” cannot be set to a time that has passed; choose a later one.";
    StillRunning { step: StepOf, from: Date } "still-running" => "“{step}”规定的天数还没有满，{from} 起才能记为办完。", "“{step}” has to run for the time that is set; it can be recorded as done from {from} on.";
    VisitAhead { step: StepOf } "visit-ahead" => "“{step}”约定的时间还没有到，不能先记结果。提前去看的，请先把时间改了，再记结果。", "The time set for “{step}” has not come yet, so there is no result to record. If the visit takes place earlier, change its time first.";
    NothingOverdue { item: ItemId } "nothing-overdue" => "“{item}”没有超过时限的环节，无需公开说明。", "“{item}” has overrun no limit; there is nothing to explain.";
    SameEdition "same-edition" => "办件已经使用这个版本。", "The case already runs under this edition.";
    NothingChanges "nothing-changes" => "内容没有变化。", "Nothing would change.";
}

#[cfg(test)]
mod tests {
    use diagnostic::Lang;

    use super::*;

    #[test]
    fn codes_differ_and_the_words_name_what_they_are_about() {
        let mut codes = Refusal::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::CODES.len());
        let refusal = Refusal::OfficersNeeded {
            step: StepOf::new(&"甲事项".into(), &"核查".into()),
            needed: 2,
            named: 1,
        };
        assert_eq!((refusal.code(), refusal.statute()), ("officers-needed", Some("行政许可法 第三十四条")));
        for lang in [Lang::Zh, Lang::En] {
            let message = refusal.message(lang);
            assert!(["核查", "2", "1"].iter().all(|part| message.contains(part)), "{message}");
        }
        let materials = vec![MaterialId::from("申请书"), MaterialId::from("平面图")];
        let refusal = Refusal::MaterialsMissing { item: ItemId::from("甲事项"), materials };
        assert!(refusal.message(Lang::Zh).contains("申请书、平面图"));
        assert!(refusal.message(Lang::En).contains("申请书, 平面图"));
    }
}
