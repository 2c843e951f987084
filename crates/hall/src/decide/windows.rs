//! Opening, pausing, resuming and closing windows.

use catalogue::WindowId;

use super::Floor;
use crate::{
    Doors, Event, Post, PostState, Refusal, WindowClosed, WindowOpened, WindowPaused, WindowResumed,
};

impl<'a> Floor<'a> {
    pub(super) fn open_window(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let post = self.post(window)?;
        if matches!(self.day.doors, Doors::Ended { .. }) {
            return Err(Refusal::DayEnded);
        }
        if let Some(elsewhere) = self.day.post_of(self.actor) {
            return if elsewhere.window == *window {
                Ok(Vec::new())
            } else {
                Err(Refusal::SitsElsewhere { window: elsewhere.window.clone() })
            };
        }
        match post.state {
            PostState::Shut => Ok(vec![WindowOpened { window: window.clone() }.into()]),
            PostState::Open { .. } | PostState::Paused { .. } => {
                Err(Refusal::WindowTaken { window: window.clone() })
            }
        }
    }

    /// A pause does not interrupt a service: the ticket at the window can still be finished.
    pub(super) fn pause_window(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        match self.post(window)?.state {
            PostState::Open { .. } => Ok(vec![WindowPaused { window: window.clone() }.into()]),
            PostState::Paused { .. } => Ok(Vec::new()),
            PostState::Shut => Err(Refusal::WindowShut { window: window.clone() }),
        }
    }

    pub(super) fn resume_window(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        match self.post(window)?.state {
            PostState::Open { .. } => Ok(Vec::new()),
            PostState::Paused { .. } => Ok(vec![WindowResumed { window: window.clone() }.into()]),
            PostState::Shut => Err(Refusal::WindowShut { window: window.clone() }),
        }
    }

    pub(super) fn close_window(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let post = self.post(window)?;
        if post.ticket.is_some() {
            return Err(Refusal::WindowBusy { window: window.clone() });
        }
        match post.state {
            PostState::Shut => Ok(Vec::new()),
            PostState::Open { .. } | PostState::Paused { .. } => {
                Ok(vec![WindowClosed { window: window.clone() }.into()])
            }
        }
    }

    pub(super) fn post(&self, window: &WindowId) -> Result<&'a Post, Refusal> {
        self.day.post(window).ok_or_else(|| Refusal::NoSuchWindow { window: window.clone() })
    }
}
