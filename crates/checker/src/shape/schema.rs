//! The JSON Schema of pack files, for completion and help in editors.

use serde_json::{Map, Value, json};

use super::*;

/// JSON Schema 2020-12 with one definition per kind of pack file under `$defs`, and the paths that each is
/// for.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    definitions.insert("zone".into(), of_record(&ZONE));
    definitions.insert("fields".into(), of(&FIELDS));
    definitions.insert("materials".into(), of(&MATERIALS));
    definitions.insert("registries".into(), of(&REGISTRIES));
    definitions.insert("calendar".into(), of_record(&CALENDAR));
    definitions.insert("festivals".into(), of_record(&FESTIVALS));
    definitions.insert("item".into(), of_record(&ITEM));
    definitions.insert("thing".into(), of_record(&THING));
    definitions.insert("story".into(), of_record(&STORY));
    definitions.insert("text".into(), text());
    definitions.insert("citation".into(), citation());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "事项包 / Pack",
        "description": "一窗事项包各类文件的写法。zone.yaml 用 zone，items/*/item.yaml 用 item，其余类推。",
        "x-files": {
            "zone.yaml": "#/$defs/zone",
            "fields/*.yaml": "#/$defs/fields",
            "materials/*.yaml": "#/$defs/materials",
            "registries/*.yaml": "#/$defs/registries",
            "calendars/festivals.yaml": "#/$defs/festivals",
            "calendars/*.yaml": "#/$defs/calendar",
            "items/*/item.yaml": "#/$defs/item",
            "things/*/thing.yaml": "#/$defs/thing",
        },
        "$defs": definitions,
    })
}

fn text() -> Value {
    json!({
        "type": "object",
        "description": "给人看的文字，两种语言都要写",
        "properties": {
            "zh": { "type": "string", "minLength": 1, "description": "中文" },
            "en": { "type": "string", "minLength": 1, "description": "英文" },
        },
        "required": ["zh", "en"],
        "additionalProperties": false,
    })
}

fn citation() -> Value {
    let long = Record { zh: "依据", en: "citation", keys: &CITATION_KEYS, by: None, scope: &[] };
    json!({ "description": "依据", "oneOf": [{ "type": "string", "minLength": 1 }, of_keys(&long)] })
}

fn of_record(record: &'static Record) -> Value {
    of_keys(record)
}

fn of_keys(record: &Record) -> Value {
    let mut properties = Map::new();
    for key in record.keys {
        let mut value = of(key.shape);
        if let Value::Object(object) = &mut value {
            let only = if key.only.is_empty() {
                String::new()
            } else {
                format!("（用于 {}）", key.only.join("、"))
            };
            let about = format!("{}{only} / {}", key.zh, key.en);
            match object.get("$ref").cloned() {
                Some(reference) => {
                    value = json!({ "$ref": reference, "description": about });
                }
                None => {
                    object.insert("description".into(), about.into());
                }
            }
        }
        properties.insert(key.name.into(), value);
    }
    let required: Vec<&str> = record.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({
        "type": "object",
        "title": record.zh,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn of(shape: &'static Shape) -> Value {
    match shape {
        Shape::Text => json!({ "$ref": "#/$defs/text" }),
        Shape::Citation => json!({ "$ref": "#/$defs/citation" }),
        Shape::Word(words) => {
            let choices: Vec<Value> =
                words.iter().map(|word| json!({ "const": word.text, "description": word.zh })).collect();
            json!({ "oneOf": choices })
        }
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Decimal => json!({ "type": ["number", "string"] }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Moment => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}" }),
        Shape::Clock => json!({ "type": "string", "pattern": "^\\d{1,2}:\\d{2}(:\\d{2})?$" }),
        Shape::Limit => json!({ "type": "string", "pattern": LIMIT }),
        Shape::LimitOrNone => json!({ "type": "string", "pattern": format!("^none$|{LIMIT}") }),
        Shape::Validity => {
            json!({ "type": "string", "pattern": "^\\d+ ?(years?|months?|days?|年|个?月|日|天)$" })
        }
        Shape::Offset => json!({ "type": "string", "pattern": "^[+-]\\d{2}:\\d{2}$" }),
        Shape::Region => json!({ "type": "string", "pattern": "^\\d{6}$" }),
        Shape::CreditCode => json!({ "type": "string", "minLength": 18, "maxLength": 18 }),
        Shape::Condition => {
            json!({ "type": "string", "minLength": 1, "examples": ["营业面积 > 200 and 经营方式 = \"堂食\""] })
        }
        Shape::Pause => {
            let words: Vec<&str> = catalogue::StatutoryPause::ALL.iter().map(|pause| pause.zh()).collect();
            json!({ "type": "string", "examples": words })
        }
        Shape::ImplementationCodes => {
            json!({ "type": "object", "additionalProperties": { "type": "string" } })
        }
        Shape::Line | Shape::Name(_) => json!({ "type": "string", "minLength": 1 }),
        Shape::Any => json!({}),
        Shape::Record(record) => of_record(record),
        Shape::Dictionary { of: inner, .. } | Shape::Index { of: inner, .. } => {
            json!({ "type": "object", "additionalProperties": of(inner) })
        }
        Shape::List(inner) => json!({ "type": "array", "items": of(inner) }),
        Shape::Either { short, long } => json!({ "oneOf": [of(short), of_record(long)] }),
    }
}

const LIMIT: &str = "^\\d+ ?(working days?|calendar days?|hours?|minutes?|个?工作日|日|天|自然日|小时|分钟)$";
