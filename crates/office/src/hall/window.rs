//! What an officer does at a window of the hall.

use ::hall::{Command, TicketNo};
use catalogue::{HallId, LineId, WindowId};
use uuid::Uuid;

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::hall::act::{Along, OnFloor};
use crate::hall::link::TicketRef;
use crate::hall::load::LoadedDay;
use crate::office::Office;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowAct {
    Open,
    Pause,
    Resume,
    Close,
    /// Done with whoever is there, and the next please.
    Next,
    Recall,
    Skip,
    Start,
    Finish,
    Transfer {
        to: LineId,
    },
}

impl Office {
    /// Acts at a window today. Only whoever sits there acts there, or whoever runs the hall. With a command id, asking
    /// twice acts once.
    pub async fn at_window(
        &self,
        hall: &HallId,
        window: &WindowId,
        act: WindowAct,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<OnFloor> {
        let edition = self.edition();
        if !by.works_at_window(&edition) && !by.runs_halls(&edition) {
            return Err(OfficeError::Denied);
        }
        let (date, actor) = (self.today(), by.id.to_string());
        if let Some(done) = self.done_on_floor(hall, command).await? {
            return Ok(done);
        }
        if act != WindowAct::Open && !by.runs_halls(&edition) {
            let loaded = self.hall_day(hall, date).await?.ok_or(::hall::Refusal::NoDay)?;
            let sits =
                loaded.day.post(window).and_then(::hall::Post::officer).is_some_and(|sits| **sits == *actor);
            if !sits {
                return Err(::hall::Refusal::WindowShut { window: window.clone() }.into());
            }
        }
        // One officer sits in one hall.
        if act == WindowAct::Open
            && let Some((seated, at)) = self.seat_of(by).await?
            && seated.day.hall != *hall
        {
            return Err(::hall::Refusal::SitsElsewhere { window: at }.into());
        }
        let window = window.clone();
        let along = Along::once(command, date);
        let command = match act {
            WindowAct::Open => Command::OpenWindow { window },
            WindowAct::Pause => Command::PauseWindow { window },
            WindowAct::Resume => Command::ResumeWindow { window },
            WindowAct::Close => Command::CloseWindow { window },
            WindowAct::Next => Command::CallNext { window },
            WindowAct::Recall => Command::Recall { window },
            WindowAct::Skip => Command::Skip { window },
            WindowAct::Start => Command::Start { window },
            WindowAct::Finish => Command::Finish { window },
            WindowAct::Transfer { to } => Command::Transfer { window, to },
        };
        let (done, _) = self.on_floor(hall, date, &actor, &command, |_, _| Ok(along.clone())).await?;
        Ok(done)
    }

    /// The hall and window at which an officer sits now.
    pub async fn seat_of(&self, by: &Viewer) -> Result<Option<(LoadedDay, WindowId)>> {
        let (date, actor) = (self.today(), by.id.to_string());
        for hall in self.edition().parts().halls.keys() {
            if let Some(loaded) = self.hall_day(hall, date).await? {
                let window = loaded.day.post_of(&actor).map(|post| post.window.clone());
                if let Some(window) = window {
                    return Ok(Some((loaded, window)));
                }
            }
        }
        Ok(None)
    }

    /// The ticket whose holder stands at the officer's window; one that was only called may be nobody's yet.
    pub async fn ticket_served_by(&self, by: &Viewer) -> Result<Option<TicketRef>> {
        let Some((loaded, window)) = self.seat_of(by).await? else { return Ok(None) };
        let number = loaded.day.post(&window).and_then(|post| post.ticket);
        let served = number.filter(|number| {
            let ticket = loaded.day.ticket(*number);
            ticket.is_some_and(|ticket| matches!(ticket.state, ::hall::TicketState::Serving { .. }))
        });
        Ok(served.map(|number| TicketRef { hall: loaded.hall, date: loaded.date, number }))
    }

    /// The ticket that an officer is serving now, or has called.
    pub async fn ticket_at(&self, by: &Viewer) -> Result<Option<TicketRef>> {
        let Some((loaded, window)) = self.seat_of(by).await? else { return Ok(None) };
        let number: Option<TicketNo> = loaded.day.post(&window).and_then(|post| post.ticket);
        Ok(number.map(|number| TicketRef { hall: loaded.hall, date: loaded.date, number }))
    }
}
