//! Taking a number.

use ::hall::{Command, Event, Join, Source, TicketNo, TicketState, Want};
use catalogue::{HallId, LaneKind, SpecialistId, Tongue};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Change, Digest};
use uuid::Uuid;

use crate::account::Allowance;
use crate::bounds::{Making, Share};
use crate::case::By;
use crate::error::{NotPossible, OfficeError, Result};
use crate::hall::act::Along;
use crate::hall::link::TicketRef;
use crate::hall::party::TicketAbout;
use crate::office::Office;
use crate::once::own_command;

const KEYS: &str = "ticket-key";
/// How long a ticket's page can be opened: over the longest holidays, for a number that goes on on the next open day.
const KEY_HOURS: i64 = 14 * 24;
/// Wrong arrival codes for one number before the machine says no for a while.
const WRONG_ARRIVAL_MAX: usize = 5;
/// From this age on one belongs to the elderly whom every hall serves first.
const ELDERLY_YEARS: i16 = 65;

/// What somebody wants a number for.
#[derive(Clone, Debug)]
pub struct TakeTicket {
    pub hall: HallId,
    pub wants: Vec<Want>,
    /// What is claimed; only staff give the lanes that have to be verified first.
    pub lane: LaneKind,
    pub language: Tongue,
    pub source: Source,
    pub specialist: Option<SpecialistId>,
    pub about: TicketAbout,
    /// Whoever takes a number from home is called once they say that they are there.
    pub on_the_way: bool,
}

/// Opens the page of one ticket for whoever has it: in its address, never in the log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketKey(pub String);

impl std::fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketKey")
    }
}

/// A number that was given out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Taken {
    pub hall: HallId,
    pub date: Date,
    pub number: TicketNo,
    pub key: TicketKey,
}

impl Office {
    /// Gives out a number. With a command id, asking twice gives one.
    pub async fn take_ticket(&self, take: TakeTicket, by: By<'_>, command: Option<Uuid>) -> Result<Taken> {
        self.take_ticket_as(take, vec![by], command).await
    }

    /// As [`Office::take_ticket`], for somebody who has both an account and what the browser did before they signed in: the number is
    /// theirs as whoever the case is that they name, else as the first.
    pub async fn take_ticket_as(
        &self,
        take: TakeTicket,
        ways: Vec<By<'_>>,
        command: Option<Uuid>,
    ) -> Result<Taken> {
        let by = *ways.first().ok_or(OfficeError::Denied)?;
        let command = own_command(command, &by.actor_id(), &format!("take/{}", take.hall));
        let giving = async {
            let (take, share) = self.in_line(take, by)?;
            let given = self.within_bounds(Making::Numbers, by, self.give_number(take, &ways, command));
            self.shared(share, given).await
        };
        self.once(command, giving).await
    }

    /// Whoever asks for a specialist by name asks for what that specialist does.
    pub(crate) fn need_covered<'w>(
        &self,
        specialist: Option<&catalogue::SpecialistId>,
        mut wants: impl Iterator<Item = &'w ::hall::Want>,
    ) -> Result<()> {
        let Some(specialist) = specialist else { return Ok(()) };
        let edition = self.edition();
        let found = edition.parts().specialists.get(specialist).ok_or(OfficeError::NotFound)?;
        match wants.find(|want| !found.covers.contains(&want.line)) {
            Some(want) => Err(::hall::Refusal::NotTheirs { line: want.line.clone() }.into()),
            None => Ok(()),
        }
    }

    /// A number counts for the queue when whoever holds it is in the hall. From elsewhere a few of an address are believed that
    /// they are; further ones are kept like those of whoever is on the way, so that nobody can lengthen the waits of a hall
    /// without being in it.
    fn in_line(&self, mut take: TakeTicket, by: By<'_>) -> Result<(TakeTicket, Option<Share>)> {
        let kept = take.on_the_way && take.source == Source::Phone;
        if kept || self.is_in_the_hall(by) {
            return Ok((take, None));
        }
        match self.purse_of_address(Making::NumbersUnseen).take(1) {
            Ok(share) => Ok((take, share)),
            Err(OfficeError::Enough(_)) if take.source == Source::Phone => {
                take.on_the_way = true;
                Ok((take, None))
            }
            Err(error) => Err(error),
        }
    }

    async fn give_number(
        &self,
        mut take: TakeTicket,
        ways: &[By<'_>],
        command: Option<Uuid>,
    ) -> Result<Taken> {
        self.need_covered(take.specialist.as_ref(), take.wants.iter())?;
        let (about, by) = self.about_case_of(take.about, ways, &take.hall).await?;
        take.about = about;
        let date = self.today();
        // The day begins with whoever was carried over, so that they too hold a number already.
        self.open_day(&take.hall, date).await?;
        if take.source == Source::Phone && self.waits_already(&take.hall, date, by).await? {
            return Err(NotPossible::TicketHeld.into());
        }
        let lane = self.lane_for(&take, by, date).await?;
        let number = self.next_ticket_number(date).await?;
        let join = Join {
            number,
            source: take.source,
            lane,
            wants: take.wants.clone(),
            language: take.language,
            holder: self.ticket_holder(&take, by, date, number).into(),
            booked_for: None,
            specialist: take.specialist.clone(),
            held: take.on_the_way && take.source == Source::Phone,
        };
        self.join(&take.hall, date, join, &take.about, by, command, Along::default()).await
    }

    /// Adds a ticket to the day, with its key and what is known about the person.
    #[allow(clippy::too_many_arguments, reason = "the parts of one commit, all different")]
    pub(crate) async fn join(
        &self,
        hall: &HallId,
        date: Date,
        join: Join,
        about: &TicketAbout,
        by: By<'_>,
        command: Option<Uuid>,
        first: Along,
    ) -> Result<Taken> {
        let key = TicketKey(self.new_secret::<10>());
        let taken = Taken { hall: hall.clone(), date, number: join.number, key };
        let reply = serde_json::to_vec(&taken)?;
        let holder = join.holder.clone();
        let mut kept = vec![self.keep_key(&taken)?, self.keep_for_holder(&taken, &holder)?];
        kept.extend(self.keep_about(date, join.number, &holder, about)?);
        let one_each = (join.source == Source::Phone).then(|| holder.clone());
        let command_join = Command::Join(join);
        // Held against the day as it is committed: requests that come at once are looked at one after the other.
        let along = |day: &::hall::Day, _: &[Event]| {
            if one_each.as_deref().is_some_and(|holder| waits(day, holder)) {
                return Err(NotPossible::TicketHeld.into());
            }
            let changes = kept.iter().chain(&first.changes).cloned().collect();
            let command = command.map(|command| (command, reply.clone()));
            Ok(Along { appends: first.appends.clone(), changes, command })
        };
        let (_, repeated) = self.on_floor(hall, date, &by.actor_id(), &command_join, along).await?;
        match repeated {
            Some(reply) => Ok(serde_json::from_slice(&reply)?),
            None => Ok(taken),
        }
    }

    /// Whoever closes the page finds it again from the same phone or account.
    pub(crate) fn keep_for_holder(&self, taken: &Taken, holder: &str) -> Result<Change> {
        Ok(Change::KvPut {
            space: format!("tickets/{holder}"),
            key: format!("{}/{:06}", taken.date, taken.number.0),
            bytes: serde_json::to_vec(taken)?,
            expires_at: Some(self.now() + SignedDuration::from_hours(KEY_HOURS)),
        })
    }

    pub(crate) fn keep_key(&self, taken: &Taken) -> Result<Change> {
        let ticket = TicketRef { hall: taken.hall.clone(), date: taken.date, number: taken.number };
        Ok(Change::KvPut {
            space: KEYS.into(),
            key: digest(&taken.key),
            bytes: serde_json::to_vec(&ticket)?,
            expires_at: Some(self.now() + SignedDuration::from_hours(KEY_HOURS)),
        })
    }

    /// The numbers of whoever asks that are not over yet, with their keys.
    pub async fn own_tickets(&self, by: By<'_>) -> Result<Vec<Taken>> {
        self.tickets_held_by(&by.actor_id()).await
    }

    /// The open numbers of today of whoever holds them, with their keys.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn tickets_held_by(&self, holder: &str) -> Result<Vec<Taken>> {
        let today = self.today();
        let space = format!("tickets/{holder}");
        let mut own = Vec::new();
        for (_, bytes) in self.store().kv_list(&space, "", self.now()).await? {
            let mut taken: Taken = serde_json::from_slice(&bytes)?;
            let old = TicketRef { hall: taken.hall.clone(), date: taken.date, number: taken.number };
            let now = self.ticket_now(old).await?;
            if now.date != today {
                continue;
            }
            (taken.date, taken.number) = (now.date, now.number);
            let day = self.hall_day(&taken.hall, taken.date).await?;
            let open = day.is_some_and(|loaded| {
                loaded.day.ticket(taken.number).is_some_and(|ticket| !ticket.state.is_over())
            });
            if open {
                own.push(taken);
            }
        }
        Ok(own)
    }

    /// The ticket of a key; of a number that was not called on its day, the one under which it goes on.
    pub async fn ticket_of(&self, key: &TicketKey) -> Result<TicketRef> {
        let found = self.store().kv_get(KEYS, &digest(key), self.now()).await?;
        let ticket = serde_json::from_slice(&found.ok_or(OfficeError::NotFound)?)?;
        self.ticket_now(ticket).await
    }

    /// Says that whoever holds a number that was kept is there. Saying it twice says it once. From outside the hall a few of an
    /// address are believed, see [`Office::take_ticket`].
    pub async fn come(&self, key: &TicketKey) -> Result<()> {
        let ticket = self.ticket_of(key).await?;
        let day = self.hall_day(&ticket.hall, ticket.date).await?.ok_or(OfficeError::NotFound)?;
        let held = day.day.ticket(ticket.number);
        let holder = held.map(|held| held.holder.to_string()).unwrap_or_default();
        let counts = held.is_some_and(|held| held.held && held.state.is_waiting());
        let share = if counts && !self.is_in_the_hall(By::System) {
            let taken = self.purse_of_address(Making::NumbersUnseen).take(1);
            taken.map_err(|_| OfficeError::from(NotPossible::ArrivalUnseen))?
        } else {
            None
        };
        self.shared(share, self.is_there(&ticket, &holder)).await
    }

    /// Notes at a machine of the hall that whoever holds a number has come. `code` is what the page of the number shows: numbers
    /// stand on the wall, and whoever reads one there has no business ending the place that is kept for it.
    ///
    /// # Errors
    /// `ArrivalUnseen` outside the hall, `ArrivalCode` for a wrong code, `Wait` after too many of them.
    pub async fn come_at_machine(&self, hall: &HallId, number: TicketNo, code: &str) -> Result<()> {
        if !self.is_in_the_hall(By::System) {
            return Err(NotPossible::ArrivalUnseen.into());
        }
        let ticket = TicketRef { hall: hall.clone(), date: self.today(), number };
        let day = self.hall_day(hall, ticket.date).await?;
        if day.as_ref().is_some_and(|loaded| loaded.day.ticket(number).is_some()) {
            let who = format!("{hall} {} {number}", ticket.date);
            self.attempt(&[Allowance::new("arrival", &who, WRONG_ARRIVAL_MAX)]).await?;
            if identifier::plain(code) != self.arrival_code(&ticket) {
                return Err(NotPossible::ArrivalCode.into());
            }
        }
        self.is_there(&ticket, &By::System.actor_id()).await
    }

    /// Four digits that only the page of a number shows.
    pub fn arrival_code(&self, ticket: &TicketRef) -> String {
        let of = format!("{}\n{}\n{}", ticket.hall, ticket.date, ticket.number);
        let digest = self.keys().keyed("arrival in the hall", of.as_bytes());
        let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        format!("{:04}", number % 10_000)
    }

    async fn is_there(&self, ticket: &TicketRef, actor: &str) -> Result<()> {
        let command = Command::Come { number: ticket.number };
        self.on_floor(&ticket.hall, ticket.date, actor, &command, |_, _| Ok(Along::default())).await?;
        Ok(())
    }

    /// Gives the number back. Who has given it back need not do it again.
    pub async fn leave_queue(&self, key: &TicketKey) -> Result<()> {
        let ticket = self.ticket_of(key).await?;
        let command = Command::Leave { number: ticket.number };
        let day = self.hall_day(&ticket.hall, ticket.date).await?.ok_or(OfficeError::NotFound)?;
        let held = day.day.ticket(ticket.number);
        if held.is_some_and(|held| matches!(held.state, TicketState::Left { .. })) {
            return Ok(());
        }
        let holder = held.map(|held| held.holder.to_string()).unwrap_or_default();
        self.on_floor(&ticket.hall, ticket.date, &holder, &command, |_, _| Ok(Along::default())).await?;
        Ok(())
    }

    /// At a machine or a window nobody is known; on a phone it is whoever holds the phone.
    fn ticket_holder(&self, take: &TakeTicket, by: By<'_>, date: Date, number: TicketNo) -> String {
        match take.source {
            Source::Phone | Source::Appointment => by.actor_id(),
            _ => format!("walk-in/{date}/{}", number.0),
        }
    }

    async fn waits_already(&self, hall: &HallId, date: Date, by: By<'_>) -> Result<bool> {
        let holder = by.actor_id();
        let Some(loaded) = self.hall_day(hall, date).await? else { return Ok(false) };
        Ok(waits(&loaded.day, &holder))
    }

    /// The lane that somebody may use: what follows from a case or an age, what anybody may claim, what staff give.
    async fn lane_for(&self, take: &TakeTicket, by: By<'_>, date: Date) -> Result<LaneKind> {
        let officer = matches!(by, By::Viewer(viewer) if viewer.is_officer());
        let claimed = match take.lane {
            LaneKind::Green | LaneKind::Specialist if !officer => LaneKind::WalkIn,
            lane => lane,
        };
        if claimed != LaneKind::WalkIn {
            return Ok(claimed);
        }
        if !take.about.case_number.is_empty() && self.comes_back(&take.about.case_number).await? {
            return Ok(LaneKind::Returning);
        }
        let age = identifier::ResidentNumber::parse(&take.about.code).map(|number| number.age_on(date));
        Ok(if age.is_ok_and(|age| age >= ELDERLY_YEARS) { LaneKind::ElderlyOrDisabled } else { claimed })
    }

    /// Whether a case waits for what its applicant was asked to correct.
    async fn comes_back(&self, number: &str) -> Result<bool> {
        match self.case_by_number(number).await {
            Ok(id) => {
                let case = self.load_case(id).await?.case;
                Ok(case.matters.iter().any(|matter| matter.state == casework::MatterState::Correcting))
            }
            Err(OfficeError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether somebody holds a number that is not over.
fn waits(day: &::hall::Day, holder: &str) -> bool {
    day.tickets.iter().any(|ticket| *ticket.holder == *holder && !ticket.state.is_over())
}

fn digest(key: &TicketKey) -> String {
    Digest::of(key.0.as_bytes()).to_string()
}
