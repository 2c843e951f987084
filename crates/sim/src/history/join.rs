//! Runs several futures concurrently on one thread, so that their commits can share a write.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// Runs all futures; the results are in the order of the input.
pub(crate) async fn all<F: Future>(plays: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Option<Pin<Box<F>>>> = plays.into_iter().map(|play| Some(Box::pin(play))).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(move |context| {
        for (slot, result) in running.iter_mut().zip(&mut done) {
            if let Some(play) = slot
                && let Poll::Ready(output) = play.as_mut().poll(context)
            {
                *result = Some(output);
                *slot = None;
            }
        }
        if running.iter().all(Option::is_none) {
            Poll::Ready(done.iter_mut().filter_map(Option::take).collect())
        } else {
            Poll::Pending
        }
    })
    .await
}
