//! `/live/HALL`: says that something has changed, as server-sent events. What has changed is read from the page itself, so that
//! pages with and without script show the same.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use catalogue::HallId;
use futures_util::stream::{self, Stream};
use store::Position;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::names::hall_of;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::Shell;

/// Browsers connect again by themselves; so no connection need live for ever.
const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// Many commits in a moment are one change to somebody who looks.
const CALM: Duration = Duration::from_millis(120);

struct Listener {
    app: App,
    hall: HallId,
    seen: Option<u64>,
    positions: watch::Receiver<Position>,
    stopping: Option<watch::Receiver<bool>>,
    until: Instant,
}

pub async fn changes(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let hall = hall_of(&shell, &hall)?.id.clone();
    let listener = Listener {
        positions: app.office.store().subscribe(),
        stopping: app.settings.stopping.clone(),
        until: Instant::now() + LIFETIME,
        seen: None,
        app,
        hall,
    };
    let changes = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

impl Listener {
    /// The next change; `None` when the connection should end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            self.positions.borrow_and_update();
            let office = &self.app.office;
            let version = office.hall_version(&self.hall, office.today()).await.ok()?;
            if self.seen != Some(version) {
                self.seen = Some(version);
                let again = Duration::from_secs(1);
                return Some(Event::default().event("changed").data(version.to_string()).retry(again));
            }
            tokio::select! {
                changed = self.positions.changed() => changed.ok()?,
                () = stopped(&mut self.stopping) => return None,
                () = sleep_until(self.until) => return None,
            }
            sleep(CALM).await;
        }
    }
}

/// Ends when the server is about to stop.
async fn stopped(stopping: &mut Option<watch::Receiver<bool>>) {
    match stopping {
        Some(stopping) => {
            let _ = stopping.wait_for(|stop| *stop).await;
        }
        None => std::future::pending().await,
    }
}
