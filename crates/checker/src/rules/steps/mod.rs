//! Y1: the graph of steps.

rules! {
    item {
        step_cycle, unreachable_step, no_decision, result_not_issued, no_accept_step,
        second_accept_step, accept_not_first, decision_does_not_wait, issue_before_decision, returns_to_stranger, silence_of_nobody, paid_twice, ends_before_its_time,
        deliver_before_issue, condition_field_not_asked, issue_without_result, fee_never_paid, lone_inspector,
        promise_skips_decision, officers_outnumber_holders, one_person_reviews_and_decides, delivered_though_not_issued,
        two_decisions_at_once, paid_after_issue, fee_without_its_step, asked_twice_in_one_item, promise_replaces_nothing,
        remote_without_present, paid_on_ones_word, code_that_cannot_be,
        told_by_nobody, decided_elsewhere, step_without_its_fee, assigns_what_is_answered, result_issued_twice, returns_before_decision, replaced_of_nobody,
    }
    thing { member_order, joint_inspection_mismatch, joint_inspection_of_one, confirms_what_waits, number_before_it_is_assigned, member_twice }
    pack { role_without_holders, decision_without_remedies }
}
