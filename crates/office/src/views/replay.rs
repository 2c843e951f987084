//! Every row again, from the first event on.

use std::collections::HashMap;
use std::sync::Arc;

use ::hall::{Bookings, Day};
use casework::Case;
use catalogue::{Edition, EditionHash, RoleId};
use store::{Answer, Envelope, Projector, StoreError, Version, ViewChange};

use crate::account::wire::AccountEvent;
use crate::account::{AccountId, AccountRow};
use crate::case::wire::OfficeEvent;
use crate::case::{CaseId, Party, fold};
use crate::error::{Fault, OfficeError, Result};
use crate::hall::{fold_bookings, fold_day, load, row_of};
use crate::office::Office;
use crate::recent::Recent;
use crate::views::step::{self, Share};
use crate::views::{self, figures};

/// Cases whose state is at hand while the journal goes by, in each of two generations of all lanes; a zone has some ten
/// thousand under way. The others are read again if something happens to them after all.
const CASES_AT_HAND: usize = 20_000;
/// As for cases: the halls' days of a week or two.
const DAYS_AT_HAND: usize = 64;
/// More of them would wait for the one thread that writes.
const LANES_MAX: usize = 4;
/// Applicants that are looked up at once.
const LOOKUPS: usize = 64;

/// Folds the journal into rows, several streams at once. Its memory does not grow with the journal.
pub struct Replay {
    /// Empty once a stretch could not be folded: what the lanes know is behind then.
    lanes: Vec<Lane>,
}

/// Folds its share of all streams, always the same ones.
struct Lane {
    share: Share,
    office: Office,
    editions: Arc<HashMap<EditionHash, Arc<Edition>>>,
    cases: Recent<CaseId, Case>,
    accounts: HashMap<AccountId, AccountRow>,
    days: Recent<String, Day>,
    bookings: Recent<String, Bookings>,
    sums: figures::Sums,
}

impl Replay {
    pub async fn prepare(office: &Office) -> Result<Self> {
        let mut editions = HashMap::new();
        for hash in office.store().editions().await? {
            let Ok(hash) = hash.parse() else { continue };
            editions.insert(hash, office.edition_named(hash).await?);
        }
        let editions = Arc::new(editions);
        let lanes = std::thread::available_parallelism().map_or(1, usize::from).min(LANES_MAX);
        let lane = |share| Lane {
            share,
            office: office.clone(),
            editions: Arc::clone(&editions),
            cases: Recent::new(CASES_AT_HAND / lanes),
            accounts: HashMap::new(),
            days: Recent::new(DAYS_AT_HAND),
            bookings: Recent::new(DAYS_AT_HAND),
            sums: figures::Sums::default(),
        };
        Ok(Self { lanes: Share::all(lanes).map(lane).collect() })
    }

    async fn stretch(&mut self, events: Arc<Vec<Envelope>>) -> Result<Vec<ViewChange>, StoreError> {
        if self.lanes.is_empty() {
            return Err(StoreError::fault("an earlier stretch of the journal could not be folded"));
        }
        let folding: Vec<_> = std::mem::take(&mut self.lanes)
            .into_iter()
            .map(|lane| tokio::spawn(lane.fold(Arc::clone(&events))))
            .collect();
        let (mut lanes, mut changes) = (Vec::with_capacity(folding.len()), Vec::new());
        for folded in folding {
            let (lane, made) = folded.await.map_err(StoreError::fault)??;
            lanes.push(lane);
            changes.extend(made);
        }
        self.lanes = lanes;
        Ok(step::add_up(changes))
    }
}

impl Projector for Replay {
    fn project<'a>(&'a mut self, events: &'a Arc<Vec<Envelope>>) -> Answer<'a, Vec<ViewChange>> {
        Box::pin(self.stretch(Arc::clone(events)))
    }
}

impl Lane {
    async fn fold(mut self, events: Arc<Vec<Envelope>>) -> Result<(Self, Vec<ViewChange>), StoreError> {
        let made = self.changes(&events).await?;
        Ok((self, made))
    }

    async fn changes(&mut self, events: &[Envelope]) -> Result<Vec<ViewChange>, StoreError> {
        let streams = step::by_stream(events, self.share);
        let first = events.first().map(|event| event.position).unwrap_or_default();
        let damaged =
            |position, error: OfficeError| StoreError::Damaged { position, what: error.to_string() };
        let parties = self.parties(&streams).await.map_err(|error| damaged(first, error))?;
        let on_trail =
            streams.iter().flatten().filter(|event| views::trail::is_on(event.stream.kind(), &event.kind));
        let mut changes: Vec<ViewChange> = on_trail
            .map(|event| {
                let stream = event.stream.as_str();
                views::trail::row(event.id, event.at, &event.kind, &event.actor, stream, &event.body)
            })
            .collect();
        for events in &streams {
            let Some(first) = events.first() else { continue };
            let made = match first.stream.kind() {
                "case" => match first.stream.id().parse() {
                    Ok(id) => self.case(id, events, parties.get(&id)).await,
                    Err(_) => Err(OfficeError::NotFound),
                },
                "account" => self.account(events).await,
                load::DAYS => self.day(events).await,
                load::BOOKINGS => self.bookings(events).await,
                _ => Ok(Vec::new()),
            };
            changes.extend(made.map_err(|error| damaged(first.position, error))?);
        }
        changes.extend(self.sums.take());
        Ok(changes)
    }

    fn edition(&self, case: &Case) -> Result<Arc<Edition>> {
        self.editions.get(&case.edition).cloned().ok_or(OfficeError::NotFound)
    }

    /// What happened to a stream before the first of these events, when its state is not at hand.
    async fn earlier(&self, events: &[&Envelope]) -> Result<Vec<Envelope>> {
        let Some(first) = events.first().filter(|first| first.version.0 > 1) else { return Ok(Vec::new()) };
        let before = usize::try_from(first.version.0 - 1).unwrap_or(usize::MAX);
        Ok(self.office.store().read_stream(&first.stream, Version::NONE, before).await?)
    }

    async fn case(
        &mut self,
        id: CaseId,
        events: &[&Envelope],
        party: Option<&Party>,
    ) -> Result<Vec<ViewChange>> {
        let mut noted = Vec::new();
        let mut before = self.cases.take(&id);
        if before.is_none() {
            for event in self.earlier(events).await? {
                fold(&mut before, &mut noted, &event)?;
            }
            noted.clear();
        }
        let old = match &before {
            Some(case) => Some(views::rows(id, case, &*self.edition(case)?)),
            None => None,
        };
        let mut applies = party.filter(|_| before.is_none());
        let mut changes = Vec::new();
        let mut after = before;
        for event in events {
            fold(&mut after, &mut noted, event)?;
            if let Some(party) = applies.take() {
                let case = after.as_ref().ok_or(OfficeError::NotFound)?;
                let edition = self.edition(case)?;
                let words = views::parties::words(&case.number, edition.thing(&case.thing));
                changes.push(views::parties::row(id, party, &words));
            }
            // What is noted shows the case as it was then.
            for what in noted.drain(..) {
                let case = after.as_ref().ok_or(OfficeError::NotFound)?;
                let edition = self.edition(case)?;
                let rows = match what {
                    OfficeEvent::FormMeasured { .. } => views::rows(id, case, &edition),
                    _ => views::Rows::new(),
                };
                changes.extend(views::noted(id, &what, &rows, (case, &*edition)));
            }
        }
        let after = after.ok_or(OfficeError::NotFound)?;
        let edition = self.edition(&after)?;
        let new = views::rows(id, &after, &edition);
        changes.extend(views::row_changes(old.as_ref(), &new));
        figures::changes(old.as_ref(), &new, |key, amounts| self.sums.add(key, amounts));
        self.cases.put(id, after);
        Ok(changes)
    }

    async fn day(&mut self, events: &[&Envelope]) -> Result<Vec<ViewChange>> {
        let Some(id) = events.first().map(|event| event.stream.id().to_owned()) else {
            return Ok(Vec::new());
        };
        let mut before = self.days.take(&id);
        if before.is_none() {
            for event in self.earlier(events).await? {
                fold_day(&mut before, &event)?;
            }
        }
        let mut changes = Vec::new();
        for event in events {
            let mut after = before.clone();
            fold_day(&mut after, event)?;
            let Some(day) = &after else { continue };
            // Offsets do not change from edition to edition: the hours of a zone are the hours of a zone.
            let edition = self.editions.get(&day.edition);
            let offset = edition.map_or(jiff::tz::Offset::UTC, |edition| edition.offset());
            changes.extend(views::hall::day_changes(
                before.as_ref(),
                day,
                &[crate::recorded::event(event)?],
                offset,
            ));
            before = after;
        }
        let Some(after) = before else { return Ok(changes) };
        self.days.put(id, after);
        Ok(changes)
    }

    /// Of the streams of several days.
    async fn bookings(&mut self, events: &[&Envelope]) -> Result<Vec<ViewChange>> {
        let mut changes = Vec::new();
        for event in events {
            let id = event.stream.id();
            let Some((date, hall)) = load::place_of(id) else { continue };
            let mut bookings = match self.bookings.take(id) {
                Some(bookings) => bookings,
                None => {
                    let mut bookings = Bookings::default();
                    for event in self.earlier(&[event]).await? {
                        fold_bookings(&mut bookings, &event)?;
                    }
                    bookings
                }
            };
            fold_bookings(&mut bookings, event)?;
            changes.extend(row_of(&hall, date, &bookings, &crate::recorded::event(event)?));
            self.bookings.put(id.to_owned(), bookings);
        }
        Ok(changes)
    }

    async fn account(&mut self, events: &[&Envelope]) -> Result<Vec<ViewChange>> {
        let mut changes = Vec::new();
        for event in events {
            let id: AccountId = event.stream.id().parse().map_err(|_| OfficeError::NotFound)?;
            let what: AccountEvent = serde_json::from_slice(&event.body)?;
            let row = match &what {
                AccountEvent::AccountOpened { login, standing, roles } => {
                    let login = self.office.login_of(login).await?;
                    let roles = roles.iter().map(|text| RoleId::from(text.as_str())).collect();
                    Some(views::accounts::opened(id, login, *standing, roles))
                }
                _ => views::accounts::project(self.accounts.get(&id).cloned(), &what),
            };
            if let Some(row) = row {
                self.accounts.insert(id, row.clone());
                changes.push(views::accounts::row(&row));
            }
        }
        Ok(changes)
    }

    /// Who applies in the cases that begin in this stretch, as the vault has them.
    async fn parties(&self, streams: &[Vec<&Envelope>]) -> Result<HashMap<CaseId, Party>> {
        let begins = |events: &&Vec<&Envelope>| {
            events.first().is_some_and(|first| first.stream.kind() == "case" && first.version.0 == 1)
        };
        let ids: Vec<CaseId> =
            streams.iter().filter(begins).filter_map(|events| events[0].stream.id().parse().ok()).collect();
        let mut parties = HashMap::with_capacity(ids.len());
        for some in ids.chunks(LOOKUPS) {
            let mut looking = tokio::task::JoinSet::new();
            for id in some.iter().copied() {
                let office = self.office.clone();
                looking.spawn(async move { office.party_if_known(id).await.map(|party| (id, party)) });
            }
            while let Some(found) = looking.join_next().await {
                let found = found.map_err(|error| OfficeError::Fault(Fault::Broken(error.to_string())))?;
                if let (id, Some(party)) = found? {
                    parties.insert(id, party);
                }
            }
        }
        Ok(parties)
    }
}
