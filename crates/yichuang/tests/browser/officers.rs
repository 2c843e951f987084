//! Officers at work: whoever has something to do on a case does it, until nothing is left.

use serde_json::json;

use crate::apply::Walk;
use crate::http;

const SESSION: &str = "yc_session";
/// Rounds through all officers; each round at least one step is done, or the case stands.
const ROUNDS_MAX: usize = 30;
const ACTS: [&str; 5] = ["accept", "complete", "grant", "issue", "deliver"];

impl Walk<'_> {
    pub fn sign_in(&mut self, login: &str) {
        self.browser.forget();
        self.go("/sign-in");
        self.judge("sign-in");
        let password = self.site.password.clone();
        self.hand.write(self.browser, "#login", login);
        self.hand.write(self.browser, "#password", &password);
        self.follow("main form:has(#password) button[type=submit]");
        assert!(self.browser.cookie(SESSION).is_some(), "{login} is not signed in: {}", self.browser.text());
    }

    /// Goes on as somebody who is signed in already.
    pub fn be(&self, login: &str) {
        let session = self.site.session_of(login);
        self.browser.forget();
        self.browser.give_cookie(&json!({"name": SESSION, "value": session}));
    }

    /// Lets every officer do what they can on the case until nobody can do anything more; gives how many acts it took.
    pub fn work_through(&mut self, number: &str) -> usize {
        let host = self.site.address.trim_start_matches("http://").to_owned();
        let path = format!("/desk/cases/{number}");
        let mut done = 0;
        for _ in 0..ROUNDS_MAX {
            let before = done;
            for officer in self.site.officers() {
                // Most have nothing to do here: that is seen in the source, without drawing the page.
                let source =
                    http::page(&host, &path, &format!("{SESSION}={}", self.site.session_of(&officer)))
                        .expect("the site answers");
                if !ACTS.iter().any(|act| source.contains(&format!("name=\"act\" value=\"{act}\""))) {
                    continue;
                }
                self.be(&officer);
                self.go(&path);
                while self.act(number) {
                    done += 1;
                }
            }
            if done == before {
                return done;
            }
        }
        panic!("{number} is not done after {ROUNDS_MAX} rounds");
    }

    /// One act on the case that is shown, if this officer has one. What is folded is opened first.
    fn act(&mut self, number: &str) -> bool {
        const CHOOSE: &str = "
            const forms = [...document.querySelectorAll('form')].filter(form => {
                const act = form.querySelector(':scope > input[name=act]');
                return act && arguments[0].includes(act.value);
            });
            const form = forms.find(form => form.getClientRects().length > 0) || forms[0];
            if (!form) return null;
            form.dataset.now = '1';
            const folded = form.closest('details:not([open])');
            if (folded) folded.querySelector('summary').dataset.now = '1';
            return form.querySelector(':scope > input[name=act]').value;";
        let act = self.browser.run(CHOOSE, &json!(ACTS));
        let Some(act) = act.as_str() else { return false };
        if self.browser.has("summary[data-now]") {
            self.hand.press(self.browser, "summary[data-now]");
        }
        self.judge(&format!("case-{act}"));
        // Every point of a check list wants its own verdict; the first is that all is well.
        const OPEN: &str = "
            const wanted = [...document.querySelectorAll('form[data-now] input[type=radio][required]')];
            const open = wanted.filter(one => !wanted.some(other => other.name === one.name && other.checked));
            return [...new Set(open.map(one => one.name))];";
        let points = self.browser.run(OPEN, &json!(null));
        for name in points.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
            self.hand.choose(self.browser, &format!("form[data-now] input[name=\"{name}\"]"));
        }
        // Two officers must look where the law wants two.
        let other = "form[data-now] input[name=officer]";
        if self.browser.has(other) {
            self.hand.choose(self.browser, other);
        }
        self.follow("form[data-now] button[type=submit]");
        let text = || self.browser.text();
        assert!(!self.browser.has(".error-summary"), "{act} on {number} is refused:\n{}", text());
        self.judge(&format!("case-after-{act}"));
        true
    }
}
