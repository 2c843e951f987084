//! The main jobs, from the first page to the licence.

use crate::apply::Walk;
use crate::driver::{DESK, Look, PHONE, again_if_silent};
use crate::hand::Hand;
use crate::site::Site;

#[test]
fn an_applicant_and_the_zone_get_a_thing_done_by_touch_on_a_phone() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(PHONE);
        let mut walk = Walk::new(&site, &browser, Hand::Touch);
        let number = walk.apply();
        let applicant = walk.browser.cookie("yc_key").expect("a guest keeps a key");

        walk.follow(&format!("a.button[href=\"/cases/{number}\"]"));
        walk.judge("tracking-new");
        walk.go("/my");
        walk.judge("my");
        let cases = walk.browser.all(&format!("main a[href^=\"/cases/{number}\"]")).len();
        assert!(cases >= 1, "the case is in the list");
        let all = walk.browser.all("main a[href^=\"/cases/\"]").len();
        assert_eq!(all, cases, "handing in twice at once makes one case");

        let acts = walk.work_through(&number);
        assert!(acts >= 4, "acceptance, examination, decision and issue are {acts} acts");

        walk.browser.forget();
        walk.browser.give_cookie(&applicant);
        walk.go(&format!("/cases/{number}"));
        walk.judge("tracking-done");
        let result = "main a[href*=\"/results/\"]";
        assert!(walk.browser.has(result), "the licence is on the applicant's page:\n{}", walk.browser.text());
        walk.follow(result);
        walk.judge("result");

        // Anybody may check it.
        let identifier = walk.browser.path().rsplit('/').next().unwrap_or_default().to_owned();
        walk.browser.forget();
        walk.go(&format!("/v/{identifier}"));
        walk.judge("verify");
        assert!(walk.browser.has("main .good"), "the licence is valid: {}", walk.browser.text());

        // A good word at the end.
        walk.browser.give_cookie(&applicant);
        walk.go(&format!("/cases/{number}"));
        walk.hand.choose(&browser, "form[action$=\"/rate\"] input[name=level]");
        walk.follow("form[action$=\"/rate\"] button[type=submit]");
        walk.judge("rated");
        walk.audit.close(25);
    });
}

#[test]
fn the_same_job_is_done_with_nothing_but_a_keyboard_at_a_desk() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(DESK);
        let mut walk = Walk::new(&site, &browser, Hand::Keys);
        let number = walk.apply();
        walk.follow(&format!("a.button[href=\"/cases/{number}\"]"));
        walk.judge("tracking-new");

        let clerk = site.who_opens("/window", &number);
        walk.sign_in(&clerk);
        walk.go("/window");
        walk.judge("window-queue");
        walk.follow(&format!("form[action=\"/desk/cases/{number}/act\"] button[type=submit]"));
        walk.judge("window-accepted");
        assert!(
            walk.browser.has(".panel.good") && walk.browser.text().contains(&number),
            "{}",
            walk.browser.text()
        );

        let acts = walk.work_through(&number);
        assert!(acts >= 4, "{acts} acts");
        walk.audit.close(20);
    });
}

#[test]
fn without_script_a_thing_is_applied_for_all_the_same() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(Look { script: false, ..DESK });
        let mut walk = Walk::new(&site, &browser, Hand::Keys);
        walk.go("/");
        let ran = walk.browser.run("return typeof htmx", &serde_json::Value::Null);
        assert_eq!(ran, "undefined", "the page's scripts are off");
        let number = walk.apply();
        walk.follow(&format!("a.button[href=\"/cases/{number}\"]"));
        assert!(walk.browser.text().contains(&number[..8]), "{}", walk.browser.text());
        walk.audit.close(8);
    });
}

#[test]
fn a_form_is_kept_over_the_back_button_and_goes_on_on_another_device() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let first = site.open(PHONE);
        let mut walk = Walk::new(&site, &first, Hand::Touch);
        walk.find_thing();
        walk.begin();
        let draft = walk.browser.path();
        walk.follow(".actions a.button");
        let field = "form[data-autosave] input[type=text]";
        walk.hand.write(&first, field, "春天路 8 号");
        walk.follow("form[data-autosave] .actions button[value=later]");
        walk.browser.back();
        let kept = walk.browser.run("return document.querySelector(arguments[0]).value", &field.into());
        assert_eq!(kept, "春天路 8 号", "the back button keeps what was typed");

        walk.go(&draft);
        walk.follow("form[action$=\"/code\"] button[type=submit]");
        walk.judge("resume-code");
        let code = walk.browser.one(".number .no").text();
        let second = site.open(DESK);
        let mut other = Walk::new(&site, &second, Hand::Keys);
        other.go("/resume");
        other.judge("resume");
        other.hand.write(&second, "#code", "WRONG1");
        other.follow("main form[action=\"/resume\"] button[type=submit]");
        other.judge("resume-wrong");
        assert!(other.browser.has(".error-summary"), "{}", other.browser.text());
        other.hand.write(&second, "#code", &code);
        other.follow("main form[action=\"/resume\"] button[type=submit]");
        assert_eq!(other.browser.path(), draft);
        other.follow(".actions a.button");
        let kept = other.browser.run("return document.querySelector(arguments[0]).value", &field.into());
        assert_eq!(kept, "春天路 8 号", "the other device has the answers");
        walk.audit.close(3);
        other.audit.close(2);
    });
}

#[test]
fn anybody_may_report_what_hurts_from_any_page() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(PHONE);
        let mut walk = Walk::new(&site, &browser, Hand::Touch);
        walk.go("/search");
        walk.follow("footer a[href^=\"/feedback\"]");
        walk.judge("feedback");
        walk.follow("form[action=\"/drafts\"] button[type=submit]");
        walk.fill_in_here();
        walk.bring_papers();
        let number = walk.hand_in();
        walk.go("/feedback?from=/");
        walk.judge("feedback-after");
        // Others see that it is there, and its number only in part.
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        assert!(
            walk.browser.text().contains(&digits[digits.len() - 4..])
                && !walk.browser.text().contains(&number),
            "the report is in the list of the last ones:\n{}",
            walk.browser.text()
        );
        walk.audit.close(4);
    });
}

#[test]
fn the_language_changes_on_the_page_and_stays() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(PHONE);
        let walk = Walk::new(&site, &browser, Hand::Touch);
        walk.go("/search");
        let lang = || browser.one("html").attribute("lang").unwrap_or_default();
        assert_eq!(lang(), "zh-CN");
        walk.follow("form[action=\"/language\"] button");
        assert_eq!((lang().as_str(), browser.path().as_str()), ("en", "/search"));
        walk.go("/");
        assert_eq!(lang(), "en");
        walk.follow("form[action=\"/language\"] button");
        assert_eq!(lang(), "zh-CN");
    });
}
