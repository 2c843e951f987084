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
    wrong.is(422).shows("没有这个续办码");
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
    let by = By::Viewer(&viewer);
    site.office.set_seen(draft, vec!["设备布局和操作流程图".into()], by).await.unwrap();
    let open = site.office.open_draft(draft, By::Viewer(&viewer)).await.unwrap();
    assert!(
        open.has_paper(&"设备布局和操作流程图".into()),
        "what was seen in the original need not be scanned"
    );
    let mark = open.draft.seen_marks.first().expect("who saw it, and when");
    assert_eq!(mark.by, viewer.id.to_string());
}

/// A case that a clerk handed in for somebody present, one paper of which was seen in the original.
async fn filed_at_window(site: &Site, clerk: &office::Viewer) -> (String, String) {
    let start = StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: catalogue::Channel::Window,
        came_from: CameFrom::default(),
    };
    let by = By::Viewer(clerk);
    let open = site.office.start_draft(start, by).await.unwrap();
    let open = desk_filing::answered(site, open, by, &TAKE_AWAY).await;
    let papers = open.papers_missing().unwrap();
    let seen = papers.first().unwrap().clone();
    let open = site.office.set_seen(open.id, vec![seen.clone()], by).await.unwrap();
    let open = desk_filing::with_papers(site, open, by).await;
    (site.office.submit(open.id, by, None).await.unwrap().number, seen.to_string())
}

#[tokio::test]
async fn a_paper_seen_in_the_original_stays_so_on_every_later_page() {
    let (site, _, mut clerk) = window().await;
    let viewer = site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let begun = clerk.get("/window").await.form("/window/start");
    let begun = clerk.submit(&begun, &[("thing", "开办餐饮店"), ("party", "legal")]).await;
    let draft = begun.location().rsplit('/').next().unwrap().to_owned();
    let id: office::DraftId = draft.parse().unwrap();
    let open = site.office.open_draft(id, By::Viewer(&viewer)).await.unwrap();
    desk_filing::answered(&site, open, By::Viewer(&viewer), &TAKE_AWAY).await;
    // Ticked, and then another button of the page was pressed.
    let page = clerk.get(&format!("/drafts/{draft}/papers")).await;
    page.is(200).shows("原件已核对");
    let sent = [("go", "check"), ("seen-listed", "1"), ("material", "设备布局和操作流程图")];
    let sent = clerk.upload(&page.form(&format!("/drafts/{draft}/papers")), &sent, &[]).await;
    let check = clerk.follow(&sent).await;
    check.is(200).shows("原件已核对").shows("窗口看过原件");
    clerk.get(&format!("/drafts/{draft}/papers")).await.shows("窗口看过原件");

    let (number, _) = filed_at_window(&site, &viewer).await;
    site.account("examiner", Standing::Officer, &["审批审查员"]).await;
    let accept = office::Act::Accept { item: None };
    desk_filing::act(&site, &number, &viewer, accept).await;
    let page = site.signed_in("examiner").await.get(&format!("/desk/cases/{number}")).await;
    page.is(200).shows("原件已核对：clerk").shows("核对原件：");
}

#[tokio::test]
async fn the_receipt_prints_at_any_time_and_a_new_code_ends_the_old_one() {
    let (site, applicant, mut clerk) = window().await;
    let viewer = site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let (number, _) = filed_at_window(&site, &viewer).await;
    let receipt = format!("/desk/cases/{number}/receipt");
    assert_eq!(clerk.get(&format!("/cases/{number}/number")).await.is(303).location(), receipt);
    clerk.get(&format!("/desk/cases/{number}")).await.shows("打印收件回执");
    let page = clerk.get(&receipt).await;
    page.is(200).shows("收件回执").shows("收到的材料").shows("原件已核对：clerk").shows("还要补交的");
    page.shows("答复“食品经营许可（餐饮服务）”是否受理").shows("”承诺受理后 5 个工作日内办完，最晚 12月7日");
    let old = site.office.receipt_code(id(&site, &number).await, By::System).await.unwrap().to_string();
    page.shows(&old);

    // Another clerk sees no code, and gives out a new one only after a look at the identity document.
    site.account("clerk2", Standing::Officer, &["综合窗口"]).await;
    let mut other = site.signed_in("clerk2").await;
    let page = other.get(&receipt).await;
    page.is(200).shows_not(&old).shows("查件码没有印在这张回执上");
    let form = page.form("/receipt");
    other.submit(&form, &[("identity", "")]).await.is(422).shows("请先核对来人的身份证件").shows_not(&old);
    let given = other.submit(&form, &[("identity", "1")]).await;
    // The button was pressed twice: one code was given out.
    let twice = other.submit(&form, &[("identity", "1")]).await;
    let new = site.office.receipt_code(id(&site, &number).await, By::System).await.unwrap().to_string();
    given.is(200).shows(&new).shows_not(&old);
    twice.is(200).shows(&new);
    let given_out = site.office.traces(id(&site, &number).await, By::System).await.unwrap();
    let codes = given_out.iter().filter(|trace| trace.what == office::Looked::CodeGiven).count();
    assert_eq!(codes, 1);
    assert_ne!(old, new);
    let mut guest = site.guest();
    let track = |code: String| vec![("number".to_owned(), number.clone()), ("phone".to_owned(), code)];
    guest.post_pairs("/track", &track(old)).await.is(422);
    guest.post_pairs("/track", &track(new)).await.is(303);
    let traces = site.office.traces(id(&site, &number).await, By::System).await.unwrap();
    assert!(traces.iter().any(|trace| trace.what == office::Looked::CodeGiven));
    // Nobody else prints it.
    site.account("examiner", Standing::Officer, &["审批审查员"]).await;
    site.signed_in("examiner").await.get(&receipt).await.is(403);
    drop(applicant);
    site.signed_in("zhangsan").await.get(&receipt).await.is(403);
}

#[tokio::test]
async fn nobody_else_sits_at_the_window() {
    let (site, _, _) = window().await;
    site.account("examiner", Standing::Officer, &["审批审查员"]).await;
    site.signed_in("examiner").await.get("/window").await.is(403);
    site.signed_in("zhangsan").await.get("/window").await.is(403);
    site.guest().get("/window").await.is(303);
}

#[tokio::test]
async fn the_receipt_says_what_a_correction_asks_for_and_where_the_application_came_in() {
    let (site, _, mut clerk) = window().await;
    let viewer = site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let (number, _) = filed_at_window(&site, &viewer).await;
    let receipt = format!("/desk/cases/{number}/receipt");
    clerk.get(&receipt).await.is(200).shows("窗口于").shows_not("要补正");
    let case = id(&site, &number).await;
    let loaded = site.office.load_case(case).await.unwrap();
    let answers = site.office.answers(&loaded).await.unwrap();
    let matter = loaded.case.matters.iter().find(|matter| !matter.plan.materials.is_empty()).unwrap();
    let paper = matter.plan.materials[0].id.clone();
    let field = office::asked_of(&loaded, &answers, &matter.item)[0].clone();
    let ask = |materials: Vec<_>, fields: Vec<_>| {
        office::Act::AskCorrection(office::Correction {
            item: Some(matter.item.clone()),
            materials,
            fields,
            note: "这一份看不清，请换清楚的。".into(),
            again: None,
        })
    };
    desk_filing::act(&site, &number, &viewer, ask(vec![paper.clone()], Vec::new())).await;
    let (other, _) = filed_at_window(&site, &viewer).await;
    desk_filing::act(&site, &other, &viewer, ask(Vec::new(), vec![field.clone()])).await;
    let title = loaded.edition.material(&paper).unwrap().title.zh.to_string();
    let label = loaded.edition.field(&field).unwrap().fact().zh.to_string();
    let (paper_line, answer_line) = (format!("“{title}”要补正"), format!("“{label}”要更正"));
    clerk.get(&receipt).await.is(200).shows(&paper_line).shows_not(&answer_line);
    clerk.get(&format!("/desk/cases/{other}/receipt")).await.is(200).shows(&answer_line);
    site.wait_minutes(5);
    let form = clerk.get(&format!("/desk/cases/{number}")).await.form("/papers");
    let content = support::PDF.to_vec();
    clerk.upload(&form, &[("material", paper.as_str())], &[("file", "b.pdf", &content)]).await.is(303);
    clerk.get(&receipt).await.is(200).shows_not("要补正").shows_not(&answer_line);
    // What came in online was not received by a window.
    let mut person = site.guest();
    let number = support::flow::hand_in(&mut person, "/things/开办餐饮店", &TAKE_AWAY).await;
    clerk.get(&format!("/desk/cases/{number}/receipt")).await.is(200).shows("网上申请").shows_not("窗口于");
}
