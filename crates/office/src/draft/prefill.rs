//! Asking registries for what they already know, as soon as their key is answered.
//!
//! What a registry supplied belongs to the key by which it was found: it goes before another key is looked up, whatever
//! comes of that, and a record that says nothing about a field leaves nothing of an earlier one.

use std::time::Duration;

use catalogue::{Edition, FieldId, Registry, RegistryId, RegistrySource};
use form::{Answers, Known, Raw, Source, key_of, parse_answer};

use crate::draft::keep::OpenDraft;
use crate::error::{OfficeError, Result};
use crate::office::Office;

/// A registry that does not answer is asked again for the same key after this long.
const AGAIN_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// Longer values are no answer to a question of a form.
const VALUE_CHARS_MAX: usize = 2000;
/// Whatever a pack says, nobody waits longer for a registry.
const TIMEOUT_MS_MAX: u32 = 10_000;

/// What a registry said about one key.
type Record = Vec<(FieldId, String)>;

impl Office {
    /// Fills in known facts. A registry that does not answer is passed over: the questions are then simply asked.
    pub(crate) async fn prefill(&self, open: &mut OpenDraft) -> Result<()> {
        open.let_go();
        open.learn_births()?;
        let registries: Vec<(RegistryId, String)> = {
            let form = open.form()?;
            let wanted = form.questions().iter().filter_map(|question| question.field.registry.as_ref());
            let mut wanted: Vec<RegistryId> = wanted.cloned().collect();
            wanted.sort();
            wanted.dedup();
            // A key that is not asked here is left of another way, and finds nothing for this one.
            let registries = &open.edition.parts().registries;
            wanted.retain(|id| {
                registries.get(id).is_some_and(|registry| form.question(registry.key.as_str()).is_some())
            });
            let key_of = |id: &RegistryId| key_of(&open.edition, id, &open.draft.answers);
            wanted.into_iter().filter_map(|id| key_of(&id).map(|key| (id, key))).collect()
        };
        let now = self.now();
        for (id, key) in registries {
            let tried = open.draft.tried.get(&id);
            let lately = tried.is_some_and(|(of, at)| *of == key && now.duration_since(*at) < AGAIN_AFTER);
            if open.draft.asked.get(&id) == Some(&key) || lately {
                continue;
            }
            let edition = open.edition.clone();
            let Some(registry) = edition.parts().registries.get(&id) else { continue };
            match self.look_up(registry, &key, open.today).await {
                Some((record, as_of)) => {
                    let later = self.entered_later(&edition, registry, &key, as_of).await?;
                    open.learn(registry, &key, record, as_of, later);
                }
                None => {
                    open.draft.tried.insert(id, (key, now));
                }
            }
        }
        Ok(())
    }

    /// What registries say about keys that a correction brought; nothing where no key changed.
    pub(crate) async fn learn_anew(
        &self,
        edition: &Edition,
        before: &Answers,
        after: &Answers,
    ) -> Result<Vec<(FieldId, Known)>> {
        let mut facts = Vec::new();
        let today = self.today();
        for (registry, key) in new_keys(edition, before, after) {
            if let Some((record, as_of)) = self.look_up(registry, &key, today).await {
                let later = self.entered_later(edition, registry, &key, as_of).await?;
                facts.extend(newest(facts_of(edition, registry, &key, record, as_of, today), later));
            }
        }
        Ok(facts)
    }

    /// What this zone's own results entered into the registry under this key on that day or later, by field: the newest of each.
    /// `None` where it is not known any more what that was; then what the registry has is known to be old.
    async fn entered_later(
        &self,
        edition: &Edition,
        registry: &Registry,
        key: &str,
        as_of: jiff::civil::Date,
    ) -> Result<Vec<(FieldId, Option<Known>)>> {
        let results = || edition.parts().items.values().flat_map(|item| item.results.values());
        if !results().any(|result| result.enters.as_ref().is_some_and(|entry| entry.registry == registry.id))
        {
            return Ok(Vec::new());
        }
        let mut later: Vec<(FieldId, Option<Known>)> = Vec::new();
        for made in self.made_out_to(key).await?.into_iter().rev() {
            let day = edition.offset().to_datetime(made.at).date();
            let declared = edition.item(&made.item).and_then(|item| item.results.get(&made.result));
            let Some(declared) = declared.filter(|_| day >= as_of) else { continue };
            let loaded = self.load_case(made.case).await?;
            let mut issued = loaded.case.matter(&made.item).into_iter().flat_map(|matter| &matter.results);
            let Some(issued) = issued.find(|issued| {
                issued.still_bears() && issued.identifier.as_deref() == Some(made.identifier.as_str())
            }) else {
                continue;
            };
            // Restricted answers are kept and not used.
            let answers = match self.need_unrestricted(made.case).await {
                Ok(()) => self.answers(&loaded).await?,
                Err(OfficeError::NotPossible(_)) => Answers::new(),
                Err(error) => return Err(error),
            };
            let source = Source::Entry { registry: registry.id.clone(), number: issued.number.to_string() };
            for field in registry.supplies.keys() {
                let from = declared.enters_as(&registry.id, field).and_then(|from| edition.field(from));
                let (Some(from), Some(declared)) = (from, edition.field(field)) else { continue };
                if later.iter().any(|(known, _)| known == field) {
                    continue;
                }
                let said = answers.value(from.id.as_str()).map(|value| form::edit_text(from, value));
                let read = |text: String| parse_answer(declared, &Raw::One(text), self.today()).ok()?;
                let known = said.and_then(read).map(|value| Known {
                    value,
                    source: source.clone(),
                    as_of: Some(day),
                    key: Some(key.to_owned()),
                });
                later.push((field.clone(), known));
            }
        }
        Ok(later)
    }

    /// `None`: the registry did not answer. An empty record: it does not know the key.
    async fn look_up(
        &self,
        registry: &Registry,
        key: &str,
        today: jiff::civil::Date,
    ) -> Option<(Record, jiff::civil::Date)> {
        match &registry.source {
            RegistrySource::Csv { key_column, columns, rows, as_of, .. } => {
                let place = |name: &str| columns.iter().position(|column| column == name);
                let key_place = place(key_column)?;
                let row = rows
                    .iter()
                    .find(|row| row.get(key_place).is_some_and(|cell| cell.eq_ignore_ascii_case(key)));
                let record = row.map(|row| {
                    let cell =
                        |column: &String| row.get(place(column)?).filter(|cell| !cell.is_empty()).cloned();
                    registry
                        .supplies
                        .iter()
                        .filter_map(|(field, column)| Some((field.clone(), cell(column)?)))
                        .collect()
                });
                Some((record.unwrap_or_default(), *as_of))
            }
            RegistrySource::Http { url, timeout_ms } => {
                let encoded: String = key
                    .bytes()
                    .map(|byte| match byte {
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                            char::from(byte).to_string()
                        }
                        byte => format!("%{byte:02X}"),
                    })
                    .collect();
                let url = url.replace("{key}", &encoded);
                let timeout = Duration::from_millis((*timeout_ms).min(TIMEOUT_MS_MAX).into());
                let answer = tokio::task::spawn_blocking(move || ask(&url, timeout)).await.ok()?;
                let object = match answer {
                    Ok(object) => object,
                    Err(error) => {
                        tracing::warn!(registry = %registry.id, %error, "a registry did not answer");
                        return None;
                    }
                };
                let text = |name: &String| match object.get(name)? {
                    serde_json::Value::String(text) => Some(text.clone()),
                    serde_json::Value::Number(number) => Some(number.to_string()),
                    serde_json::Value::Bool(yes) => Some(yes.to_string()),
                    _ => None,
                };
                let record =
                    registry.supplies.iter().filter_map(|(field, name)| Some((field.clone(), text(name)?)));
                Some((record.collect(), today))
            }
        }
    }
}

impl OpenDraft {
    /// Takes out what registries said about keys that are no longer given, and what the person had only confirmed of it.
    pub(crate) fn let_go(&mut self) {
        // Keys that are asked no more found nothing for the form as it is now.
        let unasked: Vec<RegistryId> = self.form().map_or_else(
            |_| Vec::new(),
            |form| {
                let registries = self.edition.parts().registries.values();
                let asked = |registry: &&Registry| form.question(registry.key.as_str()).is_some();
                registries.filter(|registry| !asked(registry)).map(|registry| registry.id.clone()).collect()
            },
        );
        let (edition, draft) = (&self.edition, &mut self.draft);
        let (answers, asked) = (&draft.answers, &draft.asked);
        let gone = draft.known.take(|known| match (&known.source, &known.key) {
            (Source::Registry { registry } | Source::Entry { registry, .. }, _)
                if unasked.contains(registry) =>
            {
                true
            }
            // Written before facts kept their key: the last one asked for is the one that they came of.
            (Source::Registry { registry }, None) => {
                asked.get(registry).cloned() != key_of(edition, registry, answers)
            }
            _ => !known.holds(edition, answers),
        });
        for (field, known) in gone {
            let Some(declared) = edition.field(&field) else { continue };
            let said = form::edit_text(declared, &known.value);
            if draft.answers.value(field.as_str()).is_some_and(|own| form::edit_text(declared, own) == said) {
                draft.answers.remove(field.as_str());
            }
        }
        let answers = &draft.answers;
        draft.asked.retain(|registry, key| {
            !unasked.contains(registry) && key_of(edition, registry, answers).as_ref() == Some(key)
        });
    }

    /// A day of birth that an identity number holds is not asked again. A registry's word about it stays.
    fn learn_births(&mut self) -> Result<()> {
        let held: Vec<(FieldId, Known)> = {
            let form = self.form()?;
            let open = form.questions().iter().filter(|question| question.known.is_none());
            open.filter_map(|question| {
                let holder = self.edition.field(question.field.birth_held_by()?)?;
                let number = self.draft.answers.value(holder.id.as_str())?;
                let value = expression::Value::Date(form::born_by(holder, number)?);
                let (source, key) =
                    (Source::Number { field: holder.id.clone() }, form::edit_text(holder, number));
                Some((question.field.id.clone(), Known { value, source, as_of: None, key: Some(key) }))
            })
            .collect()
        };
        held.into_iter().for_each(|(field, known)| self.draft.known.insert(field, known));
        Ok(())
    }

    fn learn(
        &mut self,
        registry: &Registry,
        key: &str,
        record: Record,
        as_of: jiff::civil::Date,
        later: Vec<(FieldId, Option<Known>)>,
    ) {
        let draft = &mut self.draft;
        draft.known.take(|known| known.source.registry() == Some(&registry.id));
        let facts = facts_of(&self.edition, registry, key, record, as_of, self.today);
        for (field, known) in newest(facts, later) {
            draft.known.insert(field, known);
        }
        draft.tried.remove(&registry.id);
        draft.asked.insert(registry.id.clone(), key.to_owned());
    }
}

/// What the zone entered later goes before what the registry has.
fn newest(facts: Vec<(FieldId, Known)>, later: Vec<(FieldId, Option<Known>)>) -> Vec<(FieldId, Known)> {
    let old = facts.into_iter().filter(|(field, _)| !later.iter().any(|(entered, _)| entered == field));
    let mut newest: Vec<(FieldId, Known)> = old.collect();
    newest.extend(later.into_iter().filter_map(|(field, known)| Some((field, known?))));
    newest
}

/// Registries that answered questions ask, whose key is another one now.
fn new_keys<'e>(edition: &'e Edition, before: &Answers, after: &Answers) -> Vec<(&'e Registry, String)> {
    let asked = |id: &RegistryId| {
        let mut fields = after.iter().filter_map(|(field, _)| edition.field(field));
        fields.any(|field| field.registry.as_ref() == Some(id))
    };
    let registries = edition.parts().registries.values().filter(|registry| asked(&registry.id));
    registries
        .filter_map(|registry| {
            let key = key_of(edition, &registry.id, after)?;
            (key_of(edition, &registry.id, before).as_ref() != Some(&key)).then_some((registry, key))
        })
        .collect()
}

/// What a record says, as far as the fields can hold it.
fn facts_of(
    edition: &Edition,
    registry: &Registry,
    key: &str,
    record: Record,
    as_of: jiff::civil::Date,
    today: jiff::civil::Date,
) -> Vec<(FieldId, Known)> {
    let source = Source::Registry { registry: registry.id.clone() };
    let fact = |(id, text): (FieldId, String)| {
        let value = parse_answer(edition.field(&id)?, &Raw::One(clean(&text)?), today).ok()??;
        Some((id, Known { value, source: source.clone(), as_of: Some(as_of), key: Some(key.to_owned()) }))
    };
    record.into_iter().filter_map(fact).collect()
}

/// Without what cannot be seen or turns the reading order; `None`: no answer to a question.
fn clean(text: &str) -> Option<String> {
    let seen = identifier::lines(&text.chars().take(VALUE_CHARS_MAX + 1).collect::<String>());
    (text.chars().count() <= VALUE_CHARS_MAX && !seen.is_empty()).then_some(seen)
}

/// Asks for one JSON object. Only 200 is an answer; an object without anything says that the key is not known.
fn ask(
    url: &str,
    timeout: Duration,
) -> std::result::Result<serde_json::Map<String, serde_json::Value>, String> {
    const BYTES_MAX: u64 = 1024 * 1024;
    // The address holds what the person typed: it goes to whom the pack names, and into no log.
    let config = ureq::Agent::config_builder().timeout_global(Some(timeout)).max_redirects(0).build();
    let agent: ureq::Agent = config.into();
    let told = |error: ureq::Error| error.to_string().replace(url, "its address");
    let mut response = agent.get(url).call().map_err(told)?;
    if response.status().as_u16() != 200 {
        return Err(format!("status {}", response.status().as_u16()));
    }
    let bytes = response.body_mut().with_config().limit(BYTES_MAX).read_to_vec().map_err(told)?;
    match serde_json::from_slice(&bytes) {
        Ok(serde_json::Value::Object(object)) => Ok(object),
        Ok(_) => Err("not a JSON object".into()),
        Err(error) => Err(error.to_string()),
    }
}
