//! Where a request comes from, for as long as it is answered: so that no use case can be reached by a way on which nobody is
//! counted.

use std::future::Future;

tokio::task_local! {
    static FROM: String;
}

/// Does `work` for whoever comes from this address, as [`crate::Visit::origin`] writes it.
pub async fn coming_from<T>(address: String, work: impl Future<Output = T>) -> T {
    FROM.scope(address, work).await
}

/// Nothing while the office works by itself, and where an address is not known.
pub(crate) fn origin() -> Option<String> {
    FROM.try_with(Clone::clone).ok().filter(|address| !address.is_empty())
}
