//! Every kind of page in both languages: accessible, within a phone, quiet on the console, whether it has something
//! to show or not.

use crate::apply::Walk;
use crate::driver::{DESK, Look, PHONE, again_if_silent};
use crate::hand::Hand;
use crate::site::Site;

/// A page that anybody may open: its name and address.
const PUBLIC: [(&str, &str); 14] = [
    ("home", "/"),
    ("search", "/search"),
    ("search-none", "/search?q=qqqqzzzz"),
    (
        "search-long",
        "/search?q=%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF",
    ),
    ("track", "/track"),
    ("track-filled", "/track?number=20261120-0001-7"),
    ("resume", "/resume"),
    ("my-empty", "/my"),
    ("verify-form", "/v"),
    ("verify-unknown", "/v/1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"),
    ("sign-in", "/sign-in"),
    ("register", "/register"),
    ("feedback", "/feedback?from=/search"),
    ("not-found", "/there-is-no-such-page"),
];

const OFFICER: [(&str, &str); 6] = [
    ("window", "/window"),
    ("window-none", "/window?q=qqqq"),
    ("desk", "/desk"),
    ("desk-cases", "/desk/cases"),
    ("desk-cases-none", "/desk/cases?words=qqqq"),
    ("denied", "/admin/pack"),
];

const LEADER: [(&str, &str); 8] = [
    ("zone", "/zone"),
    ("zone-cases", "/zone/cases"),
    ("zone-wall", "/zone/wall"),
    ("process", "/zone/process"),
    ("process-empty", "/zone/process?period=2001-01"),
    ("process-none", "/zone/process?activity=qqqq&strays=1"),
    ("process-cases", "/zone/process/cases"),
    ("process-log-unknown", "/zone/process?log=0"),
];

const ADMINISTRATOR: [(&str, &str); 8] = [
    ("webhooks", "/admin/webhooks"),
    ("process-of-all", "/zone/process?hours=clock"),
    ("process-logs", "/zone/logs"),
    ("admin-pack", "/admin/pack"),
    ("admin-rules", "/admin/rules"),
    ("admin-rule", "/admin/rules/Y301"),
    ("admin-accounts", "/admin/accounts"),
    ("admin-account-unknown", "/admin/accounts/0"),
];

const SECURITY: [(&str, &str); 2] = [("security-accounts", "/admin/accounts"), ("forget", "/admin/forget")];

const AUDITOR: [(&str, &str); 4] = [
    ("trail", "/admin/trail"),
    ("keeping", "/admin/keeping"),
    ("account", "/my/account"),
    ("zone-of-all", "/zone"),
];

fn looks() -> [Look; 4] {
    [PHONE, DESK, Look { english: true, ..PHONE }, Look { english: true, ..DESK }]
}

#[test]
fn every_public_page_can_be_used_by_everybody() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        for look in looks() {
            let browser = site.open(look);
            let mut walk = Walk::new(&site, &browser, Hand::Touch);
            for (name, path) in PUBLIC {
                walk.go(path);
                walk.judge(name);
            }
            // Guides of all things, and of all items.
            walk.go("/search");
            let script = "return [...document.querySelectorAll('main a')].map(a => a.getAttribute('href')).filter(a => /^\\/(things|items)\\//.test(a));";
            let guides = walk.browser.run(script, &serde_json::Value::Null);
            let guides: Vec<String> = serde_json::from_value(guides).expect("a list of addresses");
            assert!(guides.len() >= 10, "{guides:?}");
            // Each kind whole on the phone in Chinese; three of each elsewhere.
            let (things, items): (Vec<_>, Vec<_>) =
                guides.into_iter().partition(|guide| guide.starts_with("/things/"));
            let most = if look == PHONE { usize::MAX } else { 3 };
            for (kind, addresses) in [("thing", things), ("item", items)] {
                for (place, address) in addresses.iter().take(most).enumerate() {
                    walk.go(address);
                    walk.judge(&format!("{kind}-{place}"));
                }
            }
            walk.audit.close(PUBLIC.len() + 6);
        }
    });
}

#[test]
fn the_pages_of_the_staff_can_be_used_by_everybody() {
    again_if_silent(|| {
        let Some(site) = Site::get() else { return };
        let seats: [(String, &[(&str, &str)]); 5] = [
            (site.clerk(), &OFFICER),
            (site.who_opens("/zone", "<main"), &LEADER),
            (site.who("系统管理员"), &ADMINISTRATOR),
            (site.who("安全管理员"), &SECURITY),
            (site.who("审计管理员"), &AUDITOR),
        ];
        for look in looks() {
            let browser = site.open(look);
            let mut walk = Walk::new(&site, &browser, Hand::Touch);
            walk.go("/");
            for (login, pages) in &seats {
                walk.be(login);
                for (name, path) in *pages {
                    walk.go(path);
                    walk.judge(name);
                }
            }
            walk.audit.close(seats.iter().map(|(_, pages)| pages.len()).sum());
        }
    });
}
