//! What people take in their hands, and what they are asked for once more: corrections, printed notices and licences,
//! somebody else's help.

use serde_json::json;

use crate::apply::Walk;
use crate::driver::{Browser, DESK, PHONE, again_if_silent};
use crate::hand::Hand;
use crate::site::Site;

/// Points, as browsers write them: 210 mm × 297 mm.
const A4: &str = "/MediaBox [0 0 594.95996 841.91998]";

/// Prints the page that is shown and gives the file, as a text of bytes.
fn print(browser: &Browser, name: &str) -> String {
    let bytes = browser.print(name);
    assert!(bytes.starts_with(b"%PDF-"), "{name} is no print");
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// One sheet of A4, as an organ hands it out.
fn fits_one_sheet(browser: &Browser, name: &str) {
    let print = print(browser, name);
    assert_eq!(print.matches("/Type /Page\n").count(), 1, "{name} is more than one sheet");
    assert!(print.contains(A4), "{name} is not A4");
    let chrome = browser.run(
        "const seen = each => { const box = each.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
         return [...document.querySelectorAll('.bar, .foot, .crumbs, .actions')].filter(seen).length",
        &json!(null),
    );
    assert!(chrome.as_u64() > Some(0), "on the screen {name} has its frame");
}

/// The lists of the receipt that is shown, made as long as those of many cases are.
fn lengthen(browser: &Browser, counts: [u32; 3]) {
    let script = "const lists = [...document.querySelectorAll('.sheet.receipt section > ol')];
        lists.forEach((list, place) => {
            const line = list.querySelector('li') ?? document.createElement('li');
            line.textContent ||= '需要补正的材料：法定代表人身份证明（原件和复印件各一份），最晚2026年12月4日交来。';
            while (list.children.length < arguments[0][place]) list.append(line.cloneNode(true));
        });";
    browser.run(script, &json!(counts));
}

fn receipts_fit_one_sheet_and_never_leave_the_signature_alone(browser: &Browser) {
    fits_one_sheet(browser, "receipt");
    // Two more lines stand with the signature.
    lengthen(browser, [5, 2, 6]);
    fits_one_sheet(browser, "receipt-usual");
    // Columns as high as a sheet break where sheets do, and tell where each part has come to lie.
    let media = |media: &str| {
        let order = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"media": media}});
        browser.command("POST", "/goog/cdp/execute", Some(&order)).expect("the media can be chosen");
    };
    media("print");
    for lines in 6..60 {
        lengthen(browser, [5, 2, lines]);
        let places = browser.run(
            "const around = document.querySelector('.sheet.receipt').parentElement;
             around.style = 'width: 174mm; max-width: none; column-width: 174mm; column-gap: 0; column-fill: auto; height: 261mm';
             const from = around.getBoundingClientRect().left, wide = around.getBoundingClientRect().width;
             const sheet = each => [...each.getClientRects()].map(box => Math.floor((box.left - from + 1) / wide));
             const end = document.querySelector('.sheet.receipt .sign-off');
             return {end: sheet(end), with: sheet(end.querySelector('li')), heads: [...document.querySelectorAll('.sheet.receipt h2')].map(head => [sheet(head).at(-1), sheet(head.nextElementSibling)[0]])}",
            &json!(null),
        );
        let of = |part: &str| places[part].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(of("end").len(), 1, "{lines} lines: the signature is in two pieces, {places}");
        assert_eq!(of("end"), of("with"), "{lines} lines: the signature stands alone, {places}");
        for head in of("heads") {
            assert_eq!(head[0], head[1], "{lines} lines: a heading ends a sheet, {places}");
        }
    }
    media("");
}

#[test]
fn what_was_missing_is_asked_once_and_comes_from_the_phone() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(PHONE);
        let mut walk = Walk::new(&site, &browser, Hand::Touch);
        let number = walk.apply();
        let applicant = browser.cookie("yc_key").expect("a guest keeps a key");
        let clerk = site.who_opens("/window", &number);
        walk.be(&clerk);
        walk.go(&format!("/desk/cases/{number}/receipt"));
        walk.judge("receipt");
        receipts_fit_one_sheet_and_never_leave_the_signature_alone(&browser);
        walk.go(&format!("/desk/cases/{number}"));
        let ask = "details.act:has(input[name=act][value=correction])";
        walk.hand.press(&browser, &format!("{ask} summary"));
        walk.hand.choose(&browser, &format!("{ask} input[name=material]"));
        // Without a word of what is wrong it is refused where it stands, and the tick is kept.
        walk.follow(&format!("{ask} button[type=submit]"));
        walk.judge("correction-without-words");
        assert!(browser.one(&format!("{ask} input[name=material]")).is_chosen(), "the tick is kept");
        walk.hand.write(&browser, &format!("{ask} textarea[name=text]"), "平面图看不清，请重新拍一张。");
        walk.follow(&format!("{ask} button[type=submit]"));
        walk.judge("correction-asked");
        walk.follow(".panel.good a[href*=\"/notices/\"]");
        walk.judge("notice-correction");
        fits_one_sheet(&browser, "notice-correction");
        assert!(browser.text().contains("平面图看不清"), "{}", browser.text());

        browser.forget();
        browser.give_cookie(&applicant);
        walk.go(&format!("/cases/{number}"));
        walk.judge("tracking-correction");
        let todo = "section.todo form[action*=\"/correction/\"]";
        assert!(browser.one("section.todo").text().contains("平面图看不清"), "what is missing stands on top");
        // Sent without the paper, it says so and keeps waiting.
        walk.follow(&format!("{todo} button[type=submit]"));
        walk.judge("correction-still-missing");
        assert!(browser.has(".error-summary, .panel.late"), "{}", browser.text());
        let paper = walk.paper();
        walk.hand.write(&browser, &format!("{todo} input[type=file]"), &paper);
        walk.follow(&format!("{todo} button[type=submit]"));
        walk.judge("correction-supplied");
        assert!(!browser.has(todo) && browser.has(".panel.good"), "{}", browser.text());

        let acts = walk.work_through(&number);
        assert!(acts >= 4, "the rest goes its way: {acts} acts");
        walk.audit.close(12);
    });
}

#[test]
fn notices_and_licences_print_on_one_sheet() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(DESK);
        let mut walk = Walk::new(&site, &browser, Hand::Touch);
        let number = walk.apply();
        let applicant = browser.cookie("yc_key").expect("a guest keeps a key");
        // The number is printed too.
        assert_eq!(
            print(&browser, "number").matches("/Type /Page\n").count(),
            1,
            "the number takes one sheet"
        );
        walk.work_through(&number);
        browser.forget();
        browser.give_cookie(&applicant);
        for (kind, links) in
            [("notice", "main a[href*=\"/notices/\"]"), ("licence", "main a.button[href*=\"/results/\"]")]
        {
            walk.go(&format!("/cases/{number}"));
            let script =
                "return [...document.querySelectorAll(arguments[0])].map(a => a.getAttribute('href'))";
            let found = browser.run(script, &json!(links));
            let found: Vec<String> = serde_json::from_value(found).expect("a list of addresses");
            assert!(!found.is_empty(), "there is a {kind}");
            for (place, address) in found.iter().enumerate() {
                walk.go(address);
                if place == 0 {
                    walk.judge(&format!("print-{kind}"));
                }
                fits_one_sheet(&browser, &format!("{kind}-{place}"));
            }
        }
        walk.audit.close(8);
    });
}

#[test]
fn somebody_helps_with_the_form_on_an_account_of_their_own() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let browser = site.open(PHONE);
        let mut walk = Walk::new(&site, &browser, Hand::Touch);
        walk.find_thing();
        walk.begin();
        let draft = browser.path();
        let applicant = browser.cookie("yc_key").expect("a guest keeps a key");
        walk.follow(&format!("main a[href=\"{draft}/agents\"]"));
        walk.judge("agents");
        let helper = site.account("帮办专员");
        walk.hand.write(&browser, "#login", &helper.login);
        walk.hand.write(&browser, "#name", "另一个人");
        walk.follow("main form.card button[type=submit]");
        walk.judge("agents-refused");
        assert!(browser.has(".error-summary"), "{}", browser.text());
        let name = helper.titles.split(' ').next().unwrap_or_default();
        walk.hand.write(&browser, "#name", name);
        walk.follow("main form.card button[type=submit]");
        walk.judge("agents-allowed");

        walk.be(&helper.login);
        walk.go("/desk");
        walk.follow("main a[href=\"/my\"]");
        walk.judge("my-entrusted");
        walk.follow(&format!("main a[href=\"{draft}\"]"));
        walk.judge("tasks-as-agent");
        walk.fill_in();
        walk.bring_papers();
        let number = walk.hand_in();

        browser.forget();
        browser.give_cookie(&applicant);
        walk.go(&format!("/cases/{number}"));
        assert!(browser.text().contains(&format!("由 {name} 代办")), "{}", browser.text());
        walk.go(&format!("/cases/{number}/agents"));
        walk.follow("main form[action$=\"/agents/end\"] button");
        walk.judge("agents-ended");
        walk.audit.close(10);
    });
}
