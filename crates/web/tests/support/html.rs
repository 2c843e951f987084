//! Reading pages as a browser would, as far as tests need it: forms, their controls, plain text.

use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub multipart: bool,
    pub controls: Vec<Control>,
}

#[derive(Clone, Debug)]
pub struct Control {
    pub tag: String,
    pub kind: String,
    pub name: String,
    pub value: String,
    pub checked: bool,
    pub required: bool,
}

struct Tag<'h> {
    name: &'h str,
    attributes: BTreeMap<&'h str, String>,
    closing: bool,
    /// Where the text after it begins.
    end: usize,
    start: usize,
}

/// Every form of a page, in order.
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    // Controls that stand elsewhere and name their form.
    let mut elsewhere: Vec<(String, Control)> = Vec::new();
    let mut open = false;
    let mut select: Option<String> = None;
    for tag in tags(page) {
        let attribute = |name: &str| tag.attributes.get(name).cloned().unwrap_or_default();
        match (tag.name, tag.closing) {
            ("form", false) => {
                open = true;
                ids.push(attribute("id"));
                forms.push(Form {
                    action: attribute("action"),
                    method: attribute("method"),
                    multipart: attribute("enctype") == "multipart/form-data",
                    controls: Vec::new(),
                });
            }
            ("form", true) => open = false,
            ("select", false) => select = Some(attribute("name")),
            ("select", true) => select = None,
            ("input" | "button" | "textarea", false) if open || tag.attributes.contains_key("form") => {
                let value = if tag.name == "textarea" {
                    let rest = &page[tag.end..];
                    unescape(&rest[..rest.find("</textarea>").unwrap_or(0)])
                } else {
                    attribute("value")
                };
                let control = Control {
                    tag: tag.name.into(),
                    kind: attribute("type"),
                    name: attribute("name"),
                    value,
                    checked: tag.attributes.contains_key("checked"),
                    required: tag.attributes.contains_key("required") || attribute("aria-required") == "true",
                };
                match tag.attributes.get("form") {
                    Some(form) => elsewhere.push((form.clone(), control)),
                    None => forms.last_mut().unwrap().controls.push(control),
                }
            }
            ("option", false) if open => {
                let control = Control {
                    tag: "option".into(),
                    kind: String::new(),
                    name: select.clone().unwrap_or_default(),
                    value: attribute("value"),
                    checked: tag.attributes.contains_key("selected"),
                    required: false,
                };
                forms.last_mut().unwrap().controls.push(control);
            }
            _ => {}
        }
    }
    for (id, control) in elsewhere {
        let place = ids.iter().position(|each| *each == id);
        forms[place.unwrap_or_else(|| panic!("no form {id:?}"))].controls.push(control);
    }
    forms
}

impl Form {
    /// What a browser would send if nothing were touched, without buttons and files.
    pub fn untouched(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for control in self.controls.iter().filter(|control| !control.name.is_empty()) {
            let sent = match (control.tag.as_str(), control.kind.as_str()) {
                ("button", _) | (_, "file" | "submit") => false,
                ("option", _) | (_, "radio" | "checkbox") => control.checked,
                _ => true,
            };
            if sent {
                pairs.push((control.name.clone(), control.value.clone()));
            }
        }
        pairs
    }

    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for control in &self.controls {
            if !names.contains(&control.name.as_str()) {
                names.push(&control.name);
            }
        }
        names
    }
}

fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = page[at..].find('<') {
        let start = at + open;
        let bytes = page.as_bytes();
        let mut end = start + 1;
        let mut quoted = false;
        while end < bytes.len() && (quoted || bytes[end] != b'>') {
            quoted ^= bytes[end] == b'"';
            end += 1;
        }
        let inner = &page[start + 1..end.min(page.len())];
        at = (end + 1).min(page.len());
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name_end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        found.push(Tag {
            name: &inner[..name_end],
            attributes: attributes(&inner[name_end..]),
            closing,
            end: at,
            start,
        });
    }
    found
}

fn attributes(mut text: &str) -> BTreeMap<&str, String> {
    let mut found = BTreeMap::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return found;
        }
        let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
        let name = &text[..end];
        text = &text[end..];
        if let Some(rest) = text.strip_prefix("=\"") {
            let end = rest.find('"').unwrap_or(rest.len());
            found.insert(name, unescape(&rest[..end]));
            text = rest.get(end + 1..).unwrap_or("");
        } else {
            found.insert(name, String::new());
        }
    }
}

/// What a person reads: no tags, no script.
pub fn text(page: &str) -> String {
    let mut out = String::new();
    let mut last = 0;
    for tag in tags(page) {
        out.push_str(&page[last..tag.start]);
        last = tag.end;
    }
    out.push_str(&page[last..]);
    unescape(&out)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
