//! What has to run for a time, such as a public notice: on the worklist, on the desk and on the applicant's page.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Act;
use support::Site;
use support::flow::{act, hand_in};

#[tokio::test]
async fn a_public_notice_is_no_work_for_now_and_everybody_reads_until_when_it_runs() {
    const ITEM: &str = "人才住房补贴申领";
    let site = Site::new().await;
    let officer = site.in_every_role("everybody").await;
    let mut desk = site.signed_in("everybody").await;
    let mut person = site.guest();
    let number = hand_in(&mut person, "/things/申领人才住房补贴", &[]).await;
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    let reviewed = Act::CompleteStep {
        item: ITEM.into(),
        step: "审核".into(),
        yes: true,
        opinion: "符合条件。".into(),
        checked: office::Checklist::default(),
        officers: Vec::new(),
        joint: false,
    };
    act(&site, &officer, &number, reviewed).await;

    let group = |text: &str| {
        let (now, waiting) = text.split_once("在等别人").unwrap_or((text, ""));
        (now.contains(&number), waiting.contains(&number))
    };
    let list = desk.get("/desk").await;
    assert_eq!(group(&list.shows("为止").text()), (false, true));
    let case = format!("/desk/cases/{number}");
    desk.get(&case).await.is(200).shows("“名单公示”规定的天数还没有满");
    person.get(&format!("/cases/{number}")).await.is(200).shows("“名单公示”到 ").shows("为止");

    site.wait(8);
    let mut desk = site.signed_in("everybody").await;
    let list = desk.get("/desk").await;
    assert_eq!(group(&list.shows_not("为止").text()), (true, false));
    desk.get(&case).await.is(200).shows_not("规定的天数还没有满");
}
