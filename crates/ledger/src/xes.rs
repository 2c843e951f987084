//! XES (IEEE 1849): one trace per matter or per case, with the concept, time, lifecycle and organizational
//! extensions.

use std::io::Write;

use diagnostic::Lang;
use jiff::Timestamp;
use jiff::tz::Offset;
use office::{CaseRecord, Phase, RecordedEvent, Records, Side};

use crate::xml::attribute;
use crate::{Result, Written, words};

/// What forms a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// One application, with the events of all its matters and its own.
    Case,
    /// One item of an application, with its own events; events of the case as a whole are left out.
    Matter,
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
<classifier name="Resource" keys="org:resource"/>
"#;

/// Writes the whole log.
///
/// # Errors
/// When a case cannot be read or the output not written.
pub async fn write_xes(
    records: &mut Records,
    out: &mut (dyn Write + Send),
    trace: Trace,
    lang: Lang,
) -> Result<Written> {
    records.rewind();
    let edition = records.office().edition();
    out.write_all(HEAD.as_bytes())?;
    let mut log = Log { out, lang, offset: edition.offset(), written: Written::default() };
    log.text("concept:name", edition.zone().name.get(lang))?;
    log.text("lifecycle:model", "standard")?;
    while let Some(case) = records.next().await? {
        log.written.cases += 1;
        log.offset = case.edition.offset();
        match trace {
            Trace::Case => log.case(&case)?,
            Trace::Matter => log.matters(&case)?,
        }
    }
    log.out.write_all(b"</log>\n")?;
    log.out.flush()?;
    Ok(log.written)
}

struct Log<'w> {
    out: &'w mut (dyn Write + Send),
    lang: Lang,
    offset: Offset,
    written: Written,
}

impl Log<'_> {
    fn case(&mut self, case: &CaseRecord) -> Result<()> {
        self.open_trace(&case.number, case)?;
        self.text("case:state", case.state)?;
        for event in &case.events {
            // Two items may have steps with the same title, which are different activities within one trace.
            let mut name = words::activity(event, self.lang);
            if let Some(item) = &event.item {
                name = format!("{}·{name}", words::item(&event.edition, item, self.lang));
            }
            self.event(event, name)?;
        }
        self.close_trace()
    }

    fn matters(&mut self, case: &CaseRecord) -> Result<()> {
        for matter in &case.matters {
            self.open_trace(&format!("{}/{}", case.number, matter.item), case)?;
            self.text("matter:item", matter.item.as_str())?;
            self.text("matter:title", &words::item(&case.edition, &matter.item, self.lang))?;
            self.text("matter:department", &matter.row.department)?;
            self.text("matter:state", &matter.row.state)?;
            self.flag("matter:overdue", matter.row.overdue)?;
            if let Some(due_at) = matter.row.promised_due_at {
                // A day, not an instant: programs would read the midnight after it as the next day.
                let last = calendar::last_day(due_at, case.edition.offset());
                self.text("matter:promised-due-on", &last.to_string())?;
            }
            for event in case.events.iter().filter(|event| event.item.as_ref() == Some(&matter.item)) {
                self.event(event, words::activity(event, self.lang))?;
            }
            self.close_trace()?;
        }
        Ok(())
    }

    fn open_trace(&mut self, name: &str, case: &CaseRecord) -> Result<()> {
        self.written.entries += 1;
        self.out.write_all(b"<trace>\n")?;
        self.text("concept:name", name)?;
        self.text("case:number", &case.number)?;
        self.text("case:thing", case.thing.as_str())?;
        self.text("case:title", &words::thing(&case.edition, &case.thing, self.lang))?;
        self.text("case:channel", words::channel(case.channel, Lang::En))?;
        self.text("case:party", words::party(case.party, Lang::En))?;
        self.text("case:edition", &case.edition.hash().to_string())
    }

    fn close_trace(&mut self) -> Result<()> {
        Ok(self.out.write_all(b"</trace>\n")?)
    }

    fn event(&mut self, event: &RecordedEvent, name: String) -> Result<()> {
        self.out.write_all(b"<event>\n")?;
        self.text("concept:name", &name)?;
        self.date("time:timestamp", event.at)?;
        let transition = match event.phase {
            Phase::Start => "start",
            Phase::Abort => "ate_abort",
            Phase::Complete => "complete",
        };
        self.text("lifecycle:transition", transition)?;
        self.text("org:resource", &event.actor)?;
        let role = match (&event.role, event.side) {
            (Some(role), _) => words::role(&event.edition, role, self.lang),
            (None, side) => words::side(side, self.lang).to_owned(),
        };
        self.text("org:role", &role)?;
        // The officer's department, which may differ from the one that has the matter.
        let works_in = event.role.as_ref().and_then(|role| event.edition.department_of(role));
        if let Some(department) = works_in {
            self.text("org:group", department.name.get(self.lang))?;
        }
        self.text("event:id", &event.id.to_string())?;
        self.text("event:kind", &event.kind)?;
        if let Some(step) = &event.step {
            self.text("event:step", step.as_str())?;
        }
        if let Some(outcome) = event.outcome {
            self.text("event:outcome", words::outcome(outcome, self.lang))?;
        }
        if let Some(ready_at) = event.ready_at {
            self.date("event:ready", ready_at)?;
        }
        if event.side == Side::Applicant {
            self.text("event:side", "applicant")?;
        }
        if let Some(points) = &event.points {
            let fields = points.fields.iter().map(|id| words::field(&event.edition, id, self.lang));
            let papers = points.materials.iter().map(|id| words::material(&event.edition, id, self.lang));
            let names: Vec<String> = fields.chain(papers).map(|name| name.replace('|', "¦")).collect();
            self.text("correction:points", &names.join("|"))?;
        }
        self.out.write_all(b"</event>\n")?;
        self.written.events += 1;
        self.written.activities.insert(name);
        Ok(())
    }

    fn text(&mut self, key: &str, value: &str) -> Result<()> {
        Ok(writeln!(self.out, "<string key=\"{key}\" value=\"{}\"/>", attribute(value))?)
    }

    fn date(&mut self, key: &str, at: Timestamp) -> Result<()> {
        Ok(writeln!(self.out, "<date key=\"{key}\" value=\"{}\"/>", at.display_with_offset(self.offset))?)
    }

    fn flag(&mut self, key: &str, value: bool) -> Result<()> {
        Ok(writeln!(self.out, "<boolean key=\"{key}\" value=\"{value}\"/>")?)
    }
}
