//! What every page must be: accessible, within the width of a phone, quiet on the console.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::driver::{Browser, PHONE_WIDTH};
use crate::site::Site;

/// Collects every fault of a walk, so that one run tells all.
#[derive(Debug, Default)]
pub struct Audit {
    faults: Vec<String>,
    seen: BTreeSet<String>,
    pages: usize,
}

impl Audit {
    /// Judges the page that is shown; once per name.
    pub fn page(&mut self, site: &Site, browser: &Browser, name: &str) {
        let look = browser.look;
        let kind = format!(
            "{name}-{}-{}",
            if look.phone { 390 } else { 1280 },
            if look.english { "en" } else { "zh" }
        );
        for complaint in browser.complaints() {
            self.fault(format!("{kind}: console: {complaint}"));
        }
        if !self.seen.insert(kind.clone()) {
            return;
        }
        self.pages += 1;
        browser.picture(&kind);
        if !look.script {
            return;
        }
        if look.phone {
            self.width(browser, &kind);
            self.targets(browser, &kind);
        }
        self.axe(site, browser, &kind);
    }

    fn width(&mut self, browser: &Browser, kind: &str) {
        const SCRIPT: &str = "
            const width = arguments[0], wide = [];
            for (const each of document.body.querySelectorAll('*')) {
                const box = each.getBoundingClientRect();
                // A line that may not break runs out of a box that itself is in its place.
                const right = Math.max(box.right, getComputedStyle(each).overflowX === 'visible' ? box.left + each.scrollWidth : 0);
                if (right > width + 1 && box.width > 0 && !each.closest('.table-wrap, .visually-hidden, .skip, pre, svg'))
                    wide.push(each.tagName + '.' + each.className + ' ' + Math.round(right));
            }
            return {width: document.scrollingElement.scrollWidth, wide: wide.slice(-4)};";
        let found = browser.run(SCRIPT, &json!(PHONE_WIDTH));
        if found["width"].as_u64() > Some(PHONE_WIDTH) {
            self.fault(format!("{kind}: {} px wide on a phone: {}", found["width"], found["wide"]));
        }
    }

    /// What is touched alone, outside running text, is at least 24 px each way, as WCAG 2.2 asks.
    fn targets(&mut self, browser: &Browser, kind: &str) {
        const SCRIPT: &str = "
            const small = [];
            for (const each of document.querySelectorAll('main button, main select, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), main a.button, main summary')) {
                const box = each.getBoundingClientRect();
                if (box.width === 0 || each.closest('.visually-hidden') || each.matches('.visually-hidden')) continue;
                if (box.height < 24 || box.width < 24) small.push(each.outerHTML.slice(0, 90) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
            }
            return small.slice(0, 5);";
        let found = browser.run(SCRIPT, &Value::Null);
        for small in found.as_array().into_iter().flatten() {
            self.fault(format!("{kind}: small target: {small}"));
        }
    }

    fn axe(&mut self, site: &Site, browser: &Browser, kind: &str) {
        browser.run(&site.axe, &Value::Null);
        let script = "
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})
               .then(found => done(found.violations.map(each => ({id: each.id, help: each.help, nodes: each.nodes.slice(0, 3).map(node => node.target.join(' ') + ' — ' + (node.failureSummary || '').replace(/\\s+/g, ' '))}))))
               .catch(error => done([{id: 'axe', help: String(error), nodes: []}]));";
        let found = browser.run_later(script, &Value::Null);
        for violation in found.as_array().into_iter().flatten() {
            let places: Vec<&str> =
                violation["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            self.fault(format!(
                "{kind}: {}: {}\n      {}",
                violation["id"].as_str().unwrap_or_default(),
                violation["help"].as_str().unwrap_or_default(),
                places.join("\n      ")
            ));
        }
    }

    fn fault(&mut self, text: String) {
        eprintln!("{text}");
        self.faults.push(text);
    }

    /// Fails with everything that was found.
    pub fn close(self, pages_min: usize) {
        assert!(
            self.faults.is_empty(),
            "{} faults on {} pages:\n  {}",
            self.faults.len(),
            self.pages,
            self.faults.join("\n  ")
        );
        assert!(self.pages >= pages_min, "only {} pages were judged", self.pages);
    }
}
