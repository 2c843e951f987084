//! A hall in the browser: a number on the phone, the calling screen, the window, the case; appointments; the manager's floor.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod support;

use axum::body::Body;
use axum::http::Request;
use desk_filing::{TAKE_AWAY, file};
use futures_util::StreamExt;
use office::{By, Standing, Viewer};
use support::flow::{EXISTING, RESTAURANT, hand_in};
use support::{Actor, Site};
use tower::ServiceExt;

const HALL: &str = "政务服务大厅";

async fn hall() -> (Site, Actor, Actor, Viewer) {
    let site = Site::new().await;
    let viewer = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("manager", Standing::Officer, &["大厅经理"]).await;
    let clerk = site.signed_in("clerk").await;
    let manager = site.signed_in("manager").await;
    (site, clerk, manager, viewer)
}

/// Somebody takes a number on the phone; gives the address of its page.
async fn takes(guest: &mut Actor, line: &str) -> String {
    let page = guest.get(&format!("/hall/{HALL}")).await;
    let answer = guest.submit(&page.form("/take"), &[("line", line)]).await;
    answer.is(303);
    answer.location().to_owned()
}

#[tokio::test]
async fn the_home_page_says_how_long_one_would_wait_now() {
    let (site, mut clerk, ..) = hall().await;
    let mut guest = site.guest();
    guest.get("/").await.is(200).shows("取号排队").shows("有事请找我").shows_not("现在 公共服务");
    takes(&mut guest, "公共服务").await;
    guest.get("/").await.shows("现在 公共服务： 前面 1 人 · 还没有开着的窗口");
    press(&mut clerk, "open").await.is(303);
    takes(&mut site.guest(), "公共服务").await;
    // The very next look knows it, also somebody else's and in the other language.
    guest.get("/").await.shows("现在 公共服务： 前面 2 人 · ").shows_not("还没有开着的窗口");
    site.guest().get("/").await.shows("现在 公共服务： 前面 2 人 · ");
    let mut english = site.guest();
    english.headers.push(("accept-language", "en".into()));
    english.get("/").await.shows("Now for Public services:").shows_not("现在");
    for _ in 0..6 {
        takes(&mut site.guest(), "税务").await;
    }
    guest.get("/").await.shows("现在 税务：").shows_not("现在 公共服务");
    let page = guest.get("/").await;
    let place = |words: &str| page.text().find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(place("大家常办的事") < place("取号排队") && place("取号排队") < place("有事请找我"));
    assert!(place("有事请找我") < place("一句话告诉我们"), "then what is to be mended");
}

/// The zone with its hall changed, published on a running site.
async fn rebuilt(change: impl FnOnce(&mut catalogue::EditionParts)) -> Site {
    let site = Site::new().await;
    let mut parts = site.office.edition().parts().clone();
    change(&mut parts);
    let mut compiled = checker::compile(&support::pack());
    compiled.edition = Some(catalogue::Edition::seal(parts).unwrap());
    let admin = site.account("admin", Standing::Administrator, &[]).await;
    site.office.publish(compiled, None, &admin).await.unwrap();
    site
}

#[tokio::test]
async fn nobody_is_invited_to_a_hall_in_which_no_window_receives_them() {
    let empty = rebuilt(|parts| parts.windows.clear()).await;
    let mut guest = empty.guest();
    let page = guest.get(&format!("/hall/{HALL}")).await;
    page.is(200).shows("没有窗口办事，请不要白跑一趟").shows_not("今天开放").shows_not("要办什么");
    assert!(
        page.forms().iter().all(|form| !form.action.ends_with("/take")),
        "no number of a hall that serves nobody"
    );
    assert!(!page.body.contains(&format!("/book/{HALL}")), "and no appointment");
    // A page from before: it is said what is wrong, and nothing of languages.
    let sent = [("line", "公共服务"), ("here", "yes")];
    let refused = guest.post(&format!("/hall/{HALL}/take"), &sent).await;
    refused.is(422).shows("没有窗口办“公共服务”").shows_not("语言办这项业务");

    let machines = rebuilt(|parts| {
        parts.windows.clear();
        parts.halls.values_mut().for_each(|hall| hall.self_service = true);
    })
    .await;
    let page = machines.guest().get(&format!("/hall/{HALL}")).await;
    page.is(200).shows("今天开放").shows("只有自助机").shows_not("白跑一趟").shows_not("要办什么");
}

#[tokio::test]
async fn whoever_reads_what_one_entered_with_a_number_is_named_on_its_page() {
    let (site, mut clerk, _, _) = hall().await;
    let mut guest = site.guest();
    let number = hand_in(&mut guest, RESTAURANT, EXISTING).await;
    let page = guest.get(&format!("/hall/{HALL}")).await;
    let answer = guest.submit(&page.form("/take"), &[("line", "公共服务"), ("case", &number)]).await;
    let ticket = answer.is(303).location().to_owned();
    press(&mut clerk, "open").await.is(303);
    clerk.get("/window").await.shows_not(&format!("/window?q={number}"));
    guest.get(&ticket).await.is(200).shows_not("谁看过您填的内容");
    press(&mut clerk, "next").await.is(303);
    clerk.get("/window").await.is(200);
    let seen = guest.get(&ticket).await;
    seen.shows("谁看过您填的内容").shows("：办件编号 · ").shows_not(&number);
    clerk.get("/window").await.is(200);
    assert_eq!(guest.get(&ticket).await.text().matches("：办件编号").count(), 1, "one look");
}

async fn press(clerk: &mut Actor, act: &str) -> support::Answer {
    let page = clerk.get("/window").await;
    let form = page.forms().into_iter().find(|form| {
        form.action == "/window/hall"
            && form.untouched().iter().any(|(name, value)| name == "act" && value == act)
    });
    let form = form.unwrap_or_else(|| panic!("nothing to {act} on {}", page.text()));
    clerk.submit(&form, &[]).await
}

#[tokio::test]
async fn whoever_takes_a_number_from_home_is_called_once_they_are_there() {
    let (site, mut clerk, _, _) = hall().await;
    let mut guest = site.guest();
    let page = guest.get(&format!("/hall/{HALL}")).await;
    page.is(200).shows("您现在在大厅吗").shows("怎么来");
    let form = page.forms().into_iter().find(|form| form.action.ends_with("/take")).unwrap();
    let taken = guest.submit(&form, &[("line", "公共服务"), ("here", "no")]).await;
    let page = guest.follow(&taken).await;
    page.shows("给您留着位置").shows("我到了");
    press(&mut clerk, "open").await.is(303);
    press(&mut clerk, "next").await.is(422);
    let come = page.forms().into_iter().find(|form| form.action.ends_with("/come")).unwrap();
    let come = guest.submit(&come, &[]).await;
    guest.follow(&come).await.shows("前面还有 0 人").shows_not("我到了");
    press(&mut clerk, "next").await.is(303);
}

#[tokio::test]
async fn a_number_from_the_phone_is_called_served_and_found_on_the_case() {
    let (site, mut clerk, _, viewer) = hall().await;
    let mut guest = site.guest();
    guest.get("/").await.is(200).shows("取号排队");
    let ticket = takes(&mut guest, "公共服务").await;
    guest.get(&ticket).await.is(200).shows("A001").shows("前面还有 0 人").shows("为什么是这个顺序");
    clerk.get("/window").await.shows("还没有开窗");
    press(&mut clerk, "open").await.is(303);
    clerk.get("/window").await.shows("1 人在等").shows("Alt+5");
    press(&mut clerk, "next").await.is(303);

    let wall = site.guest().get(&format!("/wall/{HALL}")).await;
    wall.is(200).shows("A001").shows("1 号窗口（综合）");
    assert!(wall.body.contains("data-say=\"请 "), "the voice has something to say");
    guest.get(&ticket).await.shows("请现在到 1 号窗口（综合）");
    // A call that nobody answers does not stay on top.
    site.wait_minutes(4);
    let wall = site.guest().get(&format!("/wall/{HALL}")).await;
    assert!(!wall.body.contains("data-say=\"请 ") && wall.body.contains("A001"), "told, and called no more");
    press(&mut clerk, "start").await.is(303);
    clerk.get("/window").await.shows("办理中").shows("A001");

    let number = file(&site, By::Viewer(&viewer), "开办餐饮店", &TAKE_AWAY).await;
    clerk.get(&format!("/desk/cases/{number}")).await.is(200).shows("到厅取号：A001");
    guest.get(&ticket).await.shows(&number);
    let done = press(&mut clerk, "finish").await;
    assert_eq!(done.location(), format!("/desk/cases/{number}"), "done: on to the case");
    guest.get(&ticket).await.shows("办完了");
}

#[tokio::test]
async fn a_case_from_the_phone_gets_the_number_of_the_visit() {
    let (site, mut clerk, _, _) = hall().await;
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    let mut own = site.signed_in("zhangsan").await;
    let number = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    takes(&mut own, "企业登记").await;
    press(&mut clerk, "open").await.is(303);
    press(&mut clerk, "next").await.is(303);
    let found = clerk.get(&format!("/window?q={number}")).await;
    found.is(200).shows("记到 A001 号");
    let form = found
        .forms()
        .into_iter()
        .find(|form| form.untouched().iter().any(|(_, value)| value == "link"))
        .unwrap();
    clerk.submit(&form, &[]).await.is(303);
    own.get(&format!("/cases/{number}")).await.is(200).shows("到厅取号：A001");
    clerk.get("/window").await.shows(&number);
}

#[tokio::test]
async fn whoever_does_not_come_is_skipped_and_whoever_is_elsewhere_is_passed_on() {
    let (site, mut clerk, _, _) = hall().await;
    let mut guests: Vec<Actor> = (0..3).map(|_| site.guest()).collect();
    let mut pages = Vec::new();
    for guest in &mut guests {
        pages.push(takes(guest, "税务").await);
        site.wait_minutes(1);
    }
    press(&mut clerk, "open").await.is(303);
    press(&mut clerk, "next").await.is(303);
    press(&mut clerk, "recall").await.is(303);
    press(&mut clerk, "skip").await.is(422).shows("秒再过号");
    site.wait_minutes(1);
    press(&mut clerk, "skip").await.is(303);
    guests[0].get(&pages[0]).await.shows("前面还有 2 人").shows("叫号没有到");
    press(&mut clerk, "next").await.is(303);
    clerk.get("/window").await.shows("A002");
    let page = clerk.get("/window").await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.untouched().iter().any(|(_, value)| value == "transfer"))
        .unwrap();
    clerk.submit(&form, &[("to", "公共服务")]).await.is(303);
    guests[1].get(&pages[1]).await.shows("公共服务").shows("前面还有 0 人");
    let leave = guests[2].get(&pages[2]).await.form("/leave");
    guests[2].submit(&leave, &[]).await.is(303);
    guests[2].get(&pages[2]).await.shows("已经退了");
    // Pressed a second time, it is as gone as before.
    guests[2].submit(&leave, &[]).await.is(303);
    guests[2].get(&pages[2]).await.shows("已经退了");
}

#[tokio::test]
async fn one_phone_gets_one_number_and_is_told_why() {
    let (site, _, _, _) = hall().await;
    let mut guest = site.guest();
    takes(&mut guest, "税务").await;
    let page = guest.get(&format!("/hall/{HALL}")).await;
    page.shows("您有一个号：A001");
    guest.submit(&page.form("/take"), &[("line", "税务")]).await.is(422).shows("已经有一个号");
    site.guest().post(&format!("/hall/{HALL}/take"), &[]).await.is(422).shows("还没有选要办什么");
}

#[tokio::test]
async fn a_number_on_the_phone_takes_no_case_of_somebody_else_and_keeps_what_was_chosen() {
    let (site, ..) = hall().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let free = identifier::CaseNumber::new(site.office.today(), 9000).unwrap().to_string();
    let mut told = Vec::new();
    for (case, code) in [(number.as_str(), ""), (&number, "22222222"), (&free, ""), ("123", "")] {
        let mut stranger = site.guest();
        let page = stranger.get(&format!("/hall/{HALL}")).await;
        let typed = [("line", "公共服务"), ("case", case), ("case_code", code), ("here", "yes")];
        let refused = stranger.submit(&page.form("/take"), &typed).await;
        refused.is(422).shows("办件编号和查件码对不上");
        assert!(refused.body.contains(&format!("value=\"{case}\"")), "what was typed is there");
        told.push(refused.text());
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "no answer tells which numbers there are");
    let id = site.office.case_by_number(&number).await.unwrap();
    let code = site.office.receipt_code(id, By::System).await.unwrap();
    let mut friend = site.guest();
    let page = friend.get(&format!("/hall/{HALL}")).await;
    let typed =
        [("line", "公共服务"), ("case", &*number), ("case_code", &*code.to_string()), ("here", "yes")];
    friend.submit(&page.form("/take"), &typed).await.is(303);
}

#[tokio::test]
async fn the_kiosk_tells_nothing_of_a_case_without_its_code_and_gives_a_number_all_the_same() {
    let (site, ..) = hall().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let mut kiosk = site.guest();
    let form = kiosk.get(&format!("/kiosk/{HALL}")).await.form("/kiosk");
    let there = kiosk.submit(&form, &[("code", &number)]).await;
    let free = identifier::CaseNumber::new(site.office.today(), 9000).unwrap().to_string();
    let not = kiosk.submit(&form, &[("code", &free)]).await;
    there.is(200).shows("查件码");
    assert_eq!(there.text(), not.is(200).text());
    let asked = there.form("/kiosk");
    for (case, proof) in [(&*number, "22222222"), (&free, "22222222"), (&number, "1234")] {
        kiosk.submit(&asked, &[("code", case), ("case_code", proof)]).await.is(422).shows("对不上");
    }
    let id = site.office.case_by_number(&number).await.unwrap();
    let code = site.office.receipt_code(id, By::System).await.unwrap().to_string();
    let known = kiosk.submit(&asked, &[("code", &number), ("case_code", &code)]).await;
    known.is(200).shows(&number).shows("按下面标出的业务取号");
    kiosk.submit(&known.form("/kiosk"), &[("line", "企业登记")]).await.is(303);
    kiosk.submit(&asked, &[("code", &number), ("line", "税务")]).await.is(303);
}

#[tokio::test]
async fn a_kept_number_is_shown_to_the_kiosk_or_to_a_window() {
    let (site, mut clerk, ..) = hall().await;
    press(&mut clerk, "open").await.is(303);
    let home = async || {
        let mut guest = site.guest();
        let page = guest.get(&format!("/hall/{HALL}")).await;
        let taken = guest.submit(&page.form("/take"), &[("line", "公共服务"), ("here", "no")]).await;
        let address = taken.is(303).location().to_owned();
        (guest, address)
    };
    let (mut first, page) = home().await;
    let (mut second, other) = home().await;
    let own = first.get(&page).await;
    own.shows("取号机上输入这个号码和到厅码").shows("A001");
    let code = own.text().split("到厅码：").nth(1).unwrap()[..4].to_owned();
    let mut kiosk = site.guest();
    let form = kiosk.get(&format!("/kiosk/{HALL}")).await.form("/kiosk");
    // Whoever read the number on the wall does not end the place that is kept for it.
    let asked = kiosk.submit(&form, &[("code", "a001")]).await;
    asked.is(200).shows("四位数字").shows_not("已签到");
    let asked = asked.form("/kiosk");
    let wrong = if code == "0000" { "0001" } else { "0000" };
    kiosk.submit(&asked, &[("case_code", wrong)]).await.is(422).shows("到厅码不对");
    first.get(&page).await.shows("给您留着位置");
    kiosk.submit(&asked, &[("case_code", &code)]).await.is(200).shows("A001 号已签到");
    first.get(&page).await.shows("前面还有 0 人");
    press(&mut clerk, "come").await.is(303);
    second.get(&other).await.shows_not("给您留着位置");
    kiosk.submit(&asked, &[("code", "B999"), ("case_code", "0000")]).await.is(422).shows("没有 B999 号");
}

/// Nobody presses a button that would be refused; a number that was taken before, or an appointment, is still read.
#[tokio::test]
async fn the_kiosk_offers_no_service_once_the_hall_is_over() {
    let (site, _, _, _) = hall().await;
    let mut kiosk = site.guest();
    kiosk.get(&format!("/kiosk/{HALL}")).await.is(200).shows("办什么？");
    site.wait_minutes(14 * 60);
    let page = kiosk.get(&format!("/kiosk/{HALL}")).await;
    page.is(200).shows("今天已经不再取号了").shows_not("办什么？");
    assert!(!page.body.contains("name=\"line\""), "{}", page.body);
    page.form("/kiosk");
}

#[tokio::test]
async fn the_kiosk_reads_what_people_have_and_prints_a_slip() {
    let (site, _, _, _) = hall().await;
    let mut kiosk = site.guest();
    let page = kiosk.get(&format!("/kiosk/{HALL}")).await;
    page.is(200).shows("按一下就出号");
    assert!(page.body.matches("kiosk-line").count() >= 8, "a large button for each line");
    let form = page.form("/kiosk");
    let slip = kiosk.submit(&form, &[("line", "税务"), ("code", "")]).await;
    let slip = kiosk.follow(&slip).await;
    slip.is(200).shows("A001").shows("手机扫一扫");
    assert!(
        slip.body.contains("<svg") && slip.body.contains("http-equiv=\"refresh\""),
        "a code, and back to the next person"
    );
    kiosk.submit(&form, &[("code", "91110000600037341L")]).await.is(200).shows("已识别统一社会信用代码");
    kiosk.submit(&form, &[("code", "12345")]).await.is(422).shows("没有认出");
}

#[tokio::test]
async fn an_appointment_is_booked_moved_put_into_a_calendar_and_checked_in() {
    let (site, _, _, _) = hall().await;
    let mut guest = site.guest();
    let page = guest.get(&format!("/book/{HALL}?line=税务")).await;
    page.is(200).shows("11月24日");
    let form = page.form("/book");
    guest.submit(&form, &[]).await.is(422).shows("请选一个时间");
    let slot = |time: &str| format!("{time}:00Z").parse::<jiff::Timestamp>().unwrap().as_second().to_string();
    let booked = guest
        .submit(&form, &[("slot", &slot("2026-11-24T01:30")), ("name", "李某"), ("phone", "13800001234")])
        .await;
    let address = booked.location().to_owned();
    guest.follow(&booked).await.is(200).shows("预约好了").shows("11月24日").shows("09:30");
    let file = guest.get(&format!("{address}/visit.ics")).await;
    file.is(200);
    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(file.body.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{}", file.body);
    for line in [
        "BEGIN:VCALENDAR",
        "UID:appointment-",
        "DTSTAMP:",
        "DTSTART:20261124T013000Z",
        "DTEND:20261124T020000Z",
        "END:VCALENDAR",
    ] {
        assert!(file.body.contains(line), "{line} is missing in {}", file.body);
    }
    let page = guest.get(&address).await;
    let moved = guest.submit(&page.form("/move"), &[("slot", &slot("2026-11-25T06:00"))]).await;
    guest.follow(&moved).await.shows("11月25日").shows("14:00");
    guest.get(&format!("/hall/{HALL}")).await.shows("我的预约");

    site.wait(2);
    site.wait_minutes(4 * 60 + 20);
    let code = address.rsplit('/').next().unwrap();
    let kiosk = site.guest().post(&format!("/kiosk/{HALL}"), &[("code", code)]).await;
    kiosk.is(303);
    let mut manager = site.signed_in("manager").await;
    manager.get(&format!("/floor/{HALL}")).await.is(200).shows("A001").shows("预约");
    guest.get(&address).await.shows("已经签到").shows("A001");
    let other = guest.get(&format!("/book/{HALL}?line=税务")).await;
    let free = slot("2026-11-26T06:00");
    let booked = guest.submit(&other.form("/book"), &[("slot", &free)]).await;
    let page = guest.follow(&booked).await;
    let cancelled = guest.submit(&page.form("/cancel"), &[]).await;
    guest.follow(&cancelled).await.shows("已经取消");
}

#[tokio::test]
async fn the_manager_sees_the_hall_changes_priorities_and_closes_the_doors() {
    let (site, mut clerk, mut manager, _) = hall().await;
    manager.get(&format!("/floor/{HALL}")).await.is(200).shows("今天大厅还没有开始");
    let mut guest = site.guest();
    takes(&mut guest, "税务").await;
    site.wait_minutes(5);
    takes(&mut site.guest(), "公共服务").await;
    press(&mut clerk, "open").await.is(303);
    let page = manager.get(&format!("/floor/{HALL}")).await;
    page.is(200).shows("要马上处理的").shows("按排班应该有人").shows("A002").shows("为什么是这个顺序");
    // A window has one name wherever the page speaks of it.
    let edition = site.office.edition();
    let ids: Vec<String> = edition.parts().windows.keys().map(ToString::to_string).collect();
    let missing =
        page.body.split("按排班应该有人").nth(1).and_then(|rest| rest.split("</li>").next()).unwrap();
    for id in ids.iter().filter(|id| missing.contains(id.as_str())) {
        let name = &edition.parts().windows[id.as_str()].name.zh;
        assert!(missing.contains(name.as_str()), "{id} is called {name}");
    }
    let form = page
        .forms()
        .into_iter()
        .find(|form| {
            form.untouched().iter().any(|(name, value)| name == "number" && value == "2")
                && form.untouched().iter().any(|(_, value)| value == "lane")
        })
        .unwrap();
    manager.submit(&form, &[("lane", "green")]).await.is(303);
    press(&mut clerk, "next").await.is(303);
    clerk.get("/window").await.shows("A002").shows("绿色通道");
    site.wait_minutes(20);
    manager.get(&format!("/floor/{HALL}")).await.shows("A001 号已等 25 分钟");
    let page = manager.get(&format!("/floor/{HALL}")).await;
    let close = page
        .forms()
        .into_iter()
        .find(|form| form.untouched().iter().any(|(_, value)| value == "close-doors"))
        .unwrap();
    manager.submit(&close, &[]).await.is(303);
    site.guest().post(&format!("/hall/{HALL}/take"), &[("line", "税务")]).await.is(422).shows("不再取号");
}

#[tokio::test]
async fn the_numbers_of_the_hall_open_their_tickets_and_leave_as_files() {
    let (site, mut clerk, mut manager, _) = hall().await;
    press(&mut clerk, "open").await.is(303);
    for _ in 0..3 {
        takes(&mut site.guest(), "税务").await;
        site.wait_minutes(6);
        press(&mut clerk, "next").await.is(303);
        press(&mut clerk, "start").await.is(303);
        site.wait_minutes(9);
        press(&mut clerk, "finish").await.is(303);
    }
    for by in ["hour", "line", "window", "day"] {
        let page = manager.get(&format!("/floor/{HALL}/numbers?by={by}")).await;
        page.is(200).shows("3").shows("6").shows("9");
    }
    let tickets = manager.get(&format!("/floor/{HALL}/tickets?line=税务")).await;
    tickets.is(200).shows("A001").shows("A003").shows("6.0").shows("9.0");
    manager.get(&format!("/floor/{HALL}/tickets?line=公共服务")).await.is(200).shows_not("A001");
    let file = manager.get(&format!("/floor/{HALL}/tickets.xlsx")).await;
    file.is(200);
    assert!(file.bytes.starts_with(b"PK"), "a workbook");
    manager.get(&format!("/floor/{HALL}/numbers.csv?by=line")).await.is(200).shows("税务");
}

#[tokio::test]
async fn the_page_of_a_number_asks_how_it_was_and_the_hall_s_figures_count_it() {
    let (site, mut clerk, mut manager, _) = hall().await;
    let (mut named, mut unnamed) = (site.guest(), site.guest());
    let tickets = [takes(&mut named, "税务").await, takes(&mut unnamed, "税务").await];
    named.get(&tickets[0]).await.is(200).shows_not("这次来办得怎么样");
    named.post(&format!("{}/rate", tickets[0]), &[("level", "5")]).await.is(422).shows("还没有办完");
    press(&mut clerk, "open").await.is(303);
    for act in ["next", "start", "finish", "next", "start", "finish"] {
        press(&mut clerk, act).await.is(303);
    }
    let page = named.get(&tickets[0]).await;
    page.is(200).shows("这次来办得怎么样").shows("不满意").shows_not("http-equiv=\"refresh\"");
    let form = page.form("/rate");
    named.submit(&form, &[("comment", "还行吧")]).await.is(422).shows("请先选一个评价").shows("还行吧");
    let bad = [("level", "2"), ("comment", "问了三个窗口"), ("named", "yes")];
    named.submit(&form, &bad).await.is(422).shows("请留一个电话").shows("问了三个窗口");
    let wrong = [("phone", "12"), bad[0], bad[1], bad[2]];
    named.submit(&form, &wrong).await.is(422).shows("电话号码不对").shows("问了三个窗口");
    let rated = named.submit(&form, &[("phone", "13900001111"), bad[0], bad[1], bad[2]]).await;
    named
        .follow(&rated)
        .await
        .is(200)
        .shows("您评了“不满意”")
        .shows("会有专人打您留的电话")
        .shows_not("这次来办得怎么样");
    named.post(&format!("{}/rate", tickets[0]), &[("level", "5")]).await.is(422).shows("已经评价过");
    let mut english = site.guest();
    english.headers.push(("accept-language", "en".into()));
    english.get(&tickets[1]).await.is(200).shows("How was your visit?");
    let form = unnamed.get(&tickets[1]).await.form("/rate");
    unnamed.submit(&form, &[("level", "1")]).await.is(303);

    manager
        .get(&format!("/floor/{HALL}/numbers"))
        .await
        .is(200)
        .shows("评价次数")
        .shows("满意率")
        .shows("0%");
    let lists = manager.get(&format!("/floor/{HALL}/tickets")).await;
    lists.is(200).shows("不满意").shows_not("非常不满意");
    let file = manager.get(&format!("/floor/{HALL}/numbers.csv?by=line")).await;
    assert!(file.is(200).body.lines().next().unwrap().contains("评价次数"), "{}", file.body);
    // It is somebody's work now.
    site.office.tick().await.unwrap();
    named.get(&tickets[0]).await.shows("用这个号办的件");
}

#[tokio::test]
async fn specialists_are_found_by_name_and_by_thing() {
    let site = Site::new().await;
    let mut guest = site.guest();
    guest.get("/specialists").await.is(200).shows("张伟").shows("徐婷");
    let page = guest.get("/specialists?thing=房屋买卖过户").await;
    page.is(200).shows("徐婷").shows("预约见面");
    let page = guest.get(&format!("/book/{HALL}?line=不动产登记&specialist=徐婷")).await;
    assert!(page.body.contains("徐婷"));
}

#[tokio::test]
async fn pages_of_the_hall_hold_without_inline_script_and_in_english() {
    let (site, mut clerk, mut manager, _) = hall().await;
    press(&mut clerk, "open").await;
    let ticket = takes(&mut site.guest(), "税务").await;
    for actor in [&mut clerk, &mut manager] {
        actor.cookies.insert("yc_lang".into(), "en".into());
    }
    let paths = [
        format!("/hall/{HALL}"),
        ticket,
        format!("/kiosk/{HALL}"),
        format!("/wall/{HALL}"),
        format!("/book/{HALL}?line=税务"),
        "/specialists".into(),
        format!("/floor/{HALL}"),
        format!("/floor/{HALL}/numbers"),
        format!("/floor/{HALL}/tickets"),
    ];
    for path in &paths {
        let page = manager.get(path).await;
        page.is(200);
        let scripts = page.body.matches("<script").count();
        assert_eq!(scripts, page.body.matches("<script src=").count(), "{path}: no inline script");
        assert!(!page.body.contains(" style="), "{path}: no inline style");
        assert!(page.body.contains("lang=\"en\""), "{path}");
    }
    let wall = manager.get(&format!("/wall/{HALL}")).await;
    assert!(wall.body.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\">"), "{}", wall.body);
}

/// The live connection: what has been, and then every change as it happens.
#[tokio::test]
async fn whoever_listens_hears_of_every_change() {
    let (site, mut clerk, _, _) = hall().await;
    let path = format!("/live/{}", support::encoded(HALL));
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = site.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut next = async || {
        let bytes = tokio::time::timeout(std::time::Duration::from_secs(5), stream.next()).await;
        String::from_utf8(bytes.expect("an event comes").unwrap().unwrap().to_vec()).unwrap()
    };
    assert!(next().await.contains("data: 0"));
    press(&mut clerk, "open").await.is(303);
    let opened = next().await;
    assert!(opened.contains("event: changed"), "{opened}");
    takes(&mut site.guest(), "税务").await;
    assert_ne!(next().await, opened);
}
