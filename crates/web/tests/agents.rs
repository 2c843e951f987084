//! Acting for somebody: with consent, on the record, and not a moment longer.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::{By, Standing};
use support::flow::{EXISTING, RESTAURANT, answer_all, begin, hand_in, key_of, number_in, upload_all};
use support::{Actor, Answer, Site};

/// Fills in the page on which somebody is named.
async fn allow(person: &mut Actor, place: &str, login: &str, name: &str, days: &str) -> Answer {
    let page = person.get(&format!("{place}/agents")).await;
    page.is(200);
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/agents"))
        .expect("somebody can be named");
    person.submit(&form, &[("login", login), ("name", name), ("days", days)]).await
}

#[tokio::test]
async fn a_specialist_fills_in_and_hands_in_for_somebody_and_every_step_says_so() {
    let site = Site::new().await;
    site.account("zhangwei", Standing::Officer, &["帮办专员"]).await;
    let (mut person, mut agent) = (site.guest(), site.signed_in("zhangwei").await);
    let draft = begin(&mut person, RESTAURANT).await;
    agent.get(&draft).await.is(404);
    allow(&mut person, &draft, "zhangwei", "zhangwei", "7").await.is(303);
    person.get(&format!("{draft}/agents")).await.shows("zhangwei").shows("收回授权");

    // The agent finds it, is told for whom, and does all of it.
    agent.get("/desk").await.shows("有 1 件事请您代办");
    agent.get("/my").await.shows("我代别人办的").shows("开办餐饮店");
    agent.get(&draft).await.is(200).shows("代 申请人 办理").shows_not("换一台设备");
    answer_all(&mut agent, &draft, EXISTING).await;
    upload_all(&mut agent, &draft).await;
    let check = agent.get(&format!("{draft}/check")).await;
    let done = agent.submit(&check.form("/submit"), &[]).await;
    let number = number_in(done.location());
    agent.follow(&done).await.is(200);

    // It is the applicant's case; the agent goes on with it.
    let case = format!("/cases/{number}");
    person.get(&case).await.is(200).shows("您提交了申请").shows("由 zhangwei 代办");
    let loaded = site.office.load_case(site.office.case_by_number(&number).await.unwrap()).await.unwrap();
    assert_eq!(loaded.case.opened_by.as_str(), By::Guest(&key_of(&person)).actor_id());
    let party = site.office.party(loaded.id).await.unwrap();
    let page = agent.get(&case).await;
    page.is(200).shows(&format!("代 {} 办理", party.name));
    let asked = agent.submit(&page.form("/message"), &[("text", "请问还缺什么")]).await;
    agent.follow(&asked).await.is(200);
    let told = person.get(&case).await;
    assert_eq!(told.text().matches("由 zhangwei 代办").count(), 2, "{}", told.text());
    site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let mut clerk = site.signed_in("clerk").await;
    clerk
        .get(&format!("/desk/cases/{number}"))
        .await
        .shows("代办人 zhangwei")
        .shows("zhangwei（代申请人办理）");

    // Taken back, it is over at once.
    let agents = person.get(&format!("{case}/agents")).await;
    person.submit(&agents.form("/agents/end"), &[]).await.is(303);
    agent.get(&format!("{case}/agents")).await.is(404);
    shut(&mut agent, &format!("{case}/number")).await;
    // An officer's own page of a case has its own rights.
    assert_eq!(agent.get(&case).await.location(), format!("/desk/cases/{number}"));
    agent.post(&format!("{case}/message"), &[("text", "还在吗")]).await.is(404);
    agent.get("/my").await.shows_not(&number);
    person.get(&format!("{case}/agents")).await.shows("现在没有人代办").shows("以前的授权");
    // What was done stays on the record.
    person.get(&case).await.shows("由 zhangwei 代办");
}

#[tokio::test]
async fn consent_ends_by_itself_and_may_be_given_up() {
    let site = Site::new().await;
    site.account("lisi", Standing::Applicant, &[]).await;
    site.account("wangwu", Standing::Applicant, &[]).await;
    let mut person = site.guest();
    let case = format!("/cases/{}", hand_in(&mut person, RESTAURANT, EXISTING).await);
    allow(&mut person, &case, "lisi", "lisi", "7").await.is(303);
    allow(&mut person, &case, "wangwu", "wangwu", "30").await.is(303);
    let (mut agent, mut other) = (site.signed_in("lisi").await, site.signed_in("wangwu").await);
    agent.get(&case).await.is(200);
    // One agent cannot send another away, name a third, or make the consent longer.
    let page = agent.get(&format!("{case}/agents")).await;
    page.shows("不再代办").shows_not("授权一位代办人");
    assert_eq!(page.forms().iter().filter(|form| form.action.ends_with("/agents/end")).count(), 1);
    agent
        .post(&format!("{case}/agents"), &[("login", "lisi"), ("name", "lisi"), ("days", "90")])
        .await
        .is(403);
    let wangwu = other.get(&format!("{case}/agents")).await.form("/agents/end");
    agent.submit(&wangwu, &[]).await.is(403);
    other.submit(&wangwu, &[]).await.is(303);
    other.get(&case).await.is(303);
    site.wait(7);
    let mut agent = site.signed_in("lisi").await;
    agent.get(&case).await.is(303);
    person.get(&format!("{case}/agents")).await.shows("现在没有人代办");
}

#[tokio::test]
async fn consent_is_not_given_by_a_slip_nor_to_who_decides() {
    let site = Site::new().await;
    site.account("lisi", Standing::Applicant, &[]).await;
    for (login, role) in [("clerk", "综合窗口"), ("examiner", "审批审查员"), ("head", "审批部负责人")]
    {
        site.account(login, Standing::Officer, &[role]).await;
    }
    let own = site.account("own", Standing::Applicant, &[]).await;
    let mut person = site.signed_in("own").await;
    let case = format!("/cases/{}", hand_in(&mut person, RESTAURANT, EXISTING).await);
    let refused = allow(&mut person, &case, "lisi", "李思", "7").await;
    refused.is(422).shows("姓名和账号对不上");
    assert!(refused.body.contains("value=\"李思\""), "what was typed stands in its box");
    allow(&mut person, &case, "nobody", "nobody", "7").await.is(422).shows("没有找到这个账号");
    allow(&mut person, &case, "own", &own.name, "7").await.is(422).shows("不用授权自己");
    allow(&mut person, &case, "lisi", "lisi", "400").await.is(422).shows("180 天");
    for login in ["clerk", "examiner", "head"] {
        allow(&mut person, &case, login, login, "7").await.is(422).shows("应当回避");
    }
    person.get(&format!("{case}/agents")).await.shows("现在没有人代办");
    site.signed_in("lisi").await.get(&case).await.is(303);
}

#[tokio::test]
async fn a_new_duty_ends_what_an_agent_may() {
    let site = Site::new().await;
    let specialist = site.account("zhangwei", Standing::Officer, &["帮办专员"]).await;
    let admin = site.account("admin", Standing::Administrator, &[]).await;
    let mut person = site.guest();
    let case = format!("/cases/{}", hand_in(&mut person, RESTAURANT, EXISTING).await);
    allow(&mut person, &case, "zhangwei", "zhangwei", "30").await.is(303);
    let mut agent = site.signed_in("zhangwei").await;
    agent.get(&format!("{case}/number")).await.is(200);
    site.office.set_roles(specialist.id, vec!["审批审查员".into()], &admin).await.unwrap();
    let mut agent = site.signed_in("zhangwei").await;
    shut(&mut agent, &format!("{case}/number")).await;
}

/// An officer who does not sit at a window has no receipt to print: there is no such case for them.
async fn shut(officer: &mut Actor, page: &str) {
    officer.get(page).await.is(404);
}

#[tokio::test]
async fn an_agent_cannot_hand_on_the_form() {
    let site = Site::new().await;
    site.account("lisi", Standing::Applicant, &[]).await;
    let (mut person, mut agent) = (site.guest(), site.signed_in("lisi").await);
    let draft = begin(&mut person, RESTAURANT).await;
    allow(&mut person, &draft, "lisi", "lisi", "30").await.is(303);
    agent.get(&draft).await.is(200);
    agent.post(&format!("{draft}/code"), &[]).await.is(403);
    let page = person.get(&format!("{draft}/agents")).await;
    person.submit(&page.form("/agents/end"), &[]).await.is(303);
    agent.get(&draft).await.is(404);
    agent.post(&format!("{draft}/autosave"), &[("f.营业面积", "1")]).await.is(404);
    assert!(!agent.get("/my").await.text().contains("我代别人办的"));
}

#[tokio::test]
async fn the_rating_is_the_applicants_and_no_agent_uses_it_up() {
    let site = Site::new().await;
    site.account("lisi", Standing::Applicant, &[]).await;
    let mut person = site.guest();
    let case = format!("/cases/{}", hand_in(&mut person, RESTAURANT, EXISTING).await);
    allow(&mut person, &case, "lisi", "lisi", "7").await.is(303);
    person.post(&format!("{case}/withdraw"), &[("reason", "不办了")]).await.is(303);
    let mut agent = site.signed_in("lisi").await;
    agent.get(&case).await.is(200).shows("代办人不能替评").shows_not("办得怎么样？");
    agent.post(&format!("{case}/rate"), &[("level", "5")]).await.is(422).shows("代办人不能替评");
    person.get(&case).await.shows_not("代办人不能替评");
    person.post(&format!("{case}/rate"), &[("level", "2")]).await.is(303);
    agent.get(&case).await.is(200).shows_not("代办人不能替评");
}

#[tokio::test]
async fn an_account_has_a_name_that_can_be_read_and_consent_names_it() {
    let site = Site::new().await;
    let mut person = site.guest();
    let typed = |name: &'static str| {
        [("login", "wangwu"), ("name", name), ("phone", "13800000000"), ("password", "three blue kettles")]
    };
    for name in ["", "\u{200b}\u{2060}", "\u{3164}\u{3164}", "\u{2800}", "。。。"] {
        let refused = person.post("/register", &typed(name)).await;
        refused.is(422).shows("姓名里没有看得见的字");
        assert!(refused.body.contains("value=\"wangwu\""), "what else was typed stays");
    }
    let long: &'static str = Box::leak("长".repeat(81).into_boxed_str());
    let refused = person.post("/register", &typed(long)).await;
    refused.is(422).shows("姓名最多 80 个字");
    assert!(refused.body.contains(long), "nothing of it is cut off");
    person.post("/register", &typed("王\u{200b}五")).await.is(303);
    // Consent compares names as they are read.
    let mut other = site.guest();
    let case = format!("/cases/{}", hand_in(&mut other, RESTAURANT, EXISTING).await);
    allow(&mut other, &case, "wangwu", "\u{200b}", "7").await.is(422).shows("姓名和账号对不上");
    allow(&mut other, &case, "wangwu", " 王五\u{200b}", "7").await.is(303);
}
