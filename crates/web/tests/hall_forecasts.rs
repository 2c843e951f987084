//! What pages say about waits: a time, a band, a reason when it rises, honesty while history is thin, the error; and a
//! change tried beside the hall.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Standing;
use support::{Actor, Answer, Site};

const HALL: &str = "政务服务大厅";

async fn hall() -> (Site, Actor, Actor) {
    let site = Site::new().await;
    site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("manager", Standing::Officer, &["大厅经理"]).await;
    let clerk = site.signed_in("clerk").await;
    let manager = site.signed_in("manager").await;
    (site, clerk, manager)
}

async fn takes(site: &Site, line: &str) -> (Actor, String) {
    let mut guest = site.guest();
    let page = guest.get(&format!("/hall/{HALL}")).await;
    let answer = guest.submit(&page.form("/take"), &[("line", line)]).await;
    answer.is(303);
    let address = answer.location().to_owned();
    (guest, address)
}

async fn press(clerk: &mut Actor, act: &str) -> Answer {
    let page = clerk.get("/window").await;
    let form = page.forms().into_iter().find(|form| {
        form.action == "/window/hall"
            && form.untouched().iter().any(|(name, value)| name == "act" && value == act)
    });
    let form = form.unwrap_or_else(|| panic!("nothing to {act} on {}", page.text()));
    clerk.submit(&form, &[]).await
}

#[tokio::test]
async fn a_person_is_told_a_time_a_band_and_what_it_stands_on() {
    let (site, mut clerk, mut manager) = hall().await;
    let (mut first, ticket) = takes(&site, "税务").await;
    first.get(&ticket).await.is(200).shows("前面还有 0 人").shows("还没有开着的窗口");
    press(&mut clerk, "open").await.is(303);
    first.get(&ticket).await.shows("随时可能叫到您").shows("比先前说的早：1 号窗口（综合） 开了");
    press(&mut clerk, "next").await.is(303);
    for _ in 0..3 {
        takes(&site, "税务").await;
    }
    let (mut last, ticket) = takes(&site, "税务").await;
    last.get(&ticket)
        .await
        .shows("前面还有 3 人")
        .shows("左右叫到您")
        .shows("多半在")
        .shows("这项业务的历史还少");
    last.get(&format!("/hall/{HALL}")).await.shows("前面 4 人").shows("多半").shows("有些业务的历史还少");
    site.guest().get(&format!("/kiosk/{HALL}")).await.is(200).shows("约等").shows("多半");
    site.guest().get(&format!("/wall/{HALL}")).await.is(200).shows("约 ");
    manager.get(&format!("/floor/{HALL}")).await.is(200).shows("告诉这位：").shows("左右叫到您");
    last.post("/language", &[("next", &ticket)]).await.is(303);
    last.get(&ticket).await.shows("Expected at about").shows("Most likely").shows("little history yet");
}

#[tokio::test]
async fn a_promise_that_rises_says_why_and_the_error_is_published() {
    let (site, mut clerk, mut manager) = hall().await;
    press(&mut clerk, "open").await.is(303);
    takes(&site, "税务").await;
    press(&mut clerk, "next").await.is(303);
    takes(&site, "税务").await;
    let (mut guest, ticket) = takes(&site, "税务").await;
    guest.get(&ticket).await.shows_not("比先前说的");
    let numbers = format!("/floor/{HALL}/numbers");
    manager.get(&numbers).await.is(200).shows("等候预测准不准").shows("这些天还没有可以核对的预测");
    // A service that does not end.
    site.wait_minutes(45);
    guest.get(&ticket).await.shows("比先前说的晚：1 号窗口（综合） 正在办的一件比平常久");
    for _ in 0..2 {
        press(&mut clerk, "start").await.is(303);
        press(&mut clerk, "next").await.is(303);
        site.wait_minutes(6);
    }
    let page = manager.get(&numbers).await;
    page.is(200).shows("平均差多少分钟").shows("范围包住").shows_not("这些天还没有可以核对的预测");
    site.guest().get(&numbers).await.is(303);
}

#[tokio::test]
async fn a_manager_tries_a_change_beside_the_hall() {
    let (site, mut clerk, mut manager) = hall().await;
    let try_it = format!("/floor/{HALL}/what-if");
    manager.get(&try_it).await.is(200).shows("今天大厅还没有开始");
    press(&mut clerk, "open").await.is(303);
    for place in 0..9 {
        takes(&site, if place % 2 == 0 { "税务" } else { "公共服务" }).await;
    }
    let floor = manager.get(&format!("/floor/{HALL}")).await;
    // Plain forms: no script is needed.
    let query = |change: &str, name: &str, value: &str| {
        let mut forms = floor.forms().into_iter().filter(|form| form.action.ends_with("/what-if"));
        let form = forms.find(|form| form.untouched().iter().any(|(_, value)| value == change)).unwrap();
        assert!(form.names().contains(&name), "{form:?}");
        format!("{try_it}?change={change}&{name}={value}")
    };
    let opened = manager.get(&query("open", "window", "A02")).await;
    opened
        .is(200)
        .shows("如果现在开 2 号窗口（综合）")
        .shows("开着的窗口：1 号窗口（综合）。改和不改都从这里算起")
        .shows("现在没开或者暂停的，不算在内：")
        .shows("大家平均少等 ")
        .shows_not("大家平均少等 -")
        .shows("少等")
        .shows(" ± ");
    let closed = manager.get(&query("close", "window", "A01")).await;
    closed.is(200).shows("如果现在关 1 号窗口（综合）").shows("今天没有窗口办：").shows("关门时还在等的人");
    manager.get(&query("extend", "minutes", "30")).await.is(200).shows("如果延长 30 分钟");
    manager.get(&query("open", "window", "A01")).await.is(422).shows("这个窗口开着");
    manager.get(&query("open", "window", "Z9")).await.is(422).shows("没有这个窗口");
    manager.get(&format!("{try_it}?change=lunch&window=A03&at=08:00")).await.is(422);
    manager.get(&format!("{try_it}?change=lunch&window=A01&at=soon")).await.is(422).shows("还没到的时间");
    clerk.get(&query("open", "window", "A02")).await.is(403);
    // Nothing was really changed.
    let day = site.office.hall_day(&HALL.into(), site.office.today()).await.unwrap().unwrap().day;
    let open: Vec<&str> =
        day.posts.iter().filter(|post| post.is_open()).map(|post| post.window.as_str()).collect();
    assert_eq!(open, ["A01"]);
}

#[tokio::test]
async fn a_wait_past_closing_time_says_so_and_what_to_do() {
    let (site, ..) = hall().await;
    // Ten minutes before the hall closes.
    let setup = site.office.hall_setup(&HALL.into(), site.office.today()).unwrap();
    let left = setup.doors().unwrap().to.duration_since(site.office.now()).as_mins();
    site.wait_minutes(left - 10);
    let mut clerk = site.signed_in("clerk").await;
    press(&mut clerk, "open").await.is(303);
    let (mut first, early) = takes(&site, "税务").await;
    first.get(&early).await.is(200).shows_not("以后才轮到您");
    for _ in 0..12 {
        takes(&site, "税务").await;
    }
    let (mut last, ticket) = takes(&site, "税务").await;
    let page = last.get(&ticket).await;
    page.is(200).shows("以后才轮到您").shows("已经取的号会办完").shows("预约");
    last.get(&format!("/hall/{HALL}")).await.shows("大概要到关门以后");
    site.guest().get(&format!("/kiosk/{HALL}")).await.is(200).shows("大概要到关门以后");
}
