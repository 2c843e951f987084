//! Moving a business twice: what is registered is shown and not retyped, and the licence of before says what took its place.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use support::Site;
use support::flow::{
    EXISTING, RESTAURANT, answer_all, answer_section, begin, finish, go_on, hand_in, number_in, upload_all,
};

const MOVE: &str = "/things/企业变更地址";

fn result_address(page: &str) -> String {
    let links = page.split("href=\"").filter_map(|part| part.split('"').next());
    let mut results = links.filter(|href| href.contains("/results/") && !href.ends_with("/file"));
    results.next().expect("a result is listed").to_owned()
}

#[tokio::test]
async fn the_licence_of_before_says_on_every_page_by_which_one_it_was_replaced() {
    let site = Site::new().await;
    let (officer, second) = (site.officer().await, site.in_every_role("second").await);
    let mut person = site.guest();
    let mut sheets = Vec::new();
    for address in ["青岛高新区示范路8号1号楼201室", "青岛高新区示范路9号2号楼302室"]
    {
        let situation = [("登记主体类型", "个体工商户"), ("新住所在本区", "true"), ("新住所地址", address)];
        let number = hand_in(&mut person, MOVE, &situation).await;
        site.wait(1);
        finish(&site, &officer, &second, &person, &number).await;
        sheets.push((number.clone(), result_address(&person.get(&format!("/cases/{number}")).await.body)));
        site.wait(1);
    }
    let [(old, old_sheet), (new, new_sheet)] = &sheets[..] else { panic!("two") };
    let id = site.office.case_by_number(new).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    let number = loaded.case.matters[0].results[0].number.to_string();
    let by = format!("已由新证照 {number} 代替");
    let case = person.get(&format!("/cases/{old}")).await;
    case.is(200).shows(&by).shows("这是换发，不是处罚或者撤销").shows_not("处理决定书");
    let sheet = person.get(old_sheet).await;
    sheet.is(200).shows(&by).shows("本件不再有效").shows_not("电子签名有效");
    // A paper is kept for years: a day without its year says nothing.
    sheet.shows(&format!("这份结果{by}（2026年"));
    person.get(new_sheet).await.is(200).shows("电子签名有效").shows_not("不再有效");
    let file = person.get(&format!("{old_sheet}/file")).await;
    let mut stranger = site.guest();
    let identifier = |sheet: &str| sheet.rsplit('/').next().unwrap().to_owned();
    let online = stranger.get(&format!("/v/{}", identifier(old_sheet))).await;
    online.is(200).shows("曾经签发").shows(&by).shows_not("真实有效");
    stranger.get(&format!("/v/{}", identifier(new_sheet))).await.is(200).shows("真实有效");
    let page = stranger.get("/v").await;
    let form = page.forms().into_iter().find(|form| form.multipart).unwrap();
    stranger.upload(&form, &[], &[("file", "a.json", &file.bytes)]).await.is(200).shows(&by);
}

#[tokio::test]
async fn what_is_registered_is_shown_and_whoever_changes_it_is_told_what_to_do_first() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, MOVE).await;
    let situation = [("登记主体类型", "个体工商户"), ("新住所在本区", "true")];
    let list = person.get(&draft).await;
    let first =
        list.body.split("class=\"button big\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    answer_section(&mut person, first.unwrap(), &situation).await;
    let business = format!("{draft}/s/{}", "主体");
    answer_section(&mut person, &business, &situation).await;
    let page = person.get(&business).await;
    page.is(200).shows("青岛高新区海味小馆").shows("企业登记库").shows("登记得不对？");
    let form = page.form("/s/");
    let name = form.controls.iter().find(|control| control.name.ends_with("企业名称")).unwrap();
    assert_eq!(name.value, "青岛高新区海味小馆");
    let told = person.submit(&form, &[(&name.name, "另起名号小馆")]).await;
    told.is(422).shows("登记的是“青岛高新区海味小馆”").shows("先向登记机关申请名称变更登记");
    let right = told.form("/s/");
    person.submit(&right, &[]).await.is(303);
}

#[tokio::test]
async fn who_makes_out_what_is_registered_otherwise_reads_both_and_confirms_it() {
    let site = Site::new().await;
    let (officer, second) = (site.officer().await, site.in_every_role("second").await);
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    let draft = draft.split("/s/").next().unwrap().to_owned();
    answer_all(&mut person, &draft, EXISTING).await;
    let elsewhere = [("经营场所地址", "青岛高新区示范路1号101室")];
    answer_section(&mut person, &format!("{draft}/s/场所"), &elsewhere).await;
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    let done = person.submit(&check.form("/submit"), &[]).await;
    let number = number_in(done.is(303).location());
    site.wait(1);
    let food = Some(("食品经营许可", catalogue::StepKind::Issue));
    go_on(&site, (&officer, &second), &person, &number, food).await;
    let mut desk = site.signed_in("second").await;
    let page = desk.get(&format!("/desk/cases/{number}")).await;
    page.is(200).shows("（申请人填“青岛高新区示范路1号101室”，登记的是“青岛高新区枕河路179号6号楼203室”）");
    page.shows("登记的是“青岛高新区枕河路179号6号楼203室”，申请人填的不一样");
}
