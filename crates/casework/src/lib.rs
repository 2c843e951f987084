//! Commands to events, events to state, and the due dates of a case.
