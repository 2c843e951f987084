//! The conformance suite that every adapter must pass.
//!
//! An adapter implements [`Ground`] in its tests and calls [`run_all`]. A case panics with a reason when a
//! guarantee of [`Store`] is broken.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a suite panics when a promise is broken")]

mod beside;
mod commands;
mod journal;
mod keeping;
mod load;
mod moving;
mod proof;
mod random;
mod rebuilding;
mod views;

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

pub use self::load::{LoadReport, StepLoad, cpu_time, run_steps};
use crate::{Batch, BoxFuture, Expected, NewEvent, Store, StreamId, Version};

/// Supplies the stores under test.
pub trait Ground: Sync {
    /// An empty store.
    fn fresh(&self) -> BoxFuture<'_, Arc<dyn Store>>;

    /// The same store closed and opened again; a store in memory is returned as it is.
    fn reopen(&self, store: Arc<dyn Store>) -> BoxFuture<'_, Arc<dyn Store>>;
}

type Case = for<'a> fn(&'a dyn Ground) -> BoxFuture<'a, ()>;

macro_rules! cases {
    ($($module:ident :: { $($case:ident),* $(,)? })*) => {
        &[$($((stringify!($case), |ground| Box::pin($module::$case(ground)))),*),*]
    };
}

/// All cases by name.
pub const CASES: &[(&str, Case)] = cases! {
    journal::{
        what_was_appended_is_read_back,
        an_unexpected_version_is_refused_and_told,
        a_batch_over_several_streams_is_atomic,
        one_batch_may_append_twice_to_a_stream,
        an_empty_append_checks_the_version,
        every_part_of_a_long_stream_can_be_read,
        the_whole_journal_is_read_in_order,
        subscribers_are_told_how_far,
        writers_of_one_stream_take_turns,
        writers_of_many_streams_lose_nothing,
        readers_never_see_half_a_batch,
        everything_is_there_after_opening_again,
        names_and_texts_may_be_of_any_script,
    }
    commands::{
        a_repeated_command_has_no_effect_and_the_first_reply,
        a_refused_command_may_be_given_again,
        one_command_given_at_once_by_many_takes_effect_once,
        a_forgotten_command_is_new,
        a_cancelled_caller_finds_out_by_repeating,
    }
    views::{
        rows_are_put_changed_and_removed,
        a_refused_batch_leaves_rows_alone,
        rows_that_do_not_fit_are_refused,
        filters_find_what_they_say,
        text_is_found_in_chinese_and_latin,
        pages_follow_one_another_without_gap_or_overlap,
        a_cursor_fits_only_its_query,
        figures_are_counted_by_group,
        amounts_are_added,
        changed_declarations_start_empty_and_stale,
        questions_with_unknown_names_are_refused,
    }
    keeping::{
        erased_personal_data_is_gone_and_chains_hold,
        a_subject_is_erased_whole,
        files_are_stored_by_content,
        files_over_the_limit_leave_nothing,
        unowned_files_are_swept,
        editions_are_kept_once,
        values_expire,
        a_key_is_claimed_once,
        numbers_are_never_given_twice,
        jobs_are_leased_retried_and_done,
        a_lost_lease_cannot_finish_a_job,
        everything_of_a_batch_is_committed_together,
    }
    proof::{
        checkpoints_follow_one_another,
        an_untouched_store_passes_the_audit,
        checkpoints_taken_while_others_write_are_true,
        a_false_signature_is_found,
        a_checkpoint_that_skips_a_number_is_refused,
    }
    beside::{
        rows_that_changed_places_are_found,
        rows_and_editions_that_are_gone_are_found,
        an_erasure_that_nothing_says_is_found,
        rows_from_before_are_taken_over_once,
        an_audit_beside_commits_finds_nothing,
    }
    rebuilding::{
        rebuilt_rows_equal_the_living_ones,
        a_rebuild_mends_rows,
        a_rebuild_is_taken_up_where_it_was_left,
        commits_during_a_rebuild_are_not_lost,
        an_abandoned_rebuild_changes_nothing,
    }
    moving::{
        everything_moves_to_another_store_and_back_as_it_was,
        a_move_is_taken_up_and_never_mixes_two_stores,
    }
    random::{
        random_batches_do_what_the_model_does,
        random_questions_get_the_models_answers,
    }
};

/// Runs all cases, each on a fresh store.
///
/// # Panics
/// When a guarantee is broken; the name of the case is printed before it runs.
pub async fn run_all(ground: &dyn Ground) {
    for (name, case) in CASES {
        println!("{}", name.replace('_', " "));
        case(ground).await;
    }
}

/// The instant so many seconds after a fixed start.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("the tests stay near their time")
}

pub(crate) fn stream(name: impl std::fmt::Display) -> StreamId {
    StreamId::of("case", name).expect("test names are short")
}

/// An id that is the same in every run.
pub(crate) fn id(number: u64) -> Uuid {
    let millis = 1_700_000_000_000 + number;
    uuid::Builder::from_unix_timestamp_millis(millis, &[(number % 251) as u8; 10]).into_uuid()
}

pub(crate) fn event(number: u64) -> NewEvent {
    NewEvent {
        id: id(number),
        at: at(i64::try_from(number).unwrap_or(0)),
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "account/7".into(),
        body: format!("{{\"note\":{number}}}").into_bytes(),
    }
}

pub(crate) fn events(numbers: std::ops::Range<u64>) -> Vec<NewEvent> {
    numbers.map(event).collect()
}

/// A batch with events for one stream.
pub(crate) fn append(name: &str, expected: Expected, events: Vec<NewEvent>) -> Batch {
    Batch::new(at(0)).append(stream(name), expected, events)
}

pub(crate) async fn version_of(store: &dyn Store, stream: &StreamId) -> Version {
    store.stream_head(stream).await.expect("heads can be read").map_or(Version::NONE, |head| head.version)
}

/// A small seeded random generator (splitmix64), the same on every platform.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(crate) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.below(choices.len() as u64)).unwrap_or(0)]
    }
}
