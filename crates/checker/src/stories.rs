//! Reads stories: the `story` blocks of the Markdown files under `examples/`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use catalogue::{
    EditionParts, Expectation, FieldId, ItemId, MaterialId, StatutoryPause, StepId, Story, StoryAct,
    StoryEvent, Thing, ThingId,
};
use expression::Value as Answer;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::PackFiles;
use crate::finding::Place;
use crate::resolve::validate::Reading;
use crate::resolve::{Soundness, item_file, scalar, take::*, thing_file, written};
use crate::rules::writing::{encoding, story_mismatch, story_unreadable, unknown_name};
use crate::shape::{Kind, STORY};
use crate::syntax::{self, Map, Node, Value};

/// Reads all stories; those with problems are reported and left out.
pub fn read(
    files: &PackFiles,
    parts: &EditionParts,
    soundness: &Soundness,
    reading: &mut Reading,
) -> Vec<Story> {
    let mut stories = Vec::new();
    for (path, bytes) in files {
        let parts_of: Vec<&str> = path.split('/').collect();
        if let ["items" | "things", _, "examples", name] = parts_of[..]
            && name.ends_with(".md")
        {
            let file: Arc<str> = path.as_str().into();
            reading.start(&file);
            match std::str::from_utf8(bytes) {
                Ok(text) => stories.extend(Teller { parts, soundness, reading, file: &file, text }.story()),
                Err(error) => {
                    let from = error.valid_up_to();
                    reading.push(encoding::finding(Place::bytes(file, from..from + 1), None));
                }
            }
        }
    }
    stories
}

struct Teller<'t> {
    parts: &'t EditionParts,
    soundness: &'t Soundness,
    reading: &'t mut Reading,
    file: &'t Arc<str>,
    text: &'t str,
}

impl Teller<'_> {
    fn at(&self, range: Range<usize>) -> Place {
        Place::bytes(self.file.clone(), range)
    }

    fn unreadable(&mut self, range: Range<usize>, zh: &str, en: &str) {
        let at = self.at(range);
        self.reading.push(story_unreadable::finding(at, zh, en));
    }

    fn mismatch(&mut self, range: Range<usize>, zh: String, en: String) {
        let at = self.at(range);
        self.reading.push(story_mismatch::finding(at, zh, en));
    }

    fn story(&mut self) -> Option<Story> {
        let blocks = blocks(self.text);
        let block = match &blocks[..] {
            [block] => block.clone(),
            [] => {
                self.unreadable(0..0, "没有以 story 标明的代码块", "there is no code block marked story");
                return None;
            }
            [_, second, ..] => {
                let range = second.clone();
                self.unreadable(
                    range.start..range.start,
                    "一个文件只能有一个案例",
                    "a file holds one story only",
                );
                return None;
            }
        };
        let before = self.reading.findings.len();
        // The rest of the file is replaced by spaces, so that positions in the block are positions in the
        // file.
        let blank =
            |text: &str| text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect::<String>();
        let text = format!("{}{}", blank(&self.text[..block.start]), &self.text[block.clone()]);
        let parsed = syntax::parse(&text, &crate::shape::is_key);
        let mut root = parsed.root;
        for problem in parsed.problems {
            self.reading.push(written(self.file, &text, problem));
        }
        let sound = self.reading.record(&mut root, &STORY);
        let map = root.map()?;
        let thing = name::<ThingId>(map, "thing").and_then(|id| self.parts.things.get(&id));
        let answers = self.answers(map);
        let mut events = Vec::new();
        for node in list(map, "events") {
            if let Some(event) = node.map() {
                let before = events.len();
                events.extend(self.event(node, event, thing));
                if let [.., earlier, later] = &events[..]
                    && events.len() > before
                    && later.at < earlier.at
                {
                    self.unreadable(
                        first(node),
                        "时间比前一件事早",
                        "this is earlier than what comes before it",
                    );
                }
            }
        }
        if !sound || self.reading.findings.len() > before {
            return None;
        }
        Some(Story {
            file: self.file.to_string(),
            title: line(map, "title"),
            thing: thing?.id.clone(),
            answers,
            materials: names(map, "materials"),
            events,
        })
    }

    fn answers(&mut self, map: &Map<'_>) -> BTreeMap<FieldId, Answer> {
        let mut answers = BTreeMap::new();
        for entry in record(map, "answers").into_iter().flat_map(|map| &map.entries) {
            let id: FieldId = (*entry.key.text).into();
            let Some(field) = self.parts.fields.get(&id) else {
                let lost = self.reading.names.has(Kind::Field, id.as_str())
                    || self.reading.names.is_uncertain(Kind::Field);
                if !lost {
                    let guess = self.reading.names.nearest(Kind::Field, id.as_str());
                    let at = self.at(entry.key_at.clone());
                    self.reading.push(unknown_name::finding(at, Kind::Field, id.as_str(), guess.as_deref()));
                }
                continue;
            };
            match Answer::from_json(&field.value_type(), &json(&entry.value)) {
                Ok(value) => {
                    answers.insert(id, value);
                }
                Err(problem) => {
                    let why = problem.message();
                    self.mismatch(
                        entry.value.at.clone(),
                        format!("“{id}”不能这样回答：{}", why.zh),
                        format!("“{id}” cannot be answered so: {}", why.en),
                    );
                }
            }
        }
        answers
    }

    fn event(&mut self, node: &Node<'_>, map: &Map<'_>, thing: Option<&Thing>) -> Option<StoryEvent> {
        let at = word(map, "at").and_then(scalar::moment)?;
        let line = self.text[..node.at.start.min(self.text.len())].matches('\n').count() + 1;
        let act = match (record(map, "expect"), word(map, "do")) {
            (Some(expected), None) => StoryAct::Expect(self.expectation(expected, thing)),
            (None, Some(act)) => self.act(node, map, act, thing)?,
            (None, None) if map.incomplete || map.get("do").is_some() || map.get("expect").is_some() => {
                return None;
            }
            _ => {
                self.unreadable(
                    first(node),
                    "每件事写 do 或 expect 中的一个",
                    "an event has either do or expect",
                );
                return None;
            }
        };
        Some(StoryEvent { at, line: u32::try_from(line).unwrap_or(u32::MAX), act })
    }

    fn act(&mut self, node: &Node<'_>, map: &Map<'_>, act: &str, thing: Option<&Thing>) -> Option<StoryAct> {
        let item = self.item(map, thing);
        Some(match act {
            "submit" => StoryAct::Submit { promise: names(map, "promise"), tolerate: names(map, "tolerate") },
            "come" => StoryAct::Come { item: self.needed_item(node, item, thing)? },
            "accept" => StoryAct::Accept { item },
            "withdraw" => StoryAct::Withdraw { item },
            "wait" => StoryAct::Wait,
            "ask-correction" => StoryAct::AskCorrection {
                item: self.needed_item(node, item, thing)?,
                materials: names(map, "materials"),
                note: word(map, "note").map(str::to_owned),
            },
            "correct" => StoryAct::Correct { item: self.needed_item(node, item, thing)? },
            "refuse-acceptance" => StoryAct::RefuseAcceptance {
                item: self.needed_item(node, item, thing)?,
                reason: self.needed(node, map, "reason")?,
            },
            "step" => {
                let item = self.needed_item(node, item, thing)?;
                let step = StepId::from(self.needed(node, map, "step")?);
                self.known_step(map, &item, &step);
                StoryAct::Step { item, step, yes: word(map, "yes") != Some("false") }
            }
            "pause" => {
                let kind = self.needed(node, map, "kind")?;
                self.known_pause(map, &kind);
                let until = self.needed(node, map, "until").and_then(|text| scalar::date(&text))?;
                StoryAct::Pause { item: self.needed_item(node, item, thing)?, kind, until }
            }
            "resume" => StoryAct::Resume { item: self.needed_item(node, item, thing)? },
            "extend" => StoryAct::Extend {
                item: self.needed_item(node, item, thing)?,
                reason: word(map, "reason").unwrap_or_default().to_owned(),
            },
            "decide" => StoryAct::Decide {
                item: self.needed_item(node, item, thing)?,
                grant: word(map, "grant") != Some("false"),
                reason: word(map, "reason").map(str::to_owned),
            },
            "close-gap" => {
                StoryAct::CloseGap { material: MaterialId::from(self.needed(node, map, "material")?) }
            }
            "rate" => StoryAct::Rate { level: self.needed(node, map, "level")?.parse().ok()? },
            _ => return None,
        })
    }

    fn needed(&mut self, node: &Node<'_>, map: &Map<'_>, key: &str) -> Option<String> {
        let found = word(map, key).map(str::to_owned);
        if found.is_none() && map.get(key).is_none() {
            self.unreadable(
                first(node),
                &format!("这个动作要写明“{key}”"),
                &format!("this act needs `{key}`"),
            );
        }
        found
    }

    /// The item that an event names; reports one that is not in the thing.
    fn item(&mut self, map: &Map<'_>, thing: Option<&Thing>) -> Option<ItemId> {
        let id: ItemId = name(map, "item")?;
        if let (Some(thing), Some(node)) = (thing, map.get("item")) {
            let sound = self.soundness.is_sound(&thing_file(thing.id.as_str()), "items");
            if sound && !thing.members.iter().any(|member| member.item == id) {
                self.mismatch(
                    node.at.clone(),
                    format!("“{}”不含“{id}”", thing.id),
                    format!("“{}” does not hold “{id}”", thing.id),
                );
            }
        }
        Some(id)
    }

    /// The item of an event, which a thing with a single item need not name.
    fn needed_item(
        &mut self,
        node: &Node<'_>,
        item: Option<ItemId>,
        thing: Option<&Thing>,
    ) -> Option<ItemId> {
        let only = thing.filter(|thing| thing.members.len() == 1).map(|thing| thing.members[0].item.clone());
        let found = item.or(only);
        let named = node.map().is_some_and(|map| map.get("item").is_some());
        if found.is_none() && thing.is_some() && !named {
            self.unreadable(first(node), "这个动作要写明“item”", "this act needs `item`");
        }
        found
    }

    fn known_step(&mut self, map: &Map<'_>, item: &ItemId, step: &StepId) {
        let Some(found) = self.parts.items.get(item) else { return };
        let sound = self.soundness.is_sound(&item_file(item.as_str()), "steps");
        if sound && !found.steps.contains_key(step) {
            let range = map.get("step").map_or(0..0, |node| node.at.clone());
            self.mismatch(
                range,
                format!("“{item}”没有环节“{step}”"),
                format!("“{item}” has no step “{step}”"),
            );
        }
    }

    fn known_pause(&mut self, map: &Map<'_>, kind: &str) {
        let known = StatutoryPause::parse(kind).is_some() || self.reading.names.has(Kind::LocalPause, kind);
        if !known && !self.reading.names.is_uncertain(Kind::LocalPause) {
            let range = map.get("kind").map_or(0..0, |node| node.at.clone());
            self.mismatch(range, format!("没有“{kind}”这种暂停情形"), format!("there is no pause “{kind}”"));
        }
    }

    fn expectation(&mut self, map: &Map<'_>, thing: Option<&Thing>) -> Expectation {
        let only = thing.filter(|thing| thing.members.len() == 1).map(|thing| thing.members[0].item.clone());
        let item = self.item(map, thing);
        // Days and steps are an item's: without one nothing would be held against them.
        const OF_ITEM: [&str; 4] = ["due_on", "promised_on", "delivery_on", "open"];
        let of_item = map.entries.iter().find(|entry| OF_ITEM.contains(&&*entry.key.text));
        let item = match of_item {
            Some(entry) if item.is_none() && only.is_none() && map.get("item").is_none() => {
                self.unreadable(
                    entry.key_at.clone(),
                    "期限和环节要写明是哪个事项：item",
                    "days and steps need `item`",
                );
                None
            }
            Some(_) if item.is_none() => only,
            _ => item,
        };
        let day = |key: &str| -> Option<Date> { word(map, key).and_then(scalar::date) };
        let some = |key: &str| map.get(key).is_some();
        Expectation {
            item,
            state: word(map, "state").map(str::to_owned),
            due_on: day("due_on"),
            promised_on: day("promised_on"),
            delivery_on: day("delivery_on"),
            items: some("items").then(|| names(map, "items")),
            materials: some("materials").then(|| names(map, "materials")),
            visits: whole(map, "visits"),
            open: some("open").then(|| names(map, "open")),
            refused: word(map, "refused").map(str::to_owned),
        }
    }
}

fn first(node: &Node<'_>) -> Range<usize> {
    node.map().and_then(|map| map.entries.first()).map_or(node.at.clone(), |entry| entry.key_at.clone())
}

/// The contents of the code blocks marked `story`.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut open: Option<(bool, &str, usize)> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match open {
            None if bare.starts_with("```") => {
                let mark = &bare[..bare.len() - bare.trim_start_matches('`').len()];
                open = Some((bare[mark.len()..].trim() == "story", mark, at + line.len()));
            }
            Some((story, mark, start)) if bare == mark => {
                if story {
                    found.push(start..at);
                }
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    // An unclosed block reaches to the end, as in Markdown.
    if let Some((true, _, start)) = open {
        found.push(start..text.len());
    }
    found
}

/// An answer as JSON: texts stay texts, because the field's type decides how they are parsed.
fn json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Empty | Value::Broken => Json::Null,
        Value::Scalar(scalar) => Json::String(scalar.text.to_string()),
        Value::List(list) => Json::Array(list.iter().map(json).collect()),
        Value::Map(map) => Json::Object(
            map.entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value))).collect(),
        ),
    }
}
