//! An applicant at work: finds a thing, answers what the page asks, hands in, and keeps the number.
//!
//! Knows kinds of questions, never a service: answers come from the page's own choices and examples.

use serde::Deserialize;
use serde_json::json;

use crate::audit::Audit;
use crate::driver::Browser;
use crate::hand::Hand;
use crate::site::Site;

/// Sections that one form may have; more would be a page that leads back to itself.
const PAGES_MAX: usize = 40;

/// A question as the page asks it.
#[derive(Debug, Deserialize)]
struct Question {
    mark: usize,
    kind: String,
    label: String,
    hint: String,
    mono: bool,
    decimal: bool,
    place: bool,
    filled: bool,
}

const QUESTIONS: &str = "
    const form = document.querySelector(arguments[0]), seen = new Set(), out = [];
    if (!form) return out;
    for (const each of form.querySelectorAll('input, select, textarea')) {
        if (each.type === 'hidden' || seen.has(each.tagName + each.name) || each.closest('details:not([open])') || /\\.[1-9]\\d*\\.[^.]+$/.test(each.name)) continue;
        seen.add(each.tagName + each.name);
        const many = each.type === 'radio' || each.type === 'checkbox';
        const group = many ? [...form.querySelectorAll('[name=\"' + CSS.escape(each.name) + '\"]')].filter(one => one.type === each.type) : [each];
        const question = each.closest('.question, fieldset') || each.parentElement;
        const label = question.querySelector('legend, label');
        out.push({mark: out.length, kind: each.tagName === 'SELECT' ? 'select' : each.tagName === 'TEXTAREA' ? 'text' : each.type,
            label: label ? label.innerText : '', hint: (question.querySelector('.hint') || {innerText: ''}).innerText,
            mono: each.classList.contains('mono'), decimal: each.inputMode === 'decimal' || each.inputMode === 'numeric',
            place: !!question.querySelector('[data-locate]'),
            filled: many ? group.some(one => one.checked) : each.value !== ''});
        document.querySelectorAll('[data-mark=\"' + (out.length - 1) + '\"]').forEach(one => one.removeAttribute('data-mark'));
        group[0].dataset.mark = out.length - 1;
    }
    return out;";

/// Something that fits the question.
fn answer(question: &Question, today: &str) -> String {
    let label = question.label.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if question.kind == "date" {
        return today.to_owned();
    }
    if question.kind == "tel" {
        return "13800001234".to_owned();
    }
    if question.decimal {
        return "120".to_owned();
    }
    if question.place {
        return "36.266000,120.244000".to_owned();
    }
    if question.mono || says(&["证件号", "身份证", "identity"]) {
        return if says(&["信用代码", "credit"]) { "91370271MBYC10033U" } else { "11010519491231002X" }
            .to_owned();
    }
    if let Some(example) = example(&question.hint) {
        return example;
    }
    if says(&["姓名", "person"]) { "王小明".to_owned() } else { "春天路 8 号".to_owned() }
}

/// What a hint gives as an example.
fn example(hint: &str) -> Option<String> {
    let after = ["例如", "比如", "for example "].iter().find_map(|word| Some(hint.split_once(word)?.1))?;
    let after = after.trim_start_matches([':', '：', ' ', '“', '"']);
    let end = after.find(['，', '。', '；', '”', '"', '、', ';', '\n']).unwrap_or(after.len());
    let example = after[..end].trim().trim_end_matches('.');
    (!example.is_empty()).then(|| example.to_owned())
}

/// A walk through the site with everything passed judged.
#[derive(Debug)]
pub struct Walk<'s> {
    pub site: &'s Site,
    pub browser: &'s Browser,
    pub hand: Hand,
    pub audit: Audit,
}

impl<'s> Walk<'s> {
    pub fn new(site: &'s Site, browser: &'s Browser, hand: Hand) -> Self {
        Self { site, browser, hand, audit: Audit::default() }
    }

    pub fn judge(&mut self, name: &str) {
        self.audit.page(self.site, self.browser, name);
    }

    pub fn go(&self, path: &str) {
        self.browser.go(&self.site.at(path));
    }

    pub fn follow(&self, selector: &str) {
        self.hand.follow(self.browser, selector);
    }

    /// From the first page to the number.
    pub fn apply(&mut self) -> String {
        self.find_thing();
        self.begin();
        self.fill_in();
        self.bring_papers();
        self.hand_in()
    }

    /// Searches by the words of the first thing that the first page offers, and opens its guide.
    pub fn find_thing(&mut self) {
        self.go("/");
        self.judge("home");
        let title = self.browser.one(".things .thing a").text();
        self.hand.write(self.browser, "#q", &title);
        self.follow("form[role=search] button");
        self.judge("search-found");
        assert_eq!(self.browser.one(".things .thing a").text(), title, "what is called so is found first");
        self.follow(".things .thing a");
        self.judge("thing");
        assert_eq!(self.browser.one("h1").text(), title);
    }

    /// Says what the own situation is, looks what it takes, and begins.
    pub fn begin(&mut self) {
        self.answer_all("main form[method=get]:not([role=search])");
        self.follow("main form[method=get]:not([role=search]) button[type=submit]");
        self.judge("thing-own");
        self.follow("form.begin button[type=submit]");
        self.judge("tasks");
        assert!(self.browser.path().starts_with("/drafts/"), "{}", self.browser.path());
    }

    pub fn fill_in(&mut self) {
        self.follow(".actions a.button");
        self.fill_in_here();
    }

    /// Answers section after section, beginning with the one that is shown.
    pub fn fill_in_here(&mut self) {
        for _ in 0..PAGES_MAX {
            let path = self.browser.path();
            if !path.contains("/s/") {
                return;
            }
            let title = self.browser.one("h1").text();
            self.judge(&format!("section-{title}"));
            self.fill_section();
            self.follow("form[data-autosave] .actions button[value=on]");
            if self.browser.has(".error-summary") {
                self.judge(&format!("section-{title}-refused"));
                panic!("{path}: answers that fit the questions are refused:\n{}", self.browser.text());
            }
        }
        panic!("after {PAGES_MAX} pages there is still a section: {}", self.browser.path());
    }

    fn fill_section(&mut self) {
        // A file is an answer of its own page.
        while let Some(attach) =
            self.browser.all("button[name=attach]").into_iter().find(|button| !self.has_file_before(button))
        {
            let value = attach.attribute("value").unwrap_or_default();
            self.follow(&format!("button[name=attach][value=\"{value}\"]"));
            self.judge("answer-file");
            let paper = self.paper();
            self.hand.write(self.browser, "main input[type=file]", &paper);
            self.follow("main form[enctype] button[type=submit]");
        }
        self.answer_all("form[data-autosave]");
    }

    fn has_file_before(&self, button: &crate::driver::Element<'_>) -> bool {
        let script = "const note = arguments[0].previousElementSibling; return !!note && !note.classList.contains('quiet');";
        self.browser.run(script, &json!({"element-6066-11e4-a52e-4f735466cecf": button.id})) == true
    }

    fn answer_all(&mut self, form: &str) {
        let today = jiff::Timestamp::now().to_string()[..10].to_owned();
        let asked = self.browser.run(QUESTIONS, &json!(form));
        let asked: Vec<Question> = serde_json::from_value(asked).expect("questions have their shape");
        for question in asked.iter().filter(|question| !question.filled) {
            let selector = format!("{form} [data-mark=\"{}\"]", question.mark);
            match question.kind.as_str() {
                "radio" | "checkbox" => self.hand.choose(self.browser, &selector),
                "select" => self.hand.pick(self.browser, &selector, 1),
                "file" => {}
                _ => self.hand.write(self.browser, &selector, &answer(question, &today)),
            }
        }
    }

    /// A file that is a real document.
    pub fn paper(&self) -> String {
        let path = std::env::temp_dir().join(format!("yichuang-paper-{}.pdf", std::process::id()));
        std::fs::write(&path, PDF).expect("a temporary file can be written");
        path.into_os_string().into_string().expect("a UTF-8 path")
    }

    pub fn bring_papers(&mut self) {
        for _ in 0..PAGES_MAX {
            if !self.browser.path().contains("/papers") {
                return;
            }
            self.judge("papers");
            let bare = "section.paper:not(:has(ul.files)) .upload";
            if !self.browser.has(bare) {
                self.judge("papers-there");
                self.follow("main .actions button[name=go][value=check]");
                return;
            }
            // Choosing sends: the paper's own part of the page changes, and nothing else does.
            let paper = self.paper();
            let before = self.browser.all(bare).len();
            self.browser.attach(&format!("{bare} input[type=file]"), &paper);
            // Without script one button sends whatever was chosen.
            if self.browser.run("return typeof htmx", &serde_json::Value::Null) == "undefined" {
                self.follow(&format!("{bare} button[type=submit]"));
                continue;
            }
            let arrived = "const done = arguments[arguments.length - 1], [bare, before] = arguments[0];
                (function look(tries) {
                    if (document.querySelectorAll(bare).length < before || !tries) done(!!tries); else setTimeout(look, 50, tries - 1);
                })(200);";
            let arrived = self.browser.run_later(arrived, &json!([bare, before]));
            assert_eq!(arrived, true, "what was chosen goes up by itself:\n{}", self.browser.text());
        }
        panic!("papers are wanted without end");
    }

    /// Hands in, twice at once, and gets one number.
    pub fn hand_in(&mut self) -> String {
        self.judge("check");
        let submit = "form[action$=\"/submit\"] button[type=submit]";
        assert!(
            self.browser.has(submit),
            "nothing is missing, yet it cannot be handed in:\n{}",
            self.browser.text()
        );
        self.browser.after(|| self.hand.press_twice(self.browser, submit));
        self.judge("number");
        let path = self.browser.path();
        let number = path.strip_prefix("/cases/").and_then(|rest| rest.strip_suffix("/number"));
        number
            .unwrap_or_else(|| {
                panic!("handing in leads to a number, not to {path}:\n{}", self.browser.text())
            })
            .to_owned()
    }
}

const PDF: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000052 00000 n 
0000000101 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
164
%%EOF
";
