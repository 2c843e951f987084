//! What somebody chose or typed is kept: several files at once, beside one that is refused, and between two devices.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use support::flow::{COMPANY, EXISTING, RESTAURANT, answer_all, begin, hand_in};
use support::{Actor, Answer, PDF, Site};

/// A draft with its questions answered, and the controls for its papers.
async fn papers_of(person: &mut Actor) -> (String, Answer, Vec<String>) {
    let draft = begin(person, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    answer_all(person, &draft, EXISTING).await;
    let page = person.get(&format!("{draft}/papers")).await;
    let controls = page.body.split("name=\"file:").skip(1).filter_map(|rest| rest.split('"').next());
    let controls: Vec<String> = controls.map(|name| format!("file:{name}")).collect();
    assert!(controls.len() >= 2, "{}", page.text());
    (draft, page, controls)
}

#[tokio::test]
async fn files_chosen_for_several_papers_go_with_one_button() {
    let site = Site::new().await;
    let mut person = site.guest();
    let (draft, page, controls) = papers_of(&mut person).await;
    let form = page.form("/papers");
    // The button that goes on to the check takes along what was chosen.
    let files: Vec<(&str, &str, &[u8])> =
        controls.iter().map(|control| (control.as_str(), "材料.pdf", PDF)).collect();
    let sent = person.upload(&form, &[("go", "check")], &files).await;
    assert_eq!(sent.location(), format!("{draft}/check"), "{}", sent.text());
    let page = person.get(&format!("{draft}/papers")).await;
    assert_eq!(page.body.matches("class=\"files\"").count(), controls.len(), "{}", page.text());
    // Every control belongs to that form, whichever paper it stands at.
    assert!(!page.body.contains("name=\"file:") || page.body.contains("form=\"papers\""));
}

#[tokio::test]
async fn ways_of_handling_that_were_ticked_go_along_whichever_button_is_pressed() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, COMPANY).await.split("/s/").next().unwrap().to_owned();
    answer_all(&mut person, &draft, &[]).await;
    let page = person.get(&format!("{draft}/papers")).await;
    let form = page.form("/papers");
    let promise = form.controls.iter().find(|control| control.name == "promise").unwrap();
    let control = form.controls.iter().find(|control| control.name.starts_with("file:")).unwrap();
    // The tick and a file: the button beside the file sends both.
    let ticked = [("promise", promise.value.as_str())];
    person.upload(&form, &ticked, &[(&control.name, "章程.pdf", PDF)]).await.is(303);
    let page = person.get(&format!("{draft}/papers")).await;
    page.shows("章程.pdf");
    let form = page.form("/papers");
    assert!(
        form.controls.iter().any(|control| control.name == "promise" && control.checked),
        "{}",
        page.text()
    );
    // A file that is taken out again does not take the tick with it, and the tick can be taken back.
    let digest = form.controls.iter().find(|control| control.name == "detach").unwrap().value.clone();
    person.upload(&form, &[("detach", &digest)], &[]).await.is(303);
    let page = person.get(&format!("{draft}/papers")).await;
    page.shows_not("章程.pdf");
    let mut form = page.form("/papers");
    assert!(form.controls.iter().any(|control| control.name == "promise" && control.checked));
    form.controls.retain(|control| control.name != "promise");
    person.upload(&form, &[("go", "check")], &[]).await.is(303);
    let form = person.get(&format!("{draft}/papers")).await.form("/papers");
    assert!(!form.controls.iter().any(|control| control.name == "promise" && control.checked));
}

#[tokio::test]
async fn letters_that_cannot_be_read_are_not_kept_with_holes() {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    // 你好 in GBK.
    let sent = |text: &str| format!("text={text}&command=").into_bytes();
    let kind = "application/x-www-form-urlencoded";
    let refused = person.post_raw(&format!("/cases/{number}/message"), kind, sent("%C4%E3%BA%C3")).await;
    refused.is(400).shows("有几个字读不出来").shows("您刚才写的内容还在这里");
    person.get(&format!("/cases/{number}")).await.shows_not("\u{fffd}");
    person.get("/search?q=%C4%E3").await.is(400).shows("有几个字读不出来");
    person.get("/search?q=%E4%BD%A0%E5%A5%BD").await.is(200);
}

#[tokio::test]
async fn whoever_writes_more_than_is_taken_is_told_so_in_words_about_text() {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let long = "长".repeat(400_000);
    let sent = person.post(&format!("/cases/{number}/message"), &[("text", &long)]).await;
    sent.is(413).shows("写的内容太长").shows_not("减小文件");
    let long = "长".repeat(4_001);
    let sent = person.post(&format!("/cases/{number}/message"), &[("text", &long)]).await;
    assert!(sent.status == 422 && sent.body.contains(&long), "what was written stands in its box");
}

#[tokio::test]
async fn a_refused_file_is_named_and_the_others_are_kept() {
    let site = Site::new().await;
    let mut person = site.guest();
    let (draft, page, controls) = papers_of(&mut person).await;
    let form = page.form("/papers");
    let large = vec![b' '; 5 * 1024 * 1024];
    let large = [PDF, &large].concat();
    let files: [(&str, &str, &[u8]); 2] =
        [(&controls[0], "平面图.pdf", &large), (&controls[1], "租赁合同.pdf", PDF)];
    let refused = person.upload(&form, &[("go", "check")], &files).await;
    refused.is(422).shows("“平面图.pdf”有 5 MB，超过了 4 MB 的上限").shows("租赁合同.pdf");
    let page = person.get(&format!("{draft}/papers")).await;
    page.shows("租赁合同.pdf").shows_not("平面图.pdf");
    // What is no document is told by its name too.
    let files: [(&str, &str, &[u8]); 1] = [(&controls[0], "程序.pdf", b"MZ\x90\x00\x03\x00\x00\x00")];
    let refused = person.upload(&form, &[], &files).await;
    refused.is(422).shows("“程序.pdf”");
}

#[tokio::test]
async fn a_later_save_from_another_device_does_not_win_silently() {
    let site = Site::new().await;
    let mut phone = site.guest();
    let draft = begin(&mut phone, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    answer_all(&mut phone, &draft, EXISTING).await;
    let list = phone.get(&draft).await;
    let section = list
        .body
        .split(&format!("href=\"{draft}/s/"))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|key| format!("{draft}/s/{key}"))
        .collect::<Vec<_>>();
    let mut at = None;
    for address in section {
        let page = phone.get(&address).await;
        if page.body.contains("name=\"f.联系电话\"") {
            at = Some((address, page));
        }
    }
    let (address, page) = at.unwrap();
    let mut computer = phone.second_window();
    let older = computer.get(&address).await;
    phone.submit(&page.form("/s/"), &[("f.联系电话", "13911112222"), ("go", "on")]).await.is(303);
    // The computer still shows the old number, and saves another one.
    let form = older.form("/s/");
    let met = computer.submit(&form, &[("f.联系电话", "13733334444"), ("go", "on")]).await;
    met.is(409).shows("刚在另一台设备上改过").shows("13911112222");
    let again = met.form("/s/");
    let typed = again.controls.iter().find(|control| control.name == "f.联系电话").unwrap();
    assert_eq!(typed.value, "13733334444", "what was typed stays in its box");
    let stored = phone.get(&address).await;
    assert!(stored.body.contains("13911112222"), "nothing was saved over");
    // In the background nothing is saved over either.
    let pairs: Vec<(String, String)> = form
        .untouched()
        .into_iter()
        .map(|(name, value)| if name == "f.联系电话" { (name, "13733334444".into()) } else { (name, value) })
        .collect();
    computer.post_pairs(&format!("{draft}/autosave"), &pairs).await.is(409);
    // Who has seen both decides.
    computer.submit(&again, &[("go", "on")]).await.is(303);
    assert!(phone.get(&address).await.body.contains("13733334444"));
}

#[tokio::test]
async fn a_page_that_changed_other_fields_is_no_conflict() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    let address = format!("{draft}/s/~situation");
    let page = person.get(&address).await;
    let form = page.form("/s/");
    // Saved in the background, then sent by the button of the same page with the marks that saving gave back.
    let pairs = form.untouched();
    let saved = person.post_pairs(&format!("{draft}/autosave"), &pairs).await;
    saved.is(200);
    let pairs = pressed(&saved, pairs, "later");
    person.post_pairs(&address, &pairs).await.is(303);
}

/// The pairs as the button of the page sends them after a save in the background, with the marks that it gave back.
fn pressed(saved: &Answer, pairs: Vec<(String, String)>, go: &str) -> Vec<(String, String)> {
    let marks: std::collections::BTreeMap<String, String> = serde_json::from_str(&saved.body).unwrap();
    let marked = |(name, value): (String, String)| match value
        .rsplit_once('=')
        .and_then(|(id, _)| Some((id.to_owned(), marks.get(id)?)))
    {
        Some((id, mark)) if name == "seen" => (name, format!("{id}={mark}")),
        _ => (name, value),
    };
    pairs.into_iter().map(marked).chain([("go".to_owned(), go.to_owned())]).collect()
}

/// Saving in the background must not make an error of a question that nobody has seen yet.
#[tokio::test]
async fn a_question_that_a_saved_answer_brought_is_asked_and_not_missed() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    let situation = [("主体状况", "新办个体户"), ("经营方式", "外卖"), ("营业面积", "50")];
    let situation = situation.into_iter().chain([
        ("排水方式", "物业统一办证"),
        ("大型户外广告", "false"),
        ("雇用员工", "false"),
    ]);
    let situation: Vec<(String, String)> =
        situation.map(|(field, value)| (format!("f.{field}"), value.to_owned())).collect();
    person.post_pairs(&format!("{draft}/autosave"), &situation).await.is(200);
    let address = format!("{draft}/s/财务");
    let page = person.get(&address).await;
    page.is(200).shows("要自己做账吗").shows_not("适用的会计准则");
    let mut pairs = page.form("/s/").untouched();
    pairs.push(("f.核算方式".into(), "建账".into()));
    let saved = person.post_pairs(&format!("{draft}/autosave"), &pairs).await;
    let pairs = pressed(&saved, pairs, "on");
    let sent = person.post_pairs(&address, &pairs).await;
    sent.is(303);
    person.follow(&sent).await.is(200).shows("适用的会计准则").shows_not("需要修改");
}

#[tokio::test]
async fn a_draft_is_found_on_its_guide_and_deleted_by_its_person_alone() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    person.get(RESTAURANT).await.shows("您有一份没交的草稿");
    site.guest().get(RESTAURANT).await.shows_not("您有一份没交的草稿");
    site.guest().post(&format!("{draft}/delete"), &[]).await.is(404);
    let list = person.get(&draft).await;
    let gone = person.submit(&list.form("/delete"), &[]).await;
    person.follow(&gone).await.is(200).shows("草稿已删除").shows_not("开办餐饮店");
    person.get(&draft).await.is(404);
    person.get(RESTAURANT).await.shows_not("您有一份没交的草稿");
}

#[tokio::test]
async fn a_draft_that_no_longer_opens_says_how_to_go_on_and_shows_what_was_typed() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    answer_all(&mut person, &draft, EXISTING).await;
    let list = person.get(&draft).await;
    let sections = format!("{draft}/s/");
    let section = list.body.split(&sections).skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut page = None;
    for key in section {
        let shown = person.get(&format!("{draft}/s/{key}")).await;
        if shown.status == 200 && shown.body.contains("name=\"f.企业名称\"") {
            page = Some(shown);
        }
    }
    let form = page.expect("some section asks for the name").form("/s/");
    person.cookies.clear();
    let lost = person.submit(&form, &[("f.企业名称", "海风吹过的小馆")]).await;
    lost.is(404).shows("这份申请在这台设备上打不开").shows("海风吹过的小馆").shows("接着填");
    assert!(lost.body.contains("href=\"/resume\"") && lost.body.contains("/sign-in?next="), "{}", lost.body);
    // A draft that never was is told in the same words.
    let none = person.get("/drafts/0198c0de-0000-7000-8000-000000000000").await;
    none.is(404).shows("这份申请在这台设备上打不开");
}

#[tokio::test]
async fn a_draft_of_the_device_is_taken_into_an_account_only_at_the_holders_wish() {
    let site = Site::new().await;
    site.account("lisi", office::Standing::Applicant, &[]).await;
    let mut device = site.guest();
    let draft = begin(&mut device, RESTAURANT).await.split("/s/").next().unwrap().to_owned();
    let signed = device.post("/sign-in", &[("login", "lisi"), ("password", support::PASSWORD)]).await;
    signed.is(303);
    device.get("/my").await.shows("只在这台设备上的");
    let mut elsewhere = site.signed_in("lisi").await;
    elsewhere.get(&draft).await.is(404);
    let mine = device.get("/my").await;
    let adopted = device.submit(&mine.form("/my/adopt"), &[]).await;
    device.follow(&adopted).await.shows("已经放进您的账号").shows_not("只在这台设备上的");
    elsewhere.get(&draft).await.is(200);
    // Signed out, the device opens it no more.
    device.post("/sign-out", &[]).await.is(303);
    device.get(&draft).await.is(404);
}

#[tokio::test]
async fn a_shared_device_lets_go_of_what_was_opened_on_it() {
    let site = Site::new().await;
    let mut device = site.guest();
    let number = hand_in(&mut device, RESTAURANT, EXISTING).await;
    let draft = begin(&mut device, COMPANY).await.split("/s/").next().unwrap().to_owned();
    device.get(&format!("/cases/{number}")).await.is(200);
    let page = device.get("/my/leave").await;
    page.is(200).shows("还有 1 份没交的表");
    let left = device.submit(&page.form("/my/leave"), &[]).await;
    device.follow(&left).await.shows("已经清掉").shows_not(&number);
    let shut = device.get(&format!("/cases/{number}")).await;
    assert_eq!(shut.location(), format!("/track?number={number}"));
    device.get(&draft).await.is(404);
}
