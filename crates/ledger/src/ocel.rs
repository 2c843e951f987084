//! OCEL 2.0 in JSON: cases, matters, steps, roles, tickets, windows, days of halls, appointments, and their
//! events. Every event has an object and every object an event, because readers drop the others.
//!
//! Cases and days of halls are iterated twice, for events and for objects, so that only one is in memory at a
//! time.

mod halls;

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use catalogue::RoleId;
use diagnostic::Lang;
use jiff::Timestamp;
use office::{CaseRecord, MatterRecord, RecordedEvent, Records, TicketRef};
use serde_json::{Value, json};

use crate::{Result, Written, words};

/// The object types, with their attributes and the types of these.
const OBJECT_TYPES: &[(&str, &[(&str, &str)])] = &[
    (
        "case",
        &[
            ("number", "string"),
            ("thing", "string"),
            ("title", "string"),
            ("channel", "string"),
            ("party", "string"),
            ("state", "string"),
        ],
    ),
    (
        "matter",
        &[
            ("item", "string"),
            ("title", "string"),
            ("department", "string"),
            ("state", "string"),
            ("overdue", "boolean"),
            ("corrections", "integer"),
        ],
    ),
    ("step", &[("id", "string"), ("title", "string")]),
    ("role", &[("title", "string")]),
    (
        "ticket",
        &[
            ("hall", "string"),
            ("day", "string"),
            ("number", "string"),
            ("source", "string"),
            ("lane", "string"),
            ("line", "string"),
            ("state", "string"),
        ],
    ),
    ("hall-day", &[("hall", "string"), ("title", "string"), ("day", "string")]),
    ("window", &[("hall", "string"), ("title", "string")]),
    ("appointment", &[("hall", "string"), ("slot", "string"), ("line", "string"), ("state", "string")]),
];

const EVENT_ATTRIBUTES: [&str; 6] = ["kind", "actor", "side", "department", "outcome", "hall"];

/// Events come before objects in the file, and cases and halls are walked apart.
pub const OCEL_PASSES: u64 = 4;

/// Writes the whole log.
///
/// # Errors
/// When a case or a day of a hall cannot be read or the output not written.
pub async fn write_ocel(records: &mut Records, out: &mut (dyn Write + Send), lang: Lang) -> Result<Written> {
    let mut log = Log {
        out,
        lang,
        first: true,
        written: Written::default(),
        roles: BTreeMap::new(),
        tickets: HashSet::new(),
        halls: halls::Told::default(),
    };
    log.out.write_all(b"{\"events\":[")?;
    records.rewind();
    while let Some(case) = records.next().await? {
        log.written.cases += 1;
        for event in &case.events {
            log.event(&case, event)?;
        }
    }
    records.rewind();
    while let Some(hall) = records.next_hall().await? {
        let edition = halls::edition_of(records, &hall).await?;
        log.hall_events(&hall, &edition)?;
    }
    log.out.write_all(b"\n],\"objects\":[")?;
    log.first = true;
    records.rewind();
    // Halls first: a hall knows more of its tickets than a case does, and the first object of a ticket is
    // kept.
    while let Some(hall) = records.next_hall().await? {
        let edition = halls::edition_of(records, &hall).await?;
        log.hall_objects(&hall, &edition)?;
    }
    records.rewind();
    while let Some(case) = records.next().await? {
        log.objects_of(&case)?;
    }
    log.roles()?;
    log.types()?;
    log.out.flush()?;
    Ok(log.written)
}

struct Log<'w> {
    out: &'w mut (dyn Write + Send),
    lang: Lang,
    /// The current array is still empty.
    first: bool,
    written: Written,
    /// Every role that acted, with its title.
    roles: BTreeMap<RoleId, String>,
    /// Tickets already written; several cases may share one.
    tickets: HashSet<TicketRef>,
    halls: halls::Told,
}

impl Log<'_> {
    fn element(&mut self, value: &Value) -> Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    fn object(
        &mut self,
        id: &str,
        kind: &str,
        at: Timestamp,
        values: &[Value],
        related: Value,
    ) -> Result<()> {
        self.written.entries += 1;
        let names = OBJECT_TYPES.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, names)| names);
        debug_assert_eq!(names.len(), values.len(), "{kind}");
        let attributes: Vec<Value> = names
            .iter()
            .zip(values)
            .filter(|(_, value)| !value.is_null())
            .map(|((name, _), value)| json!({ "name": name, "time": at.to_string(), "value": value }))
            .collect();
        self.element(&json!({ "id": id, "type": kind, "attributes": attributes, "relationships": related }))
    }

    fn event(&mut self, case: &CaseRecord, event: &RecordedEvent) -> Result<()> {
        // Starting or giving back a step does not complete it: it is another type of event on the same step.
        let name = match event.phase {
            office::Phase::Complete => words::activity(event, self.lang),
            office::Phase::Start | office::Phase::Abort => words::kind(&event.kind, self.lang).to_owned(),
        };
        let department = event.department.as_ref().map(|id| words::department(&event.edition, id, self.lang));
        let values = [
            Some(event.kind.clone()),
            Some(event.actor.clone()),
            Some(words::side(event.side, self.lang).to_owned()),
            department,
            event.outcome.map(|outcome| words::outcome(outcome, self.lang).to_owned()),
            None,
        ];
        let attributes: Vec<Value> = EVENT_ATTRIBUTES
            .iter()
            .zip(values)
            .filter_map(|(name, value)| value.map(|value| json!({ "name": name, "value": value })))
            .collect();
        let mut related = vec![related(case_key(case), "case")];
        if let Some(item) = &event.item {
            related.push(self::related(matter_key(case, item), "matter"));
            if let Some(step) = &event.step {
                related.push(self::related(step_key(case, item, step), "step"));
            }
        }
        if let Some(role) = &event.role {
            related.push(self::related(role_key(role), "by"));
            self.roles.entry(role.clone()).or_insert_with(|| words::role(&event.edition, role, self.lang));
        }
        if let Some(ticket) = &event.ticket {
            related.push(self::related(ticket_key(ticket), "ticket"));
        }
        self.element(&json!({
            "id": event.id,
            "type": name,
            "time": event.at.to_string(),
            "attributes": attributes,
            "relationships": related,
        }))?;
        self.written.events += 1;
        self.written.activities.insert(name);
        Ok(())
    }

    fn objects_of(&mut self, case: &CaseRecord) -> Result<()> {
        let (edition, lang) = (&case.edition, self.lang);
        let values = [
            case.number.as_ref().into(),
            case.thing.as_str().into(),
            words::thing(edition, &case.thing, lang).into(),
            words::channel(case.channel, lang).into(),
            words::party(case.party, lang).into(),
            words::state(case.state, lang).into(),
        ];
        let matters =
            case.matters.iter().map(|matter| related(matter_key(case, &matter.item), "consists of"));
        let tickets: Vec<&TicketRef> = case.events.iter().filter_map(|event| event.ticket.as_ref()).collect();
        let came_with = tickets.iter().map(|ticket| related(ticket_key(ticket), "came with"));
        let others: Vec<Value> = matters.chain(came_with).collect();
        self.object(&case_key(case), "case", case.received_at, &values, others.into())?;
        for matter in &case.matters {
            self.matter(case, matter)?;
        }
        for ticket in tickets {
            if self.tickets.insert(ticket.clone()) {
                let number = ticket.number.to_string();
                let (hall, day) = (ticket.hall.as_str().into(), ticket.date.to_string().into());
                // A hall run by another system: no more is known of the ticket.
                let unknown = [Value::Null, Value::Null, Value::Null, Value::Null];
                let values: Vec<Value> = [hall, day, number.into()].into_iter().chain(unknown).collect();
                self.object(&ticket_key(ticket), "ticket", case.received_at, &values, json!([]))?;
            }
        }
        Ok(())
    }

    fn matter(&mut self, case: &CaseRecord, matter: &MatterRecord) -> Result<()> {
        let (edition, lang, row) = (&case.edition, self.lang, &matter.row);
        let values = [
            matter.item.as_str().into(),
            words::item(edition, &matter.item, lang).into(),
            words::department(edition, &row.department.as_str().into(), lang).into(),
            words::state(&row.state, lang).into(),
            row.overdue.into(),
            row.corrections.into(),
        ];
        let key = matter_key(case, &matter.item);
        let steps =
            matter.steps.iter().map(|step| related(step_key(case, &matter.item, step), "goes through"));
        self.object(&key, "matter", row.received_at, &values, steps.collect())?;
        let declared = edition.item(&matter.item);
        for step in &matter.steps {
            let title = declared.and_then(|item| item.steps.get(step)).map(|step| step.title.get(lang));
            let values = [step.as_str().into(), title.unwrap_or(step.as_str()).into()];
            self.object(&step_key(case, &matter.item, step), "step", row.received_at, &values, json!([]))?;
        }
        Ok(())
    }

    fn roles(&mut self) -> Result<()> {
        for (role, title) in std::mem::take(&mut self.roles) {
            self.object(&role_key(&role), "role", Timestamp::UNIX_EPOCH, &[title.into()], json!([]))?;
        }
        Ok(())
    }

    fn types(&mut self) -> Result<()> {
        self.out.write_all(b"\n],\"eventTypes\":[")?;
        self.first = true;
        let attributes = EVENT_ATTRIBUTES.map(|name| json!({ "name": name, "type": "string" }));
        for name in self.written.activities.clone() {
            self.element(&json!({ "name": name, "attributes": attributes }))?;
        }
        self.out.write_all(b"\n],\"objectTypes\":[")?;
        self.first = true;
        for (name, attributes) in OBJECT_TYPES {
            let attributes: Vec<Value> =
                attributes.iter().map(|(name, kind)| json!({ "name": name, "type": kind })).collect();
            self.element(&json!({ "name": name, "attributes": attributes }))?;
        }
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}

fn related(id: String, as_what: &str) -> Value {
    json!({ "objectId": id, "qualifier": as_what })
}

fn case_key(case: &CaseRecord) -> String {
    format!("case:{}", case.number)
}

fn matter_key(case: &CaseRecord, item: &catalogue::ItemId) -> String {
    format!("matter:{}/{item}", case.number)
}

fn step_key(case: &CaseRecord, item: &catalogue::ItemId, step: &catalogue::StepId) -> String {
    format!("step:{}/{item}/{step}", case.number)
}

fn role_key(role: &RoleId) -> String {
    format!("role:{role}")
}

fn ticket_key(ticket: &TicketRef) -> String {
    format!("ticket:{}/{}/{}", ticket.hall, ticket.date, ticket.number)
}
