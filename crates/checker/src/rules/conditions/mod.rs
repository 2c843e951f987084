//! Y5: what conditions come to.

rules! {
    item { always_true, never_true }
    thing { nothing_applies, routes_overlap, idle_question, member_never_applies }
}
