//! Stage two: trees to declarations.
//!
//! Files are read in the order of their dependencies (zone, fields, materials, registries, calendars, items,
//! things), and each tree is dropped after reading, because a pack of a hundred thousand items fits into
//! memory only as declarations.

mod field;
mod hall;
mod hall_tables;
mod item;
mod names;
mod registry;
pub mod scalar;
pub use item::placeholders;
pub use names::FieldNames;
pub mod take;
mod thing;
pub mod validate;
mod zone;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalogue::{EditionParts, ItemId, ResultId};
use diagnostic::nearest;

use crate::PackFiles;
use crate::finding::{Finding, Place};
use crate::rules::writing::*;
use crate::shape::{
    self, CALENDAR, FESTIVALS, FIELDS, ITEM, Kind, MATERIALS, REGISTRIES, Record, Shape, THING, ZONE,
};
use crate::syntax::{self, Map, Node, ProblemKind, Value};
use names::Names;
use validate::Reading;

/// The declarations of a pack, with the names, origins and soundness that rules need.
#[derive(Debug)]
pub struct Resolved {
    pub parts: EditionParts,
    pub reading: Reading,
    pub origin: Origin,
    pub soundness: Soundness,
}

/// The file of each declaration. Those of items and things follow from their names.
#[derive(Debug, Default)]
pub struct Origin {
    pub fields: HashMap<String, Arc<str>>,
    pub materials: HashMap<String, Arc<str>>,
    pub registries: HashMap<String, Arc<str>>,
    /// File of each year table, in the order of the tables.
    pub years: Vec<Arc<str>>,
    /// Number of calendars that could not be read.
    pub lost_years: usize,
}

/// What was lost while reading. Rules skip these parts, so that one mistake is reported once.
#[derive(Debug, Default)]
pub struct Soundness {
    /// Per file: unsound top-level keys of items and things, and unsound dictionary entries; `*` for the
    /// whole file.
    lost: HashMap<Arc<str>, HashSet<String>>,
    /// A whole item, thing or dictionary was lost, so nothing may be reported as unused.
    pub uses_uncertain: bool,
    /// A part of an item or thing was lost that may have used a field or material.
    pub lost_uses: bool,
}

impl Soundness {
    pub fn is_sound(&self, file: &str, key: &str) -> bool {
        self.lost.get(file).is_none_or(|keys| !keys.contains(key) && !keys.contains("*"))
    }

    fn lose(&mut self, file: &Arc<str>, key: &str) {
        self.lost.entry(file.clone()).or_default().insert(key.to_owned());
    }

    fn lose_use(&mut self, file: &str) {
        self.lost_uses |= is_item_or_thing(file);
    }
}

/// The position of a file, to which keys are added.
pub fn place(file: &Arc<str>) -> Place {
    Place::file(file.clone())
}

pub fn item_file(id: &str) -> String {
    format!("items/{id}/item.yaml")
}

pub fn thing_file(id: &str) -> String {
    format!("things/{id}/thing.yaml")
}

/// Reads all declarations of a pack.
pub fn resolve(files: &PackFiles) -> Resolved {
    let sorted = Sorted::of(files);
    let mut names = Names::default();
    sorted.items.iter().for_each(|(id, _)| names.declare(Kind::Item, id));
    sorted.things.iter().for_each(|(id, _)| names.declare(Kind::Thing, id));
    let mut resolver = Resolver {
        files,
        reading: Reading::new(names),
        origin: Origin::default(),
        soundness: Soundness::default(),
    };
    resolver.reading.findings.extend(sorted.findings);
    let mut parts = resolver.zone();
    let is_hall = |name: &str| parts.halls.contains_key(name);
    hall_tables::check(&mut resolver.reading, files, is_hall);
    resolver.dictionaries(&sorted.fields, &sorted.materials, &sorted.registries, &mut parts);
    resolver.years(&sorted.calendars, &mut parts);
    resolver.festivals(sorted.festivals.as_ref(), &mut parts);
    for (id, file) in &sorted.items {
        resolver.item(id, file, &mut parts);
    }
    for (id, file) in &sorted.things {
        resolver.thing(id, file, &mut parts);
    }
    resolver.cross_references(&parts);
    let Resolver { reading, origin, soundness, .. } = resolver;
    Resolved { parts, reading, origin, soundness }
}

/// The files of a pack, sorted by kind.
#[derive(Default)]
struct Sorted {
    fields: Vec<Arc<str>>,
    materials: Vec<Arc<str>>,
    registries: Vec<Arc<str>>,
    calendars: Vec<Arc<str>>,
    festivals: Option<Arc<str>>,
    items: Vec<(String, Arc<str>)>,
    things: Vec<(String, Arc<str>)>,
    findings: Vec<Finding>,
}

impl Sorted {
    fn of(files: &PackFiles) -> Self {
        let mut sorted = Self::default();
        let mut empty_folders: Vec<String> = Vec::new();
        for path in files.keys() {
            let file: Arc<str> = path.as_str().into();
            let parts: Vec<&str> = path.split('/').collect();
            match parts[..] {
                ["zone.yaml"] => {}
                ["fields", name] if name.ends_with(".yaml") => sorted.fields.push(file),
                ["materials", name] if name.ends_with(".yaml") => sorted.materials.push(file),
                ["registries", name] if name.ends_with(".yaml") => sorted.registries.push(file),
                ["calendars", "festivals.yaml"] => sorted.festivals = Some(file),
                ["calendars", name] if name.ends_with(".yaml") => sorted.calendars.push(file),
                ["items", name, "item.yaml"] => sorted.items.push((name.to_owned(), file)),
                ["things", name, "thing.yaml"] => sorted.things.push((name.to_owned(), file)),
                ["items", name, "examples", _] if path.ends_with(".md") => {
                    empty_folders.push(item_file(name))
                }
                ["things", name, "examples", _] if path.ends_with(".md") => {
                    empty_folders.push(thing_file(name))
                }
                _ if is_yaml(path) && !parts.iter().any(|part| part.starts_with('.')) => {
                    sorted.findings.push(stray_file::finding(path, meant(&parts).as_deref()));
                }
                _ => {}
            }
        }
        empty_folders.dedup();
        for path in empty_folders.into_iter().filter(|path| !files.contains_key(path)) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let stray = files.keys().any(|other| is_yaml(other) && other.starts_with(&format!("{folder}/")));
            if !stray {
                sorted.findings.push(missing_file::finding(Place::bytes(path.as_str().into(), 0..0), &path));
            }
        }
        sorted
    }
}

fn is_yaml(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// The path that the author of a misplaced file probably meant.
fn meant(parts: &[&str]) -> Option<String> {
    const FOLDERS: [&str; 6] = ["fields", "materials", "registries", "calendars", "items", "things"];
    let stem = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
    match parts {
        [name] => (nearest(&stem(name), ["zone"]).is_some()).then(|| "zone.yaml".to_owned()),
        [folder, rest @ ..] => {
            let folder = nearest(folder, FOLDERS)?;
            let file = match folder {
                "items" => "item.yaml",
                "things" => "thing.yaml",
                _ => return Some(format!("{folder}/{}.yaml", stem(rest.last()?))),
            };
            Some(format!(
                "{folder}/{}/{file}",
                if rest.len() > 1 { rest[0].to_owned() } else { stem(rest[0]) }
            ))
        }
        [] => None,
    }
}

struct Resolver<'p> {
    files: &'p PackFiles,
    reading: Reading,
    origin: Origin,
    soundness: Soundness,
}

impl<'p> Resolver<'p> {
    /// Parses a file and reports its syntax problems. `None` when nothing in it can be read.
    fn parse(&mut self, file: &Arc<str>) -> Option<Node<'p>> {
        self.reading.start(file);
        let bytes: &'p [u8] = self.files.get(&**file)?;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let from = error.valid_up_to();
                self.reading.push(encoding::finding(Place::bytes(file.clone(), from..from + 1), None));
                return None;
            }
        };
        let parsed = syntax::parse(text, &shape::is_key);
        for problem in parsed.problems {
            let finding = written(file, text, problem);
            self.reading.push(finding);
        }
        Some(parsed.root)
    }

    fn zone(&mut self) -> EditionParts {
        let file: Arc<str> = "zone.yaml".into();
        if !self.files.contains_key(&*file) {
            self.reading.push(missing_file::finding(Place::bytes(file.clone(), 0..0), &file));
            self.lose_zone(&file);
            return zone::read(&Map::default());
        }
        let Some(mut root) = self.parse(&file) else {
            self.lose_zone(&file);
            return zone::read(&Map::default());
        };
        const NAMED: [(&str, Kind); 10] = [
            ("classes", Kind::Class),
            ("departments", Kind::Department),
            ("roles", Kind::Role),
            ("local_pauses", Kind::LocalPause),
            ("halls", Kind::Hall),
            ("windows", Kind::Window),
            ("sections", Kind::Section),
            ("service_lines", Kind::Line),
            ("lanes", Kind::Lane),
            ("specialists", Kind::Specialist),
        ];
        const OPTIONAL: [&str; 4] = ["local_pauses", "service_lines", "lanes", "specialists"];
        for (key, kind) in NAMED {
            match root.map().and_then(|map| map.get(key)).map(|node| &node.value) {
                Some(Value::Map(inner)) => {
                    inner.entries.iter().for_each(|entry| self.reading.names.declare(kind, &entry.key.text));
                    if inner.incomplete {
                        self.reading.names.lose(kind);
                    }
                }
                // Missing, or misspelt and found again below: either is reported there, once.
                Some(Value::Empty) => {}
                _ if OPTIONAL.contains(&key) && root.map().is_some_and(|map| !map.incomplete) => {}
                _ => self.reading.names.lose(kind),
            }
        }
        if !self.record(&mut root, &ZONE, &file) && root.map().is_none() {
            self.lose_zone(&file);
        }
        root.map().map(zone::read).unwrap_or_else(|| zone::read(&Map::default()))
    }

    fn lose_zone(&mut self, file: &Arc<str>) {
        for kind in [
            Kind::Class,
            Kind::Department,
            Kind::Role,
            Kind::LocalPause,
            Kind::Hall,
            Kind::Window,
            Kind::Section,
            Kind::Line,
            Kind::Lane,
            Kind::Specialist,
        ] {
            self.reading.names.lose(kind);
        }
        self.soundness.lose(file, "*");
    }

    /// Checks a record and notes which of its keys are unsound.
    fn record(&mut self, root: &mut Node<'_>, record: &'static Record, file: &Arc<str>) -> bool {
        if matches!(root.value, Value::Empty) {
            self.reading.push(empty_text::finding(self.reading.at(0..0)));
            self.soundness.lose(file, "*");
            self.soundness.lose_use(file);
            return false;
        }
        let sound = self.reading.record(root, record);
        let Some(map) = root.map() else {
            self.soundness.lose(file, "*");
            self.soundness.lose_use(file);
            return false;
        };
        if !sound {
            for key in record.keys {
                let (lost, used) = match map.get(key.name) {
                    Some(node) => (!is_whole(node), breaks_use(key.name, node)),
                    None => (key.required || map.incomplete, !names_nothing(key.name)),
                };
                if lost {
                    self.soundness.lose(file, key.name);
                    if used {
                        self.soundness.lose_use(file);
                    }
                }
            }
            // A nested record may lack a required key and be sound otherwise.
            for &(at, lacking) in &self.reading.lacking {
                for entry in &map.entries {
                    let range = entry.key_at.start..entry.value.at.end.max(entry.key_at.end);
                    if range.contains(&at) {
                        self.soundness.lose(file, &entry.key.text);
                        self.soundness.lost_uses |= is_item_or_thing(file) && !names_nothing(lacking);
                    }
                }
            }
        }
        sound
    }

    fn dictionaries(
        &mut self,
        fields: &[Arc<str>],
        materials: &[Arc<str>],
        registries: &[Arc<str>],
        parts: &mut EditionParts,
    ) {
        let mut trees = Vec::new();
        for (kind, files) in
            [(Kind::Field, fields), (Kind::Material, materials), (Kind::Registry, registries)]
        {
            for file in files {
                let Some(root) = self.parse(file) else {
                    self.reading.names.lose(kind);
                    continue;
                };
                match &root.value {
                    Value::Map(map) => {
                        if map.incomplete {
                            self.reading.names.lose(kind);
                        }
                        self.declare(kind, file, map);
                    }
                    Value::Empty => {}
                    _ => self.reading.names.lose(kind),
                }
                trees.push((kind, file.clone(), root));
            }
        }
        for (kind, file, mut root) in trees {
            self.reading.start(&file);
            let shape: &'static Shape = match kind {
                Kind::Field => &FIELDS,
                Kind::Material => &MATERIALS,
                _ => &REGISTRIES,
            };
            self.reading.check(&mut root, shape);
            let Some(map) = root.map() else { continue };
            for (id, inner) in take::records(map) {
                if self.origin_of(kind).get(id) == Some(&file) {
                    self.entry(kind, id, inner, &file, parts);
                }
            }
        }
    }

    fn entry(&mut self, kind: Kind, id: &str, map: &Map<'_>, file: &Arc<str>, parts: &mut EditionParts) {
        let whole = map.entries.iter().all(|entry| is_whole(&entry.value)) && !map.incomplete;
        let before = self.reading.findings.len();
        match kind {
            Kind::Field => match field::read(&mut self.reading, id, map, &place(file).key(id)) {
                Some(field) => {
                    self.reading.names.fields.declare(&field);
                    parts.fields.insert(field.id.clone(), field);
                }
                None => self.reading.names.fields.lose(id),
            },
            Kind::Material => {
                let material = field::material(&mut self.reading, id, map, file);
                parts.materials.insert(material.id.clone(), material);
            }
            _ => {
                let registry = registry::read(&mut self.reading, id, map, file, self.files);
                parts.registries.insert(registry.id.clone(), registry);
            }
        }
        if !whole || self.reading.findings.len() > before {
            self.soundness.lose(file, id);
        }
    }

    fn origin_of(&mut self, kind: Kind) -> &mut HashMap<String, Arc<str>> {
        match kind {
            Kind::Field => &mut self.origin.fields,
            Kind::Material => &mut self.origin.materials,
            _ => &mut self.origin.registries,
        }
    }

    fn declare(&mut self, kind: Kind, file: &Arc<str>, map: &Map<'_>) {
        for entry in &map.entries {
            let name = &*entry.key.text;
            if let Some(first) = self.origin_of(kind).get(name).cloned() {
                let at = Place::bytes(file.clone(), entry.key_at.clone());
                let first = place(&first).key(name).name();
                self.reading.push(duplicate_name::finding(at, kind, name, first));
                continue;
            }
            self.reading.names.declare(kind, name);
            self.origin_of(kind).insert(name.to_owned(), file.clone());
        }
    }

    fn years(&mut self, files: &[Arc<str>], parts: &mut EditionParts) {
        for file in files {
            let root = self.parse(file).map(|mut root| {
                self.record(&mut root, &CALENDAR, file);
                root
            });
            match root.as_ref().and_then(Node::map).and_then(zone::year) {
                Some(table) => {
                    parts.years.push(table);
                    self.origin.years.push(file.clone());
                }
                None => self.origin.lost_years += 1,
            }
        }
    }

    fn festivals(&mut self, file: Option<&Arc<str>>, parts: &mut EditionParts) {
        let Some(file) = file else { return };
        let root = self.parse(file).map(|mut root| {
            self.record(&mut root, &FESTIVALS, file);
            root
        });
        match root.as_ref().and_then(Node::map).and_then(zone::festivals) {
            Some(festivals) => parts.festivals = Some(festivals),
            None => self.soundness.lose(file, "*"),
        }
    }

    fn item(&mut self, id: &str, file: &Arc<str>, parts: &mut EditionParts) {
        let root = self.parse(file).map(|mut root| {
            self.record(&mut root, &ITEM, file);
            root
        });
        match root.as_ref().and_then(Node::map) {
            Some(map) => {
                let item = item::read(&mut self.reading, id, map);
                parts.items.insert(item.id.clone(), item);
                self.soundness.uses_uncertain |= map.incomplete;
            }
            None => {
                self.soundness.lose(file, "*");
                self.soundness.uses_uncertain = true;
            }
        }
    }

    fn thing(&mut self, id: &str, file: &Arc<str>, parts: &mut EditionParts) {
        let root = self.parse(file).map(|mut root| {
            self.record(&mut root, &THING, file);
            root
        });
        match root.as_ref().and_then(Node::map) {
            Some(map) => {
                let thing = thing::read(&self.reading, id, map);
                parts.things.insert(thing.id.clone(), thing);
                self.soundness.uses_uncertain |= map.incomplete;
            }
            None => {
                self.soundness.lose(file, "*");
                self.soundness.uses_uncertain = true;
            }
        }
    }

    fn known_result(&mut self, parts: &EditionParts, item: &ItemId, result: &ResultId, at: Place) {
        let Some(item) = parts.items.get(item) else { return };
        if item.results.contains_key(result)
            || !self.soundness.is_sound(&item_file(item.id.as_str()), "results")
        {
            return;
        }
        let guess = nearest(result.as_str(), item.results.keys().map(|id| id.as_str()));
        self.reading.push(unknown_name::finding(at, Kind::Result, result.as_str(), guess));
    }

    /// Checks references into items, which needs all items.
    fn cross_references(&mut self, parts: &EditionParts) {
        for material in parts.materials.values() {
            let catalogue::Issuer::Zone { item, result } = &material.issuer else { continue };
            let file = self.origin.materials.get(material.id.as_str()).cloned().unwrap_or_else(|| "".into());
            let at = place(&file).key(&material.id).key("issuer").key("result");
            self.known_result(parts, item, result, at);
        }
        for item in parts.items.values() {
            let file: Arc<str> = item_file(item.id.as_str()).into();
            for step in item.steps.values() {
                let Some(confirmed) = &step.confirms else { continue };
                let at = place(&file).key("steps").key(&step.id).key("confirms").key("result");
                self.known_result(parts, &confirmed.item, &confirmed.result, at);
            }
            for result in item.results.values() {
                for (index, old) in result.replaces.iter().enumerate() {
                    let at = place(&file).key("results").key(&result.id).key("replaces").index(index);
                    self.known_result(parts, &old.item, &old.result, at.key("result"));
                }
            }
        }
        for thing in parts.things.values() {
            let file: Arc<str> = thing_file(thing.id.as_str()).into();
            for (index, joint) in thing.joint_inspections.iter().enumerate() {
                for (place_of, (item, step)) in joint.steps.iter().enumerate() {
                    let Some(item) = parts.items.get(item) else { continue };
                    let sound = self.soundness.is_sound(&item_file(item.id.as_str()), "steps");
                    if item.steps.contains_key(step) || !sound {
                        continue;
                    }
                    let at = place(&file).key("joint_inspections").index(index).key("steps").index(place_of);
                    let guess = nearest(step.as_str(), item.steps.keys().map(|id| id.as_str()));
                    let finding = unknown_name::finding(at.key("step"), Kind::Step, step.as_str(), guess);
                    self.reading.push(finding);
                }
            }
        }
    }
}

/// Keys of items and things whose values name no field or material: losing them hides no use.
fn names_nothing(key: &str) -> bool {
    const KEYS: [&str; 43] = [
        "title",
        "summary",
        "class",
        "department",
        "codes",
        "basis",
        "limits",
        "visits",
        "reasons",
        "corrections",
        "channels",
        "applicants",
        "statutory_basis",
        "else",
        "why",
        "need",
        "copies",
        "surrender",
        "role",
        "by",
        "kind",
        "limit",
        "not_counted",
        "local",
        "officers",
        "present",
        "remote",
        "checklist",
        "returns_to",
        "tells",
        "after",
        "result",
        "fee",
        "type_code",
        "valid",
        "amount",
        "how",
        "outcome",
        "keywords",
        "home_order",
        "ask",
        "hint",
        "route",
    ];
    KEYS.contains(&key)
}

/// Whether an unreadable part of a value may have named a field or material.
fn breaks_use(key: &str, node: &Node<'_>) -> bool {
    if names_nothing(key) {
        return false;
    }
    match &node.value {
        Value::Broken => true,
        Value::List(list) => list.iter().any(|node| breaks_use(key, node)),
        Value::Map(map) => {
            map.incomplete || map.entries.iter().any(|entry| breaks_use(&entry.key.text, &entry.value))
        }
        Value::Empty | Value::Scalar(_) => false,
    }
}

/// Only items and things use fields and materials.
fn is_item_or_thing(file: &str) -> bool {
    file.starts_with("items/") || file.starts_with("things/")
}

fn is_whole(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Broken => false,
        Value::List(list) => list.iter().all(is_whole),
        Value::Map(map) => !map.incomplete && map.entries.iter().all(|entry| is_whole(&entry.value)),
        Value::Empty | Value::Scalar(_) => true,
    }
}

/// A syntax problem as a finding.
pub fn written(file: &Arc<str>, text: &str, problem: syntax::Problem) -> Finding {
    let at = Place::bytes(file.clone(), problem.at.clone());
    match problem.kind {
        ProblemKind::Malformed(what) => malformed::finding(at, what),
        ProblemKind::FullWidth { mark, ascii } => full_width::finding(at, mark, ascii),
        ProblemKind::Tab { lines } => tab::finding(at, lines),
        ProblemKind::MissingSpace => missing_space::finding(at),
        ProblemKind::Unsupported(what) => unsupported::finding(at, what),
        ProblemKind::Encoding { control } => encoding::finding(at, control),
        ProblemKind::TooDeep => too_deep::finding(at),
        ProblemKind::ByteOrderMark => byte_order_mark::finding(at),
        ProblemKind::DuplicateKey { first } => {
            let key = text.get(problem.at).unwrap_or_default().trim_matches(['"', '\'']);
            duplicate_key::finding(at, key, Place::bytes(file.clone(), first))
        }
    }
}
