//! What halls, lines, lanes and windows are called.

use catalogue::{Hall, HallId, LaneId, LineId, Tongue, WindowId};
use hall::Ticket;
use maud::{Markup, html};
use office::{LoadedCase, TicketRef};

use crate::fault::Failure;
use crate::shell::{Shell, encode};

/// The hall of an address.
pub fn hall_of<'s>(shell: &'s Shell, id: &str) -> Result<&'s Hall, Failure> {
    shell.edition.parts().halls.get(id).ok_or(Failure::NotFound)
}

/// Names in the reader's language; what the present edition does not know is called by its id.
#[derive(Debug)]
pub struct Names<'s> {
    shell: &'s Shell,
    lines: Vec<catalogue::ServiceLine>,
    lanes: Vec<catalogue::Lane>,
}

impl<'s> Names<'s> {
    pub fn new(shell: &'s Shell) -> Self {
        Self { shell, lines: shell.edition.lines(), lanes: shell.edition.lanes() }
    }

    pub fn lines(&self) -> &[catalogue::ServiceLine] {
        &self.lines
    }

    pub fn lanes(&self) -> &[catalogue::Lane] {
        &self.lanes
    }

    pub fn line(&self, id: &LineId) -> String {
        let line = self.lines.iter().find(|line| line.id == *id);
        line.map_or_else(|| id.to_string(), |line| self.shell.say(&line.name).to_owned())
    }

    pub fn lane(&self, id: &LaneId) -> String {
        let lane = self.lanes.iter().find(|lane| lane.id == *id);
        lane.map_or_else(|| id.to_string(), |lane| self.shell.say(&lane.name).to_owned())
    }

    pub fn window(&self, id: &WindowId) -> String {
        window_name(self.shell, id)
    }

    pub fn tongue(&self, tongue: Tongue) -> String {
        self.shell.w.t(&format!("hall-tongue-{}", tongue.code()))
    }

    /// Everything that a number is for.
    pub fn wants(&self, ticket: &Ticket) -> String {
        let names: Vec<String> = ticket.wants.iter().map(|want| self.line(&want.line)).collect();
        names.join(if self.shell.lang == diagnostic::Lang::Zh { "、" } else { ", " })
    }
}

/// What a window is called, in every place the same: on the ticket, the screen, in what is called out, and on the floor.
pub fn window_name(shell: &Shell, id: &WindowId) -> String {
    let window = shell.edition.parts().windows.get(id);
    window.map_or_else(|| id.to_string(), |window| shell.say(&window.name).to_owned())
}

/// Percent-encoded path of a hall's page.
pub fn path(kind: &str, hall: &HallId) -> String {
    format!("/{kind}/{}", encode(hall.as_str()))
}

/// The number under which somebody came about a case, with the day.
pub fn ticket_link(shell: &Shell, ticket: &TicketRef) -> String {
    format!("{} · {}", ticket.number, crate::ui::date(shell, ticket.date))
}

/// The numbers under which people came to a hall about this case; nothing when they did not.
pub fn tickets_line(shell: &Shell, loaded: &LoadedCase) -> Markup {
    let tickets: Vec<String> = loaded.tickets().map(|ticket| ticket_link(shell, ticket)).collect();
    html! {
        @if !tickets.is_empty() {
            p.quiet { (shell.w.with("hall-came-with", &[("numbers", tickets.join("；").into())])) }
        }
    }
}
