//! How somebody works a page: touching it, or with nothing but a keyboard.

use serde_json::{Value, json};

use crate::driver::{Browser, Element};

pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Touch,
    Keys,
}

impl Hand {
    /// Brings the focus to the element with Tab alone. A control that Tab never reaches fails the test.
    pub fn reach(self, browser: &Browser, selector: &str) {
        const THERE: &str = "
            const target = document.querySelector(arguments[0]), now = document.activeElement;
            if (target === now) return true;
            // One Tab stop stands for a whole group of radio buttons.
            return target.type === 'radio' && now.type === 'radio' && now.name === target.name && now.form === target.form;";
        const STOPS_MAX: usize = 400;
        for _ in 0..STOPS_MAX {
            if browser.run(THERE, &json!(selector)) == true {
                return;
            }
            browser.keys(TAB);
        }
        panic!("Tab never reaches {selector} on {}", browser.address());
    }

    /// Presses what changes the page that is shown.
    pub fn press(self, browser: &Browser, selector: &str) {
        match self {
            Hand::Touch => browser.one(selector).tap(),
            Hand::Keys => {
                self.reach(browser, selector);
                browser.keys(ENTER);
            }
        }
    }

    /// Presses what leads to another page.
    pub fn follow(self, browser: &Browser, selector: &str) {
        if self == Hand::Keys {
            self.reach(browser, selector);
        }
        browser.after(|| match self {
            Hand::Touch => browser.one(selector).tap(),
            Hand::Keys => browser.keys(ENTER),
        });
    }

    /// Chooses a radio button or ticks a box.
    pub fn choose(self, browser: &Browser, selector: &str) {
        if browser.one(selector).is_chosen() {
            return;
        }
        match self {
            Hand::Touch => label(browser, selector).tap(),
            Hand::Keys => {
                self.reach(browser, selector);
                browser.keys(" ");
                // In a group where another was chosen, arrows walk to the one that is meant.
                for _ in 0..12 {
                    if browser.one(selector).is_chosen() {
                        return;
                    }
                    browser.keys("\u{E015}");
                }
            }
        }
        assert!(browser.one(selector).is_chosen(), "{selector} cannot be chosen on {}", browser.address());
    }

    pub fn write(self, browser: &Browser, selector: &str, text: &str) {
        let element = browser.one(selector);
        let kind = element.attribute("type").unwrap_or_default();
        match self {
            // Files and calendars have windows of their own, which a driver fills in directly.
            _ if kind == "file" => browser.attach(selector, text),
            // Typed keys would land in the order of day and month that the machine's language has.
            _ if kind == "date" => {
                const SET: &str = "
                    const date = document.querySelector(arguments[0][0]);
                    date.value = arguments[0][1];
                    for (const what of ['input', 'change']) date.dispatchEvent(new Event(what, {bubbles: true}));";
                browser.run(SET, &json!([selector, text]));
            }
            Hand::Touch => {
                element.tap();
                element.clear();
                element.type_in(text);
            }
            Hand::Keys => {
                self.reach(browser, selector);
                if !element.attribute("value").unwrap_or_default().is_empty() {
                    browser.keys("\u{E010}");
                    let length = element.attribute("value").unwrap_or_default().chars().count();
                    browser.keys(&"\u{E003}".repeat(length));
                }
                browser.keys(text);
            }
        }
    }

    /// Takes the entry of a list with this place, from 0.
    pub fn pick(self, browser: &Browser, selector: &str, place: usize) {
        match self {
            Hand::Touch => {
                let options = browser.all(&format!("{selector} option"));
                options.get(place).unwrap_or_else(|| panic!("{selector} has no option {place}")).tap();
            }
            Hand::Keys => {
                self.reach(browser, selector);
                browser.keys(&"\u{E015}".repeat(place));
            }
        }
    }

    /// Presses twice, as impatient people do.
    pub fn press_twice(self, browser: &Browser, selector: &str) {
        match self {
            Hand::Touch => {
                let id = browser.one(selector).id;
                let origin = json!({"element-6066-11e4-a52e-4f735466cecf": id});
                let mut strokes =
                    vec![json!({"type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0})];
                for _ in 0..2 {
                    strokes.push(json!({"type": "pointerDown", "button": 0}));
                    strokes.push(json!({"type": "pointerUp", "button": 0}));
                }
                let actions = json!({"actions": [{"type": "pointer", "id": "finger", "parameters": {"pointerType": "mouse"}, "actions": strokes}]});
                // The second touch may find the page already gone.
                let _ = browser.command("POST", "/actions", Some(&actions));
            }
            Hand::Keys => {
                self.reach(browser, selector);
                browser.keys(&format!("{ENTER}{ENTER}"));
            }
        }
    }
}

fn label<'b>(browser: &'b Browser, selector: &str) -> Element<'b> {
    let element = browser.one(selector);
    // The label is the large target; the control itself may be drawn small.
    let id = browser.run(
        "return arguments[0].closest ? (arguments[0].closest('label') || arguments[0]) : arguments[0]",
        &reference(&element),
    );
    let id =
        id.as_object().and_then(|object| object.values().next()).and_then(Value::as_str).map(str::to_owned);
    match id {
        Some(id) => element.other(id),
        None => element,
    }
}

fn reference(element: &Element<'_>) -> Value {
    json!({"element-6066-11e4-a52e-4f735466cecf": element.id})
}
