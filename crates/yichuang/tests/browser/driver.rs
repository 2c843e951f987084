//! A browser: what a person sees and the little that tests must ask of the machine behind it.

use std::cell::{Cell, RefCell};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::http::{Unanswered, send};

/// The driver process; one serves many browsers.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    pub fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let mut child = command
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, after) = line.split_once("started successfully on port ")?;
            after.trim().trim_end_matches('.').parse().ok()
        });
        Self { child, port: port.expect("chromedriver prints its port") }
    }

    pub fn open(&self, look: Look) -> Browser {
        Browser::open(self.port, look)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The driver did not answer at all, which says nothing of the site.
#[derive(Debug)]
pub struct Silent;

/// Walks once more, in another browser, when the driver fell silent: it hangs now and then while a page changes. What the
/// site did wrong fails at once.
pub fn again_if_silent(walk: impl Fn()) {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(&walk)) {
        Err(why) if why.is::<Silent>() => {
            eprintln!("the driver fell silent; the walk begins anew");
            walk();
        }
        Err(why) => std::panic::resume_unwind(why),
        Ok(()) => {}
    }
}

/// How somebody looks at the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub phone: bool,
    pub script: bool,
    pub english: bool,
}

pub const PHONE: Look = Look { phone: true, script: true, english: false };
pub const DESK: Look = Look { phone: false, script: true, english: false };
pub const PHONE_WIDTH: u64 = 390;

/// How long the driver waits for a page before it says so; far less than we wait for the driver.
const LOAD: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Browser {
    port: u16,
    session: String,
    profile: PathBuf,
    pub look: Look,
    /// What the console said that nobody asked about yet.
    complaints: RefCell<Vec<String>>,
    silent: Cell<bool>,
}

impl Browser {
    fn open(port: u16, look: Look) -> Self {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let place = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("yichuang-browser-{}-{place}", std::process::id()));
        let flags = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-dev-shm-usage".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--hide-scrollbars".into(),
            format!("--lang={}", if look.english { "en-GB" } else { "zh-CN" }),
            "--window-size=1280,900".into(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let languages = if look.english { "en-GB,en" } else { "zh-CN,zh" };
        let mut options = json!({"args": flags, "prefs": {"intl.accept_languages": languages}});
        if look.phone {
            // Only pictures that are kept are drawn as finely as a phone does.
            let ratio = if std::env::var_os("YICHUANG_SHOTS").is_some() { 2.0 } else { 1.0 };
            options["mobileEmulation"] = json!({"deviceMetrics": {"width": PHONE_WIDTH, "height": 844, "pixelRatio": ratio, "touch": true}});
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"pageLoad": LOAD.as_millis() as u64}
        }}});
        let made = match send(port, "POST", "/session", Some(&wanted)) {
            Ok(made) => made,
            Err(Unanswered::Silent) => std::panic::panic_any(Silent),
            Err(Unanswered::Refused(why)) => panic!("a browser opens: {why}"),
        };
        let session = made["sessionId"].as_str().expect("a session has an id").to_owned();
        let (complaints, silent) = Default::default();
        let browser = Self { port, session, profile, look, complaints, silent };
        if !look.script {
            // The page's own scripts stop; what the driver asks of the page still works, except touching elements.
            let off = json!({"cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": true}});
            browser.command("POST", "/goog/cdp/execute", Some(&off)).expect("scripts can be switched off");
        }
        browser
    }

    pub fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        match send(self.port, method, &format!("/session/{}{path}", self.session), body) {
            Err(Unanswered::Silent) => {
                self.silent.set(true);
                std::panic::panic_any(Silent)
            }
            Err(Unanswered::Refused(why)) => Err(why),
            Ok(value) => Ok(value),
        }
    }

    fn must(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.command(method, path, body).unwrap_or_else(|error| panic!("{error}\non {}", self.address()))
    }

    pub fn go(&self, address: &str) {
        self.must("POST", "/url", Some(&json!({"url": address})));
        self.listen();
    }

    pub fn back(&self) {
        self.must("POST", "/back", Some(&json!({})));
        self.settle();
    }

    pub fn address(&self) -> String {
        self.command("GET", "/url", None)
            .ok()
            .and_then(|url| url.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Path and query of the page, decoded enough to be read.
    pub fn path(&self) -> String {
        let address = self.address();
        let after = address.splitn(4, '/').nth(3).unwrap_or_default();
        format!("/{after}")
    }

    /// Runs a script of the test's own; the page's policy does not bind it.
    pub fn run(&self, script: &str, arguments: &Value) -> Value {
        self.must("POST", "/execute/sync", Some(&json!({"script": script, "args": [arguments]})))
    }

    pub fn run_later(&self, script: &str, arguments: &Value) -> Value {
        self.must("POST", "/execute/async", Some(&json!({"script": script, "args": [arguments]})))
    }

    pub fn find(&self, selector: &str) -> Option<Element<'_>> {
        self.all(selector).into_iter().next()
    }

    pub fn all(&self, selector: &str) -> Vec<Element<'_>> {
        self.look_for(selector).unwrap_or_else(|error| panic!("{error}\non {}", self.address()))
    }

    fn look_for(&self, selector: &str) -> Result<Vec<Element<'_>>, String> {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.command("POST", "/elements", Some(&wanted))?;
        let ids = found.as_array().cloned().unwrap_or_default();
        let element = |id: Value| {
            Some(Element { browser: self, id: id.as_object()?.values().next()?.as_str()?.to_owned() })
        };
        Ok(ids.into_iter().filter_map(element).collect())
    }

    pub fn one(&self, selector: &str) -> Element<'_> {
        self.find(selector)
            .unwrap_or_else(|| panic!("{selector:?} is not on {}:\n{}", self.address(), self.text()))
    }

    pub fn has(&self, selector: &str) -> bool {
        self.find(selector).is_some()
    }

    /// All that can be read on the page.
    pub fn text(&self) -> String {
        // A page that loads itself anew may do so between being found and being read.
        for _ in 0..40 {
            let Some(body) = self.find("main").or_else(|| self.find("body")) else { return String::new() };
            match self.command("GET", &format!("/element/{}/text", body.id), None) {
                Ok(text) => return text.as_str().unwrap_or_default().to_owned(),
                Err(error)
                    if error.contains("does not belong to the document")
                        || error.contains("stale element") =>
                {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                Err(error) => panic!("{error}\non {}", self.address()),
            }
        }
        panic!("{} never stays as it is", self.address())
    }

    /// Touches the middle of what is shown, as a finger does: brought into view first, and nothing may lie over it. Many
    /// times cheaper than the driver's own click, which weighs whole programs at each.
    pub fn touch(&self, selector: &str) {
        const WHERE: &str = "
            const target = document.querySelector(arguments[0]);
            if (!target) return 'is not there';
            target.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
            const box = [...target.getClientRects()].find(each => each.width > 0 && each.height > 0);
            if (!box) return 'is not shown';
            const x = box.left + box.width / 2, y = box.top + box.height / 2;
            if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return 'is out of sight';
            const met = document.elementFromPoint(x, y);
            if (!met || !(target.contains(met) || met.contains(target))) return 'lies under ' + (met ? met.outerHTML.slice(0, 120) : 'nothing');
            return [x, y];";
        let place = self.run(WHERE, &json!(selector));
        let Some([x, y]) = place.as_array().map(Vec::as_slice) else {
            panic!("{selector:?} {place} on {}:\n{}", self.address(), self.text())
        };
        let finger = |kind: &str, points: Value| {
            let order =
                json!({"cmd": "Input.dispatchTouchEvent", "params": {"type": kind, "touchPoints": points}});
            self.must("POST", "/goog/cdp/execute", Some(&order));
        };
        finger("touchStart", json!([{"x": x, "y": y}]));
        finger("touchEnd", json!([]));
    }

    /// Gives a text whole, wherever the focus is, as a phone's keyboard does.
    pub fn insert(&self, text: &str) {
        let order = json!({"cmd": "Input.insertText", "params": {"text": text}});
        self.must("POST", "/goog/cdp/execute", Some(&order));
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub fn keys(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({"type": "keyDown", "value": key.to_string()}),
                    json!({"type": "keyUp", "value": key.to_string()}),
                ]
            })
            .collect();
        let actions = json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]});
        self.must("POST", "/actions", Some(&actions));
    }

    /// Waits until the address is another than before, or a new document stands at the same one.
    pub fn after(&self, act: impl FnOnce()) {
        let before = self.find("html").map(|html| html.id.clone());
        act();
        let until = Instant::now() + 3 * LOAD;
        while Instant::now() < until {
            // While pages change the driver may have none to look at, or tire of waiting for one.
            let now = self.look_for("html").ok().and_then(|found| Some(found.first()?.id.clone()));
            if now.is_some() && now != before {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        if Instant::now() >= until {
            let focus = self.run("return document.activeElement.outerHTML.slice(0, 300)", &json!(null));
            panic!("nothing came of it on {}; the focus is on {focus}:\n{}", self.address(), self.text());
        }
        self.settle();
    }

    fn settle(&self) {
        if self.look.script {
            let until = Instant::now() + Duration::from_secs(30);
            while self.run("return document.readyState", &json!(null)) != "complete" && Instant::now() < until
            {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        self.listen();
    }

    /// Collects what the console said since the last time.
    fn listen(&self) {
        let Ok(entries) = self.command("POST", "/se/log", Some(&json!({"type": "browser"}))) else { return };
        for entry in entries.as_array().into_iter().flatten() {
            let message = entry["message"].as_str().unwrap_or_default();
            // A page that is refused on purpose answers with its status, which the browser repeats on the console.
            let expected = message.contains("Failed to load resource")
                && message.contains("the server responded with a status of 4");
            if matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")) && !expected {
                self.complaints.borrow_mut().push(message.to_owned());
            }
        }
    }

    /// Gives a file to a control, as the window for choosing files does.
    pub fn attach(&self, selector: &str, path: &str) {
        let ask = |cmd: &str, params: Value| {
            self.must("POST", "/goog/cdp/execute", Some(&json!({"cmd": cmd, "params": params})))
        };
        let page = ask("DOM.getDocument", json!({"depth": 0}))["root"]["nodeId"].clone();
        let node = ask("DOM.querySelector", json!({"nodeId": page, "selector": selector}))["nodeId"].clone();
        ask("DOM.setFileInputFiles", json!({"files": [path], "nodeId": node}));
    }

    /// Errors and policy violations on the console so far.
    pub fn complaints(&self) -> Vec<String> {
        self.listen();
        self.complaints.take()
    }

    pub fn cookie(&self, name: &str) -> Option<Value> {
        self.command("GET", &format!("/cookie/{name}"), None).ok()
    }

    pub fn forget(&self) {
        self.must("DELETE", "/cookie", None);
    }

    pub fn give_cookie(&self, cookie: &Value) {
        self.must("POST", "/cookie", Some(&json!({"cookie": cookie})));
    }

    /// What a printer would get; kept beside the pictures.
    pub fn print(&self, name: &str) -> Vec<u8> {
        let order = json!({"cmd": "Page.printToPDF", "params": {"preferCSSPageSize": true, "printBackground": false}});
        let printed = self.must("POST", "/goog/cdp/execute", Some(&order));
        let bytes = base64(printed["data"].as_str().unwrap_or_default());
        if let Some(folder) = std::env::var_os("YICHUANG_SHOTS") {
            let _ = std::fs::create_dir_all(&folder);
            let _ = std::fs::write(PathBuf::from(folder).join(format!("{name}.pdf")), &bytes);
        }
        bytes
    }

    /// Keeps a picture of the whole page when `YICHUANG_SHOTS` names a folder.
    pub fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("YICHUANG_SHOTS") else { return };
        let clip = json!({"cmd": "Page.captureScreenshot", "params": {"format": "png", "captureBeyondViewport": true, "fromSurface": true}});
        if let Ok(taken) = self.command("POST", "/goog/cdp/execute", Some(&clip)) {
            let bytes = base64(taken["data"].as_str().unwrap_or_default());
            let _ = std::fs::create_dir_all(&folder);
            let _ = std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), bytes);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that fell silent would not answer this either; its browser goes with it.
        if self.silent.get() {
            let _ = Command::new("pkill").arg("-9").arg("-f").arg(&self.profile).status();
        } else {
            let _ = send(self.port, "DELETE", &format!("/session/{}", self.session), None);
        }
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A part of a page.
#[derive(Debug)]
pub struct Element<'b> {
    browser: &'b Browser,
    pub id: String,
}

impl Element<'_> {
    fn ask(&self, method: &str, what: &str, body: Option<&Value>) -> Value {
        self.browser.must(method, &format!("/element/{}{what}", self.id), body)
    }

    /// Another element of the same page.
    pub fn other(&self, id: String) -> Self {
        Self { browser: self.browser, id }
    }

    pub fn text(&self) -> String {
        self.ask("GET", "/text", None).as_str().unwrap_or_default().to_owned()
    }

    pub fn attribute(&self, name: &str) -> Option<String> {
        self.ask("GET", &format!("/attribute/{name}"), None).as_str().map(str::to_owned)
    }

    pub fn is_chosen(&self) -> bool {
        self.ask("GET", "/selected", None) == true
    }

    /// Touches it on a phone, clicks it elsewhere.
    pub fn tap(&self) {
        self.ask("POST", "/click", Some(&json!({})));
    }

    pub fn type_in(&self, text: &str) {
        self.ask("POST", "/value", Some(&json!({"text": text})));
    }

    pub fn clear(&self) {
        self.ask("POST", "/clear", Some(&json!({})));
    }
}

/// Decodes the driver's pictures.
pub fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for six in text.bytes().filter_map(digit) {
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}
