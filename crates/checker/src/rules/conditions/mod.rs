//! Y5: what conditions come to.

rules! {
    item { always_true, never_true, beyond_its_own_condition }
    thing { nothing_applies, routes_overlap, idle_question, member_never_applies, question_before_its_ground, question_never_arises }
}
