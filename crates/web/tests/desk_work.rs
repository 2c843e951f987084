//! Departments at work: worklist, the case on one page, acts and their refusals.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod desk_hall;
mod support;

use desk_filing::{RESTAURANT, TAKE_AWAY, act, file, id};
use desk_hall::*;
use office::{Act, By, Standing};
use support::Answer;

#[tokio::test]
async fn an_empty_worklist_says_what_will_be_there() {
    let mut hall = hall().await;
    hall.clerk.get("/desk").await.is(200).shows("现在没有等您办的环节").shows("按到期日排列");
}

#[tokio::test]
async fn the_worklist_shows_what_waits_for_ones_roles_and_nothing_else() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    hall.clerk.get("/desk").await.is(200).shows(&number).shows("收件受理");
    hall.examiner.get("/desk").await.is(200).shows_not(&number);
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await.shows("已受理");
    hall.examiner.get("/desk").await.shows(&number).shows("材料审查");
    hall.clerk.get("/desk").await.shows_not(&number);
}

#[tokio::test]
async fn a_task_is_taken_and_given_back_from_the_worklist() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let list = hall.inspector.get("/desk").await;
    let taken = hall.inspector.submit(&form(&list, "claim", FOOD), &[]).await;
    assert_eq!(taken.location(), "/desk");
    let list = hall.inspector.follow(&taken).await;
    assert!(offers(&list, "release") && !offers(&list, "claim"));
    hall.inspector.get("/desk?mine=1").await.shows(&number);
    let mut other = hall.site.signed_in("inspector2").await;
    let seen = other.get("/desk").await;
    seen.shows(&number).shows("inspector");
    assert!(!offers(&seen, "claim"), "what somebody has taken is not offered");
    hall.inspector.submit(&form(&list, "release", FOOD), &[]).await.is(303);
    assert!(offers(&other.get("/desk").await, "claim"));
}

#[tokio::test]
async fn a_licence_goes_from_the_window_to_delivery_by_the_forms_of_its_page() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await.shows("打印受理通知书");
    does(&mut hall.examiner, &number, "complete", FOOD, &[("text", "材料齐全。")]).await.shows("材料齐全。");
    let page = case_page(&mut hall.inspector, &number).await;
    let record = form(&page, "complete", FOOD);
    let second = record
        .controls
        .iter()
        .find(|control| control.name == "officer")
        .expect("a second officer can be named")
        .value
        .clone();
    let done = hall
        .inspector
        .submit(
            &record,
            &[
                ("officer", &second),
                ("way", "video"),
                ("check-0", "fail"),
                ("check-0-why", "墙面有一处开裂，已约定一周内修好。"),
                ("yes", "yes"),
                ("text", "其余符合。"),
            ],
        )
        .await;
    hall.inspector
        .follow(&done)
        .await
        .shows("核查方式：远程视频")
        .shows("不符合")
        .shows("：未查")
        .shows("其余符合。")
        .shows("一同办理：inspector2");
    // Whoever reads English reads the record in English, and what the officer wrote as it was written.
    hall.inspector.headers.push(("accept-language", "en".into()));
    let told = case_page(&mut hall.inspector, &number).await;
    told.shows("How it was inspected: ").shows("Not in order – 墙面有一处开裂").shows(": Not looked at");
    told.shows_not("核查方式").shows_not("：未查").shows("其余符合。");
    hall.inspector.headers.pop();
    does(&mut hall.head, &number, "grant", FOOD, &[("text", "裂缝已修好，复核无误。")]).await.shows("已准予");
    // The register has the operator of this number under another name, so that the papers were looked at.
    does(&mut hall.clerk, &number, "issue", FOOD, &[("originals", "1")])
        .await
        .shows("结果已签发")
        .shows(LICENCE);
    does(&mut hall.clerk, &number, "deliver", FOOD, &[("how", "window")])
        .await
        .shows("已登记送达")
        .shows("送达回证");
    assert_eq!(hall.case(&number).await.state().code(), "completed");
}

#[tokio::test]
async fn an_inspection_with_one_officer_is_refused_at_its_form_with_everything_kept() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.inspector, &number).await;
    let refused = hall
        .inspector
        .submit(
            &form(&page, "complete", FOOD),
            &[("way", "video"), ("yes", "yes"), ("text", "写了很多 <b>字</b>")],
        )
        .await;
    refused.is(422).shows("至少 2 名").shows("行政许可法 第三十四条");
    let again = form(&refused, "complete", FOOD);
    assert!(
        again.untouched().contains(&("text".into(), "写了很多 <b>字</b>".into())),
        "what was typed is kept"
    );
    assert!(again.untouched().contains(&("way".into(), "video".into())), "what was chosen is kept");
    assert!(refused.body.contains("data-focus"), "the summary takes the focus");
    assert!(!refused.body.contains("<b>字</b>"), "what was typed is text, never markup");
}

#[tokio::test]
async fn a_correction_is_asked_once_with_all_its_points_and_prints() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let ask = form(&page, "correction", FOOD);
    let template = ask.controls.iter().find(|control| control.name == "template").unwrap().value.clone();
    let sent = hall
        .clerk
        .submit(
            &ask,
            &[
                ("material", "设备布局和操作流程图"),
                ("field", "营业面积"),
                ("template", &template),
                ("text", "请一并补齐。"),
            ],
        )
        .await;
    let page = hall.clerk.follow(&sent).await;
    page.shows("补正告知书已生成").shows("补正中");
    let address = notice(&page, "correction");
    let paper = hall.clerk.get(&address).await;
    paper
        .is(200)
        .shows("补正告知书")
        .shows("主要设备设施、经营布局和操作流程图")
        .shows("2026年11月23日")
        .shows("营业面积")
        .shows(&template)
        .shows("请一并补齐。")
        .shows("专用印章")
        .shows("不会再次要求补正");
    let page = case_page(&mut hall.clerk, &number).await;
    assert!(!offers(&page, "accept") && !offers(&page, "correction"), "it is the applicant's turn");
}

/// The address of the first notice of a kind.
fn notice(page: &Answer, kind: &str) -> String {
    let marker = format!("/notices/{kind}-");
    let at = page.body.find(&marker).unwrap_or_else(|| panic!("no notice {kind}"));
    let start = page.body[..at].rfind('"').unwrap() + 1;
    page.body[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_empty_reason_is_refused_where_it_belongs() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let refused =
        hall.clerk.submit(&form(&page, "not-remit", FOOD), &[("organ", "某局"), ("text", " ")]).await;
    refused.is(422).shows("请写明理由");
    assert!(form(&refused, "not-remit", FOOD).untouched().contains(&("organ".into(), "某局".into())));
    assert_eq!(hall.case(&number).await.matters[0].state, casework::MatterState::Received);
}

#[tokio::test]
async fn what_is_not_for_this_organ_is_told_with_the_right_one_and_the_remedies() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = does(
        &mut hall.clerk,
        &number,
        "not-remit",
        FOOD,
        &[("organ", "某市某局"), ("text", "场所不在本区范围内。")],
    )
    .await;
    let paper = hall.clerk.get(&notice(&page, "not-remit")).await;
    paper
        .is(200)
        .shows("不予受理决定书")
        .shows("请向某市某局申请")
        .shows("场所不在本区范围内。")
        .shows("六十日内")
        .shows("行政复议机关");
}

#[tokio::test]
async fn a_refusal_carries_its_reasons_and_remedies_to_the_applicant() {
    let mut hall = hall().await;
    let number = ready_to_decide(&mut hall).await;
    let page = case_page(&mut hall.head, &number).await;
    page.shows("将一并告知").shows("六个月内");
    hall.head.submit(&form(&page, "refuse", FOOD), &[]).await.is(422);
    let page = does(&mut hall.head, &number, "refuse", FOOD, &[("text", "布局不合要求。")]).await;
    let address = notice(&page, "refused");
    let mut applicant = hall.site.signed_in("zhangsan").await;
    applicant
        .get(&address)
        .await
        .is(200)
        .shows("不予许可决定书")
        .shows("布局不合要求。")
        .shows("六十日内")
        .shows("青岛市城阳区人民法院");
}

/// A case in which everything before the decision is done.
async fn ready_to_decide(hall: &mut Hall) -> String {
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    does(&mut hall.examiner, &number, "complete", FOOD, &[]).await;
    let page = case_page(&mut hall.inspector, &number).await;
    let record = form(&page, "complete", FOOD);
    let second = record.controls.iter().find(|control| control.name == "officer").unwrap().value.clone();
    hall.inspector.submit(&record, &[("officer", &second)]).await.is(422).shows("通过还是不通过");
    hall.inspector.submit(&record, &[("officer", &second), ("yes", "yes")]).await.is(303);
    number
}

#[tokio::test]
async fn a_statutory_pause_needs_its_notice_and_stops_the_clock_until_it_ends() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.examiner, &number).await;
    let pause = form(&page, "pause", FOOD);
    let refused = hall.examiner.submit(&pause, &[("kind", "statutory:检验"), ("text", "送检。")]).await;
    refused.is(422).shows("行政许可法 第四十五条");
    let page = does(
        &mut hall.examiner,
        &number,
        "pause",
        FOOD,
        &[("kind", "statutory:检验"), ("needed", "10"), ("text", "送检，约十个工作日。")],
    )
    .await;
    page.shows("计时已暂停");
    hall.examiner
        .get(&notice(&page, "paused"))
        .await
        .is(200)
        .shows("特别程序告知书")
        .shows("检验")
        .shows("10 个工作日");
    does(&mut hall.examiner, &number, "resume", FOOD, &[]).await.shows("计时已恢复");
}

#[tokio::test]
async fn an_extension_is_asked_by_one_and_approved_by_another() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.examiner, &number).await;
    assert!(!offers(&page, "extend-approve"));
    does(&mut hall.examiner, &number, "extend", FOOD, &[("text", "需要核对图纸。")])
        .await
        .shows("延期申请已提交");
    let page = case_page(&mut hall.head, &number).await;
    page.shows("需要核对图纸。").shows("examiner申请延期");
    let page = does(&mut hall.head, &number, "extend-approve", FOOD, &[]).await;
    hall.head
        .get(&notice(&page, "extended"))
        .await
        .is(200)
        .shows("延期告知书")
        .shows("5 个工作日")
        .shows("需要核对图纸。");
}

#[tokio::test]
async fn a_joint_visit_ends_only_the_step_of_the_department_that_concludes() {
    let hall = hall().await;
    let number = hall.file(&RESTAURANT).await;
    let both = hall.site.account("joint", Standing::Officer, &["食品核查员", "消防检查员", "综合窗口"]).await;
    act(&hall.site, &number, &both, Act::Accept { item: None }).await;
    let mut inspector = hall.site.signed_in("joint").await;
    inspector.get("/desk").await.shows("联合核查");
    let page = case_page(&mut inspector, &number).await;
    let record = form(&page, "complete", FOOD);
    assert!(record.controls.iter().all(|control| control.name != "joint" || !control.checked));
    let second = record.controls.iter().find(|control| control.name == "officer").unwrap().value.clone();
    let done = inspector.submit(&record, &[("officer", &second), ("yes", "yes"), ("joint", "1")]).await;
    inspector.follow(&done).await.shows("联合核查办完").shows("已由其他部门联合核查，本部门待确认");
    let case = hall.case(&number).await;
    let inspected = case
        .matters
        .iter()
        .flat_map(|matter| matter.runs())
        .filter(|(step, run)| step.joint.is_some() && run.state.is_done());
    assert_eq!(inspected.count(), 1, "the fire brigade concludes for itself");
    inspector.get("/desk").await.shows("待确认");
    assert_eq!(case.visits().made, 0, "by video nobody travelled");
}

#[tokio::test]
async fn sensitive_facts_open_with_a_reason_that_the_applicant_can_read() {
    let mut hall = hall().await;
    let number = ready_to_decide(&mut hall).await;
    // Nothing waits for the inspector any more: what is about a person is masked.
    let page = case_page(&mut hall.inspector, &number).await;
    page.shows("已遮盖");
    let reveal = page.form("/reveal");
    hall.inspector.submit(&reveal, &[("text", "")]).await.is(422).shows("请写明理由");
    let opened = hall.inspector.submit(&reveal, &[("text", "复核现场联系人")]).await;
    hall.inspector.follow(&opened).await.shows_not("已遮盖");
    let mut applicant = hall.site.signed_in("zhangsan").await;
    applicant
        .get(&format!("/cases/{number}/traces"))
        .await
        .is(200)
        .shows("inspector")
        .shows("复核现场联系人");
    hall.site.wait_minutes(31);
    case_page(&mut hall.inspector, &number).await.shows("已遮盖");
}

#[tokio::test]
async fn a_sole_trader_is_listed_by_the_name_of_the_shop_and_a_person_is_masked() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let shop = hall.site.office.party(id(&hall.site, &number).await).await.unwrap();
    assert_eq!(shop.kind, Some(catalogue::PartyKind::Natural), "a person applies");
    hall.clerk.get("/desk").await.shows(&shop.name);
    // It is found by its name too.
    hall.clerk.get(&format!("/desk/cases?words={}", shop.name)).await.shows(&number);
    let talent = file(&hall.site, By::Viewer(&hall.applicant), "人才落户", &[]).await;
    let person = hall.site.office.party(id(&hall.site, &talent).await).await.unwrap();
    hall.clerk
        .get("/desk/cases")
        .await
        .shows(&talent)
        .shows(&identifier::mask_name(&person.name))
        .shows_not(&person.name);
    let found = hall.clerk.get(&format!("/desk/cases?words={}", person.name)).await;
    assert!(!found.text().contains(&talent), "{}: {}", person.name, found.text());
}

#[tokio::test]
async fn who_works_on_a_case_or_opens_a_paper_is_told_to_the_applicant() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let mut applicant = hall.site.signed_in("zhangsan").await;
    let traces = format!("/cases/{number}/traces");
    applicant.get(&traces).await.is(200).shows("还没有人查看过");
    let page = case_page(&mut hall.clerk, &number).await;
    let once = applicant.get(&traces).await;
    once.shows("因为正在办理您的事项").shows_not("打开了材料");
    // Looking again within the half hour is the same look.
    case_page(&mut hall.clerk, &number).await;
    let lines = |page: &Answer| page.body.matches("<li>").count();
    assert_eq!(lines(&applicant.get(&traces).await), lines(&once));
    let at = page.body.find(&format!("/desk/cases/{number}/files/")).expect("a paper is linked");
    let address = page.body[at..].split('"').next().unwrap().to_owned();
    hall.clerk.get(&address).await.is(200);
    hall.clerk.get(&address).await.is(200);
    let told = applicant.get(&traces).await;
    assert_eq!(told.body.matches("打开了材料").count(), 1, "{}", told.text());
    hall.site.wait_minutes(31);
    hall.clerk.get(&address).await.is(200);
    assert_eq!(applicant.get(&traces).await.body.matches("打开了材料").count(), 2);
}

#[tokio::test]
async fn papers_open_as_what_they_are_and_never_run() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let at = page.body.find(&format!("/desk/cases/{number}/files/")).expect("a paper is linked");
    let address = page.body[at..].split('"').next().unwrap().to_owned();
    let paper = hall.clerk.get(&address).await;
    paper.is(200);
    assert_eq!(paper.headers["content-type"], "application/pdf");
    assert_eq!(paper.headers["x-content-type-options"], "nosniff");
    assert!(paper.headers["content-disposition"].to_str().unwrap().starts_with("inline"));
    assert!(paper.bytes.starts_with(b"%PDF-"));
    hall.clerk.get(&format!("/desk/cases/{number}/files/{}", "0".repeat(64))).await.is(404);
    let form = page.form("/papers");
    let html = b"<script>alert(1)</script>";
    let sent =
        hall.clerk.upload(&form, &[("material", "设备布局和操作流程图")], &[("file", "x.html", html)]).await;
    let page = hall.clerk.follow(&sent).await;
    page.shows("材料已收下").shows("x.html");
    let at = page
        .body
        .find("x.html")
        .map(|at| page.body[at..].find("/files/").map(|more| at + more).unwrap())
        .unwrap();
    let digest = page.body[at + 7..].split('"').next().unwrap();
    let served = hall.clerk.get(&format!("/desk/cases/{number}/files/{digest}")).await;
    assert_eq!(served.headers["content-type"], "text/plain; charset=utf-8");
}

#[tokio::test]
async fn papers_brought_to_the_window_supply_the_correction_once_all_are_there() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let asked = ["设备布局和操作流程图", "食品安全制度清单"];
    let clerk = hall.site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let correction = office::Correction {
        item: Some(FOOD.into()),
        materials: asked.iter().map(|id| (*id).into()).collect(),
        note: "两份都不清楚。".into(),
        ..office::Correction::default()
    };
    act(&hall.site, &number, &clerk, Act::AskCorrection(correction)).await;
    hall.site.wait_minutes(5);
    for (place, paper) in asked.iter().enumerate() {
        let page = case_page(&mut hall.clerk, &number).await;
        let content = format!("%PDF-1.4 {paper} again");
        let form = page.form("/papers");
        hall.clerk
            .upload(&form, &[("material", paper)], &[("file", "x.pdf", content.as_bytes())])
            .await
            .is(303);
        let waits = hall.case(&number).await.matters[0].state == casework::MatterState::Correcting;
        assert_eq!(waits, place == 0, "after {paper}");
    }
}

#[tokio::test]
async fn a_message_reaches_the_history_and_cannot_be_sent_twice() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let message = form(&page, "message", "");
    hall.clerk.submit(&message, &[("text", "请带上钥匙。")]).await.is(303);
    hall.clerk.submit(&message, &[("text", "请带上钥匙。")]).await.is(303);
    assert_eq!(hall.case(&number).await.messages.len(), 1);
    case_page(&mut hall.clerk, &number).await.shows("请带上钥匙。");
}

#[tokio::test]
async fn the_list_of_cases_filters_and_leaves_as_spreadsheets() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    hall.clerk.get("/desk/cases").await.is(200).shows(&number);
    hall.clerk.get("/desk/cases?month=2026-11&state=open").await.shows(&number);
    hall.clerk.get("/desk/cases?month=2026-10").await.shows_not(&number).shows("没有符合条件的办件");
    hall.clerk.get(&format!("/desk/cases?words={number}")).await.shows(&number);
    let csv = hall.clerk.get("/desk/cases.csv").await;
    csv.is(200);
    assert!(csv.bytes.starts_with("\u{feff}办件编号,".as_bytes()), "spreadsheets are told that it is UTF-8");
    assert!(csv.body.contains(&number));
    assert!(csv.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let book = hall.clerk.get("/desk/cases.xlsx").await;
    assert!(book.is(200).bytes.starts_with(b"PK"));
    assert!(hall.clerk.get("/desk/worklist.xlsx").await.bytes.starts_with(b"PK"));
    assert!(hall.clerk.get("/desk/worklist.csv?colour=green").await.body.contains(&number));
}

/// The cell under a heading in the line of a case.
fn under<'a>(csv: &'a str, heading: &str, number: &str) -> &'a str {
    let place = csv.lines().next().unwrap().split(',').position(|cell| cell == heading).expect(heading);
    csv.lines().find(|line| line.contains(number)).unwrap().split(',').nth(place).unwrap()
}

#[tokio::test]
async fn files_tell_the_last_day_that_is_in_time_as_the_page_does() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let (edition, case) = (hall.clerk.office.edition(), hall.case(&number).await);
    let running = case.clocks(edition.calendar(), edition.offset(), hall.clerk.office.now());
    let promised = running.iter().filter(|clock| clock.kind == casework::ClockKind::Promised);
    let due = promised.map(|clock| clock.due.due_on).min().unwrap().to_string();
    let heading = "到期日（含当日）";
    let cases = hall.clerk.get("/desk/cases.csv").await;
    assert_eq!(under(&cases.body, heading, &number), due, "a day without a time");
    let tasks = hall.examiner.get("/desk/worklist.csv").await;
    let day: jiff::civil::Date = under(&tasks.body, heading, &number).parse().unwrap();
    let table = hall.examiner.get("/desk").await;
    table.shows(&format!("{}月{}日", day.month(), day.day()));
}

#[tokio::test]
async fn pages_of_departments_speak_english_too() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    hall.clerk.cookies.insert("yc_lang".into(), "en".into());
    hall.clerk.get("/desk").await.shows("Can be done now");
    case_page(&mut hall.clerk, &number).await.shows("Ask for a correction").shows_not("办理经过");
}

#[tokio::test]
async fn what_the_window_does_for_an_applicant_needs_a_proof_names_the_officer_and_can_be_taken_back() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let withdraw = form(&page, "withdraw", FOOD);
    hall.clerk
        .submit(&withdraw, &[("text", "不办了")])
        .await
        .is(422)
        .shows("请选择怎样确认是本人的意思。")
        .shows("不办了");
    hall.clerk.submit(&withdraw, &[("proof", "identity-seen")]).await.is(422).shows("请写明为什么代为办理。");
    let digits = [("proof", "phone-digits"), ("digits", "0001"), ("behalf", "本人在窗口")];
    hall.clerk.submit(&withdraw, &digits).await.is(422).shows("手机号后四位与申请时留的对不上");
    let seen = [("proof", "identity-seen"), ("behalf", "本人在窗口，不会用手机")];
    let done = hall.clerk.submit(&withdraw, &seen).await;
    let told = hall.clerk.follow(&done).await;
    told.shows("窗口代申请人撤回（看过身份证件原件）").shows("本人在窗口，不会用手机");
    assert!(hall.case(&number).await.matters.iter().any(|matter| matter.state.code() == "withdrawn"));
    let mut applicant = hall.site.signed_in("zhangsan").await;
    let page = applicant.get(&format!("/cases/{number}")).await;
    page.is(200).shows("窗口代您撤回了申请").shows("由窗口工作人员clerk代您登记");
    let undone = applicant.submit(&page.form("/undo"), &[]).await;
    applicant.follow(&undone).await.shows("已收回").shows("您收回了窗口代您办理的事");
    assert!(hall.case(&number).await.matters.iter().all(|matter| matter.state.code() != "withdrawn"));
}

#[tokio::test]
async fn a_choice_that_was_left_open_is_asked_for_at_its_form_and_nothing_typed_is_lost() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.examiner, &number).await;
    let pause = form(&page, "pause", FOOD);
    let typed = [("kind", ""), ("text", "需要专家评审。")];
    hall.examiner
        .submit(&pause, &typed)
        .await
        .is(422)
        .shows("请选择是哪种程序。")
        .shows("需要专家评审。")
        .shows("办件");
}

#[tokio::test]
async fn a_review_that_did_not_pass_stands_in_the_decision_box_and_a_grant_says_why() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.examiner, &number).await;
    let review = form(&page, "complete", FOOD);
    hall.examiner.submit(&review, &[("yes", "no")]).await.is(422).shows("请写明是什么问题");
    let done = hall.examiner.submit(&review, &[("yes", "no"), ("text", "平面图与现场不符。")]).await;
    hall.examiner.follow(&done).await;
    let page = case_page(&mut hall.inspector, &number).await;
    let record = form(&page, "complete", FOOD);
    let second = record.controls.iter().find(|control| control.name == "officer").unwrap().value.clone();
    hall.inspector
        .submit(&record, &[("officer", &second), ("yes", "yes"), ("text", "现场合格。")])
        .await
        .is(303);
    let page = case_page(&mut hall.head, &number).await;
    page.shows("材料审查：不通过");
    let grant = form(&page, "grant", FOOD);
    page.shows("平面图与现场不符。");
    hall.head.submit(&grant, &[]).await.is(422).shows("请写明理由");
    hall.head.submit(&grant, &[("text", "同意。")]).await.is(422).shows("仍然准予").shows_not("什么问题");
    hall.head.submit(&grant, &[("text", "已当场改正，复核无误。")]).await.is(303);
}

#[tokio::test]
async fn points_that_do_not_hold_pass_only_with_a_reason_for_each() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.inspector, &number).await;
    let record = form(&page, "complete", FOOD);
    let second = record.controls.iter().find(|control| control.name == "officer").unwrap().value.clone();
    let failed = |more: &[(&'static str, &'static str)]| {
        let mut typed = vec![
            ("check-0", "fail"),
            ("check-1", "fail"),
            ("yes", "yes"),
            ("text", "现场总体合格，可以通过。"),
        ];
        typed.extend_from_slice(more);
        typed
    };
    let with = |typed: Vec<(&'static str, &'static str)>| {
        let mut all = vec![("officer".to_owned(), second.clone())];
        all.extend(typed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        all
    };
    for (why, told) in [
        (&[][..], "每一项不符合都要写理由"),
        (&[("check-0-why", "墙面开裂，已约定修好。")][..], "每一项不符合都要写理由"),
        (&[("check-0-why", "墙面开裂，已约定修好。"), ("check-1-why", "行")][..], "理由太短"),
    ] {
        let typed = with(failed(why));
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (&**name, &**value)).collect();
        hall.inspector.submit(&record, &typed).await.is(422).shows(told);
    }
    let explained = [("check-0-why", "墙面开裂，已约定修好。"), ("check-1-why", "灯罩缺一个，当场已补上。")];
    let typed = with(failed(&explained));
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (&**name, &**value)).collect();
    let done = hall.inspector.submit(&record, &typed).await;
    hall.inspector.follow(&done).await.shows("不符合——墙面开裂，已约定修好。");
    // Whoever decides reads what did not hold, and why it passed.
    does(&mut hall.examiner, &number, "complete", FOOD, &[("text", "材料齐全。")]).await;
    case_page(&mut hall.head, &number).await.shows("2 项不符合").shows("灯罩缺一个，当场已补上。");
}

#[tokio::test]
async fn what_is_done_shows_the_day_on_which_it_was_done_and_whether_in_time() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    let page = case_page(&mut hall.clerk, &number).await;
    page.shows("受理时限").shows("办完").shows("在期限内（");
}
