//! Pipelining: statements sent one after another without waiting for answers in between.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

pub(crate) type Sent<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Polls each future for the first time in the order given, which is the order in which a client sends its
/// statements and the server runs them; then waits for all. `join_all` makes no promise about that order.
pub(crate) async fn in_order<T>(mut sent: Vec<Sent<'_, T>>) -> Vec<T> {
    let mut answers: Vec<Option<T>> = sent.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (ask, answer) in sent.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match ask.as_mut().poll(context) {
                    Poll::Ready(value) => *answer = Some(value),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn the_first_polls_are_in_order_and_so_are_the_answers() {
        let begun = Mutex::new(Vec::new());
        let ask = |number: u32| -> Sent<'_, u32> {
            let begun = &begun;
            Box::pin(async move {
                begun.lock().unwrap().push(number);
                for _ in 0..40 - number {
                    tokio::task::yield_now().await;
                }
                number
            })
        };
        let answers = in_order((0..40).map(ask).collect()).await;
        assert_eq!(answers, (0..40).collect::<Vec<_>>());
        assert_eq!(*begun.lock().unwrap(), answers);
    }
}
