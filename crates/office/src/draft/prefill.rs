//! Asking registries for what they already know, as soon as their key is answered.

use std::time::Duration;

use catalogue::{Registry, RegistryId, RegistrySource};
use form::{Known, Raw, Source, parse_answer};

use crate::draft::keep::OpenDraft;
use crate::error::Result;
use crate::office::Office;

/// What a registry said about one key.
type Record = Vec<(catalogue::FieldId, String)>;

impl Office {
    /// Fills in known facts. A registry that does not answer is passed over: the questions are then simply asked.
    pub(crate) async fn prefill(&self, open: &mut OpenDraft) -> Result<()> {
        let registries: Vec<(RegistryId, String)> = {
            let form = open.form()?;
            let wanted = form.questions().iter().filter_map(|question| question.field.registry.as_ref());
            let mut wanted: Vec<RegistryId> = wanted.cloned().collect();
            wanted.sort();
            wanted.dedup();
            let key_of = |id: &RegistryId| {
                let registry = open.edition.parts().registries.get(id)?;
                let field = open.edition.field(&registry.key)?;
                let value = open.draft.answers.value(field.id.as_str())?;
                Some(form::edit_text(field, value))
            };
            wanted.into_iter().filter_map(|id| key_of(&id).map(|key| (id, key))).collect()
        };
        for (id, key) in registries {
            if open.draft.asked.get(&id) == Some(&key) {
                continue;
            }
            let edition = open.edition.clone();
            let Some(registry) = edition.parts().registries.get(&id) else { continue };
            let Some((record, as_of)) = self.look_up(registry, &key).await else { continue };
            for (field_id, text) in record {
                let Some(field) = edition.field(&field_id) else { continue };
                if let Ok(Some(value)) = parse_answer(field, &Raw::One(text), open.today) {
                    let source = Source::Registry { registry: id.clone() };
                    open.draft.known.insert(field_id, Known { value, source, as_of });
                }
            }
            open.draft.asked.insert(id, key);
        }
        Ok(())
    }

    /// `None`: the registry did not answer. An empty record: it does not know the key.
    async fn look_up(&self, registry: &Registry, key: &str) -> Option<(Record, Option<jiff::civil::Date>)> {
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
                Some((record.unwrap_or_default(), Some(*as_of)))
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
                let timeout = Duration::from_millis((*timeout_ms).into());
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
                Some((record.collect(), None))
            }
        }
    }
}

/// Asks for one JSON object. Not found is an answer: an empty one.
fn ask(
    url: &str,
    timeout: Duration,
) -> std::result::Result<serde_json::Map<String, serde_json::Value>, String> {
    const BYTES_MAX: u64 = 1024 * 1024;
    // The address holds what the person typed: it goes to whom the pack names, and into no log.
    let config = ureq::Agent::config_builder().timeout_global(Some(timeout)).max_redirects(0).build();
    let agent: ureq::Agent = config.into();
    let told = |error: ureq::Error| error.to_string().replace(url, "its address");
    match agent.get(url).call() {
        Ok(mut response) => {
            let bytes = response.body_mut().with_config().limit(BYTES_MAX).read_to_vec().map_err(told)?;
            match serde_json::from_slice(&bytes) {
                Ok(serde_json::Value::Object(object)) => Ok(object),
                Ok(_) => Err("not a JSON object".into()),
                Err(error) => Err(error.to_string()),
            }
        }
        Err(ureq::Error::StatusCode(404)) => Ok(serde_json::Map::new()),
        Err(error) => Err(told(error)),
    }
}
