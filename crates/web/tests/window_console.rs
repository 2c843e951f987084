//! The comprehensive window: finding, starting for somebody present, taking over a draft, accepting in one step.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod support;

use desk_filing::{TAKE_AWAY, file, id};
use office::{By, CameFrom, Standing, StartDraft};
use support::{Actor, Site};

async fn window() -> (Site, office::Viewer, Actor) {
    let site = Site::new().await;
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let clerk = site.signed_in("clerk").await;
    (site, applicant, clerk)
}

#[tokio::test]
async fn an_empty_window_says_how_to_begin() {
    let (_site, _, mut clerk) = window().await;
    let page = clerk.get("/window").await;
    page.is(200).shows("没有等待受理的办件").shows("为到场的人办").shows("接着办网上的草稿");
    assert!(page.body.contains("data-key=\"n\""), "every act has its key");
}

#[tokio::test]
async fn a_case_is_accepted_in_one_step_and_its_notice_is_one_link_away() {
    let (site, applicant, mut clerk) = window().await;
    let number = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let page = clerk.get("/window").await;
    page.shows(&number);
    let accepted = clerk.submit(&page.form("/act"), &[]).await;
    clerk.follow(&accepted).await.is(200).shows("已受理").shows("打印受理通知书").shows("没有等待受理的办件");
    let other = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let waiting = clerk.get(&format!("/window?done={other}")).await;
    waiting.shows(&format!("{other} 已收件，还没有受理")).shows_not("打印受理通知书");
    let case = site.office.load_case(id(&site, &number).await).await.unwrap().case;
    assert_eq!(case.matters[0].state, casework::MatterState::Accepted);
}

#[tokio::test]
async fn a_case_is_found_by_its_number_as_people_read_it_out() {
    let (site, applicant, mut clerk) = window().await;
    let number = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    clerk.get(&format!("/window?q={number}")).await.shows(&number).shows_not("没有找到");
    clerk.get(&format!("/window?q={}", number.replace('-', ""))).await.shows(&number);
    clerk.get("/window?q=没有这样的词").await.shows("没有找到");
}

#[tokio::test]
async fn a_draft_is_taken_over_by_its_code_and_a_wrong_code_is_told_at_its_field() {
    let (site, applicant, mut clerk) = window().await;
    let start = StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: catalogue::Channel::Online,
        came_from: CameFrom::default(),
    };
    let open = site.office.start_draft(start, By::Viewer(&applicant)).await.unwrap();
    let code = site.office.resume_code(open.id, By::Viewer(&applicant)).await.unwrap().to_string();
    let form = clerk.get("/window").await.form("/window/resume");
    let wrong = clerk.submit(&form, &[("code", "ZZZZ-ZZZZ")]).await;
    wrong.is(422).shows("没有这个接续码");
    assert!(wrong.form("/window/resume").untouched().contains(&("code".into(), "ZZZZ-ZZZZ".into())));
    let right = clerk.submit(&form, &[("code", &code)]).await;
    assert_eq!(right.location(), format!("/drafts/{}", open.id));
}

#[tokio::test]
async fn an_application_begins_for_somebody_present_and_belongs_to_the_clerk_until_it_is_in() {
    let (site, _, mut clerk) = window().await;
    let form = clerk.get("/window").await.form("/window/start");
    clerk.submit(&form, &[("thing", "")]).await.is(422).shows("请先选要办的事");
    let begun = clerk.submit(&form, &[("thing", "开办餐饮店"), ("party", "legal")]).await;
    let draft: office::DraftId = begun.is(303).location().rsplit('/').next().unwrap().parse().unwrap();
    let viewer = site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let open = site.office.open_draft(draft, By::Viewer(&viewer)).await.unwrap();
    assert_eq!(open.draft.channel, catalogue::Channel::Window);
    assert_eq!(open.draft.party, catalogue::PartyKind::Legal);
    clerk.get("/window").await.shows("没有填完的");
    let seen =
        clerk.post(&format!("/window/drafts/{draft}/seen"), &[("material", "设备布局和操作流程图")]).await;
    seen.is(303);
    let open = site.office.open_draft(draft, By::Viewer(&viewer)).await.unwrap();
    assert!(
        open.has_paper(&"设备布局和操作流程图".into()),
        "what was seen in the original need not be scanned"
    );
}

#[tokio::test]
async fn nobody_else_sits_at_the_window() {
    let (site, _, _) = window().await;
    site.account("examiner", Standing::Officer, &["审批审查员"]).await;
    site.signed_in("examiner").await.get("/window").await.is(403);
    site.signed_in("zhangsan").await.get("/window").await.is(403);
    site.guest().get("/window").await.is(303);
}
