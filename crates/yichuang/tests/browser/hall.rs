//! A day in the hall in real browsers: a number taken on the phone, watched as it is called on the wall, served at the window, found
//! on the case; and everything goes on after the power was cut.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::apply::Walk;
use crate::driver::{Browser, DESK, Look, PHONE, again_if_silent};
use crate::hand::Hand;
use crate::http;
use crate::site::Site;

const HALL: &str = "%E6%94%BF%E5%8A%A1%E6%9C%8D%E5%8A%A1%E5%A4%A7%E5%8E%85";
const SEAT: &str = "%E6%94%BF%E5%8A%A1%E6%9C%8D%E5%8A%A1%E5%A4%A7%E5%8E%85%2FA01";

/// The shipped zone with a hall that is open at whatever hour the test runs.
fn always_open() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let to = std::env::temp_dir().join(format!("yichuang-open-pack-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&to);
    copy(&from, &to);
    let zone = to.join("zone.yaml");
    let text = std::fs::read_to_string(&zone).expect("the zone");
    let morning = "{days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"12:00\", kind: regular}";
    let always = "{days: [mon, tue, wed, thu, fri, sat, sun], from: \"00:00\", to: \"23:59\", kind: regular}";
    assert!(text.contains(morning), "the zone opens in the morning");
    std::fs::write(&zone, text.replace(morning, always)).expect("the zone can be written");
    to
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

fn acts(site: &Site, clerk: &str, act: &str) {
    let host = site.address.trim_start_matches("http://");
    let cookie = format!("yc_session={}", site.session_of(clerk));
    let answer =
        http::post_as(host, "/window/hall", &format!("act={act}&seat={SEAT}"), &cookie).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 303"), "{act}: {answer}");
}

/// How long it took until the page said so by itself.
fn until(browser: &Browser, words: &str) -> Duration {
    let started = Instant::now();
    loop {
        let text = browser.text();
        if text.contains(words) {
            return started.elapsed();
        }
        assert!(started.elapsed() < Duration::from_secs(40), "{words} does not appear:\n{text}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn takes(walk: &mut Walk<'_>, line: &str) {
    walk.go(&format!("/hall/{HALL}"));
    walk.judge("hall");
    walk.hand.choose(walk.browser, &format!("input[name=line][value=\"{line}\"]"));
    // Whoever stands in the hall can be called at once.
    walk.hand.choose(walk.browser, "input[name=here][value=yes]");
    walk.follow("form[action$=\"/take\"] .actions button");
    walk.judge("ticket");
}

/// The page has become the question by itself; whatever goes on in the hall, nothing that is being written is lost.
fn rates(site: &Site, phone: &Browser, clerk: &str) {
    let mut walk = Walk::new(site, phone, Hand::Touch);
    until(phone, "这次来办得怎么样");
    walk.judge("ticket-rating");
    walk.hand.choose(phone, "#rating input[name=level][value=\"4\"]");
    walk.hand.write(phone, "#comment", "很快");
    phone.run("document.activeElement.blur()", &json!(null));
    acts(site, clerk, "start");
    acts(site, clerk, "finish");
    walk.follow("#rating button[type=submit]");
    until(phone, "您评了“满意”");
    walk.judge("ticket-rated");
    walk.audit.close(2);
}

#[test]
fn a_number_from_the_phone_is_watched_on_the_wall_served_and_found_on_the_case() {
    again_if_silent(|| {
        let Some(mut site) = Site::with_pack(&always_open()) else { return };
        let clerk = site.clerk();
        let (phone, wall, desk) = (site.open(PHONE), site.open(DESK), site.open(DESK));
        {
            let mut walk = Walk::new(&site, &phone, Hand::Touch);
            walk.go("/");
            walk.follow("a[href=\"/hall\"]");
            takes(&mut walk, "公共服务");
            assert!(phone.text().contains("A001"), "{}", phone.text());
            walk.audit.close(2);
            let mut screen = Walk::new(&site, &wall, Hand::Keys);
            screen.go(&format!("/wall/{HALL}"));
            screen.judge("calling-screen");
            assert!(wall.text().contains("A001"), "{}", wall.text());
            screen.audit.close(1);
        }
        acts(&site, &clerk, "open");
        acts(&site, &clerk, "next");
        let wall_took = until(&wall, "1 号窗口（综合）");
        let phone_took = until(&phone, "请现在到 1 号窗口（综合）");
        println!("called: on the wall after {wall_took:?}, on the phone after {phone_took:?} more");

        // What the person has applied for at home is served at the window, under the number.
        acts(&site, &clerk, "start");
        let number = {
            let mut walk = Walk::new(&site, &desk, Hand::Keys);
            let number = walk.apply();
            walk.be(&clerk);
            walk.go(&format!("/window?q={number}"));
            walk.judge("window-serving");
            assert!(desk.text().contains("A001") && desk.text().contains("Alt+4"), "{}", desk.text());
            walk.follow("form:has(input[value=link]) button");
            walk.go(&format!("/desk/cases/{number}"));
            assert!(desk.text().contains("到厅取号：A001"), "the case knows its number:\n{}", desk.text());
            walk.audit.close(4);
            number
        };
        until(&phone, &number);

        // The power goes, and comes back: pages find their way by themselves, and nobody's place is lost.
        {
            let second = site.open(PHONE);
            let mut walk = Walk::new(&site, &second, Hand::Touch);
            walk.go("/");
            takes(&mut walk, "公共服务");
            until(&wall, "A002");
        }
        site.cut_power();
        acts(&site, &clerk, "finish");
        until(&phone, "办完了");
        until(&wall, "现在没有叫号");
        acts(&site, &clerk, "next");
        until(&wall, "1 号窗口（综合）");
        assert!(wall.text().contains("A002"), "{}", wall.text());
        // The connection that the power cut broke is no fault of the page.
        phone.complaints();
        rates(&site, &phone, &clerk);
    });
}

#[test]
fn every_page_of_the_hall_can_be_used_by_everybody() {
    again_if_silent(|| {
        let Some(site) = Site::with_pack(&always_open()) else { return };
        let manager = site.who("大厅经理");
        let clerk = site.clerk();
        acts(&site, &clerk, "open");
        for look in [PHONE, DESK, Look { english: true, ..PHONE }, Look { english: true, ..DESK }] {
            let browser = site.open(look);
            let mut walk = Walk::new(&site, &browser, Hand::Touch);
            walk.go("/");
            takes(&mut walk, "税务");
            walk.go(&format!("/kiosk/{HALL}"));
            walk.judge("kiosk");
            walk.follow("button[name=line]");
            walk.judge("slip");
            walk.go(&format!("/book/{HALL}"));
            walk.judge("book-what");
            walk.follow("ul.doors a");
            walk.judge("book-when");
            walk.browser.run(
            "for (const day of document.querySelectorAll('.slots-day')) day.open = true; const free = document.querySelectorAll('input[name=slot]'); free[free.length - 1].checked = true;",
            &serde_json::Value::Null,
        );
            walk.follow("main form .actions button");
            walk.judge("booked");
            assert!(browser.has("a[href$=\"/visit.ics\"]"), "{}", browser.text());
            for (name, path) in
                [("specialists", "/specialists".to_owned()), ("calling-screen", format!("/wall/{HALL}"))]
            {
                walk.go(&path);
                walk.judge(name);
            }
            walk.be(&manager);
            for (name, path) in [
                ("floor", ""),
                ("floor-numbers", "/numbers"),
                ("floor-tickets", "/tickets"),
                ("floor-what-if", "/what-if?change=extend&minutes=60"),
            ] {
                walk.go(&format!("/floor/{HALL}{path}"));
                walk.judge(name);
            }
            walk.be(&clerk);
            walk.go("/window");
            walk.judge("window-open");
            walk.audit.close(12);
        }
    });
}

/// Without script the pages come again by themselves, and the whole way is the same.
#[test]
fn without_script_a_number_is_taken_and_called_all_the_same() {
    again_if_silent(|| {
        let Some(site) = Site::with_pack(&always_open()) else { return };
        let clerk = site.clerk();
        let browser = site.open(Look { script: false, ..DESK });
        let mut walk = Walk::new(&site, &browser, Hand::Keys);
        takes(&mut walk, "税务");
        acts(&site, &clerk, "open");
        acts(&site, &clerk, "next");
        until(&browser, "请现在到");
    });
}
