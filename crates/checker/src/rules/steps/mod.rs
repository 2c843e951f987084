//! Y1: the graph of steps.

rules! {
    item {
        step_cycle, unreachable_step, no_decision, result_not_issued, no_accept_step,
        second_accept_step, accept_not_first, decision_does_not_wait, issue_before_decision, returns_to_stranger,
        deliver_before_issue, condition_field_not_asked, issue_without_result, fee_never_paid, lone_inspector,
        promise_skips_decision,
    }
    thing { member_order, joint_inspection_mismatch }
    pack { role_without_holders, decision_without_remedies }
}
