//! What walks found: each kind once, with the steps that lead to it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::driver::Browser;

#[derive(Debug, Default)]
struct Found {
    times: usize,
    steps: Vec<String>,
    kept: String,
}

#[derive(Debug, Default)]
pub struct Findings(Mutex<BTreeMap<String, Found>>);

impl Findings {
    /// Keeps what was found. Pictures and texts are taken the first time only.
    pub fn add(&self, what: &str, steps: &[String], browser: Option<&Browser>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.len() + 1;
        let found = all.entry(what.to_owned()).or_default();
        found.times += 1;
        if found.times > 1 {
            return;
        }
        eprintln!("FOUND {what}");
        found.steps = steps.to_vec();
        if let Some(browser) = browser {
            let folder = folder();
            let _ = std::fs::create_dir_all(&folder);
            let stem = folder.join(format!("{place:03}"));
            let shot = browser.command("GET", "/screenshot", None).ok();
            if let Some(shot) = shot.as_ref().and_then(|shot| shot.as_str()) {
                let _ = std::fs::write(stem.with_extension("png"), crate::driver::base64(shot));
            }
            let text = serde_json::json!({"script": "return document.body.innerText", "args": []});
            let text = browser.command("POST", "/execute/sync", Some(&text)).ok();
            let text = text.as_ref().and_then(|text| text.as_str()).unwrap_or_default().to_owned();
            let _ = std::fs::write(
                stem.with_extension("txt"),
                format!("{what}\n\n{}\n\n{text}\n", steps.join("\n")),
            );
            found.kept = stem.display().to_string();
        }
    }

    /// Prints everything, and fails if there is anything.
    pub fn close(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, found) in all.iter() {
            println!("\n× {what} ({} times) {}", found.times, found.kept);
            for step in &found.steps {
                println!("    {step}");
            }
        }
        assert!(all.is_empty(), "{} kinds of findings, listed above", all.len());
    }
}

fn folder() -> PathBuf {
    let named = std::env::var_os("YICHUANG_WALK_KEEP").map(PathBuf::from);
    named.unwrap_or_else(|| std::env::temp_dir().join("yichuang-walk"))
}
