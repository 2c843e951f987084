//! The main job, as a person does it: find, fill in, hand in, follow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::{Act, By};
use support::flow::{
    EXISTING, RESTAURANT, act, answer_all, answer_section, begin, hand_in, key_of, number_in, upload_all,
};
use support::{PDF, Site};

#[tokio::test]
async fn a_guest_opens_a_restaurant_from_guide_to_number_to_tracking() {
    let site = Site::new().await;
    let mut person = site.guest();
    let home = person.get("/").await;
    home.is(200).shows("今天要办什么").shows("开办餐饮店").shows("问题").shows("办完");
    let number = hand_in(&mut person, RESTAURANT, &[("联系电话", "13800005678")]).await;
    let page = person.get(&format!("/cases/{number}/number")).await;
    page.is(200).shows("这是您的办件编号").shows("加到日历");
    assert!(page.body.contains("<svg"), "a code to scan");
    let case = person.get(&format!("/cases/{number}")).await;
    case.is(200).shows("等候受理").shows("您提交了申请").shows("这个日期怎么算出来的");
    let mine = person.get("/my").await;
    mine.shows("开办餐饮店");
    // Somebody else's browser knows nothing of it, until it proves the telephone.
    let mut other = site.guest();
    let asked = other.get(&format!("/cases/{number}")).await;
    other.follow(&asked).await.is(200).shows("手机号后四位").shows_not("等候受理");
    other.get(&format!("/cases/{number}/number")).await.is(404);
    other.post("/track", &[("number", &number), ("phone", "0000")]).await.is(422).shows("没有对上的办件");
    let opened = other.post("/track", &[("number", &number), ("phone", "5678")]).await;
    let progress = other.follow(&opened).await;
    progress.is(200).shows("等候受理").shows("现在只能看进度");
    // Many know a telephone: it shows no paper, and undoes nothing.
    for hidden in ["您提交了申请", "撤回申请", "您的材料", "/files/"] {
        progress.shows_not(hidden);
    }
    let papers = person.get(&format!("/cases/{number}")).await;
    let file = papers
        .body
        .split("href=\"")
        .find(|link| link.contains("/files/"))
        .map(|link| link.split('"').next().unwrap());
    other.get(file.expect("a paper was handed in")).await.is(422).shows("查件码");
    other.post(&format!("/cases/{number}/withdraw"), &[("reason", "x")]).await.is(422).shows("查件码");
    other.post(&format!("/cases/{number}/message"), &[("text", "x")]).await.is(422).shows("查件码");
    other.get(&format!("/cases/{number}/number")).await.is(422).shows_not("告诉别人");
    other.get(&format!("/cases/{number}/agents")).await.is(422);
    other.get(&format!("/cases/{number}/traces")).await.is(422);
    // The receipt opens it.
    let receipt = person.get(&format!("/cases/{number}/number")).await;
    let code =
        receipt.body.split("查件码 <strong class=\"mono\">").nth(1).and_then(|rest| rest.split('<').next());
    let form = progress.form("/track");
    let opened = other.submit(&form, &[("phone", code.expect("a code on the receipt"))]).await;
    other.follow(&opened).await.is(200).shows("您提交了申请").shows_not("现在只能看进度");
    person
        .get(&format!("/cases/{number}/traces"))
        .await
        .is(200)
        .shows("凭编号和手机号后四位看了进度")
        .shows("凭编号和查件码打开了办件");
}

#[tokio::test]
async fn a_foreigner_without_a_telephone_hands_in_and_keeps_the_code_of_the_receipt() {
    let site = Site::new().await;
    let mut person = site.guest();
    let chosen = [
        ("主体状况", "新办企业"),
        ("经营方式", "外卖"),
        ("营业面积", "80"),
        ("排水方式", "物业统一办证"),
        ("大型户外广告", "false"),
        ("雇用员工", "false"),
        ("负责人证件号码", "passport:E12345678"),
        ("联系电话", "没有电话"),
    ];
    let draft = begin(&mut person, RESTAURANT).await;
    answer_section(&mut person, &format!("{draft}/s/~situation"), &chosen).await;
    // Kind and number are two controls; without script both are sent under one name.
    let page = person.get(&format!("{draft}/s/人员")).await;
    page.is(200).shows("港澳居民来往内地通行证").shows("外国人永久居留身份证");
    let form = page.form("/s/");
    let kind = ("f.负责人证件号码".to_owned(), "passport:".to_owned());
    let number = ("f.负责人证件号码".to_owned(), "e1234 5678".to_owned());
    let mut pairs = form.untouched();
    pairs.retain(|(name, _)| *name != kind.0);
    pairs.extend([kind, number]);
    person.post_pairs(&form.action, &pairs).await;
    let page = person.get(&format!("{draft}/s/人员")).await;
    assert!(page.body.contains("value=\"E12345678\"") && page.body.contains("value=\"passport:\" selected"));

    let draft = begin(&mut person, RESTAURANT).await;
    answer_section(&mut person, &format!("{draft}/s/~situation"), &chosen).await;
    // Who else may take messages is asked at once, though it may be left blank; the second time the way goes on.
    let brought = answer_section(&mut person, &format!("{draft}/s/联系"), &chosen).await;
    let brought = person.follow(&brought).await;
    brought.is(200).shows("新问题").shows("谁可以替您接消息");
    let on = answer_section(&mut person, &format!("{draft}/s/联系"), &chosen).await;
    assert!(!on.location().contains("联系") && !on.location().contains("new="), "{}", on.location());
    answer_all(&mut person, &draft, &chosen).await;
    let contact = person.get(&format!("{draft}/s/联系")).await;
    contact.is(200).shows("没有电话").shows("谁可以替您接消息");
    assert!(contact.body.contains("value=\"没有电话\" checked"), "it stays said");
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    check.is(200).shows("护照 E12345678").shows("用的是同一份文件").shows("没有电话");
    let done = person.submit(&check.form("/submit"), &[]).await;
    let number = number_in(done.is(303).location());
    let receipt = person.get(&format!("/cases/{number}/number")).await;
    receipt.is(200).shows("查件码").shows("没有留电话").shows_not("后四位");
    site.account("clerk", office::Standing::Officer, &["综合窗口"]).await;
    let mut clerk = site.signed_in("clerk").await;
    let desk = clerk.get(&format!("/desk/cases/{number}")).await;
    desk.is(200).shows("护照 E12345678").shows("没有电话").shows("同一份文件");
}

#[tokio::test]
async fn what_is_missing_is_told_at_the_question_and_nothing_typed_is_lost() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    let page = person.get(&format!("{draft}/s/~situation")).await;
    let form = page.form("/s/");
    let wrong = person.submit(&form, &[("f.营业面积", "很大"), ("go", "on")]).await;
    wrong.is(422).shows("处需要修改").shows("请填数字").shows("请回答");
    assert!(wrong.body.contains("value=\"很大\""), "what was typed stands in its box");
    assert!(wrong.body.contains("data-focus"), "the summary takes the focus");
    // It is kept on the server too.
    let again = person.get(&format!("{draft}/s/~situation")).await;
    assert!(again.body.contains("value=\"很大\""));
}

#[tokio::test]
async fn what_is_closed_to_the_applicant_is_said_at_once_and_one_button_leads_out() {
    let site = Site::new().await;
    let mut person = site.guest();
    // What was not said is not held against anybody, and the usual figures are those of a way that is open.
    let usual = person.get(&format!("{RESTAURANT}?party=legal")).await;
    usual.shows_not("不能由").shows_not("个体工商户设立登记").shows("食品经营许可");
    let guide = format!("{RESTAURANT}?party=legal&f.主体状况=新办个体户");
    let page = person.get(&guide).await;
    page.shows("不能由企业或单位申请").shows("改为以个人名义申请");
    let start = page.form("/drafts");
    let started = person.submit(&start, &[("party", "legal")]).await;
    let draft = started.location().to_owned();
    let list = person.follow(&started).await;
    list.shows("不能由企业或单位申请");
    person.get(&format!("{draft}/s/~situation")).await.shows("不能由企业或单位申请");
    answer_all(&mut person, &draft, &[("主体状况", "新办个体户")]).await;
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    check.shows("不能由企业或单位申请");
    assert!(check.forms().iter().all(|form| !form.action.ends_with("/submit")), "it cannot be handed in");
    let refused = person.post(&format!("{draft}/submit"), &[]).await;
    refused.is(422).shows("不符合办理条件");

    let changed = person.submit(&list.form("/party"), &[]).await;
    person.follow(&changed).await.is(200).shows_not("不能由");
    answer_all(&mut person, &draft, &[("主体状况", "新办个体户")]).await;
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    let done = person.submit(&check.form("/submit"), &[]).await;
    assert!(done.location().ends_with("/number"), "{}", done.text());
}

#[tokio::test]
async fn saving_in_the_background_keeps_what_was_typed() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    let saved =
        person.post(&format!("{draft}/autosave"), &[("f.营业面积", "88.5"), ("f.没有的字段", "x")]).await;
    saved.is(200);
    let page = person.get(&format!("{draft}/s/~situation")).await;
    assert!(page.body.contains("value=\"88.5\""), "{}", page.text());
    page.shows("上次保存");
}

#[tokio::test]
async fn what_the_zone_knows_is_shown_with_its_source_and_not_asked() {
    let site = Site::new().await;
    let mut person = site.guest();
    let code = known_code(&site);
    let draft = begin(&mut person, RESTAURANT).await;
    answer_section(
        &mut person,
        &format!("{draft}/s/~situation"),
        &[("主体状况", "已有营业执照"), ("统一社会信用代码", &code)],
    )
    .await;
    answer_section(
        &mut person,
        &format!("{draft}/s/~situation"),
        &[("主体状况", "已有营业执照"), ("统一社会信用代码", &code)],
    )
    .await;
    let list = person.get(&draft).await;
    let sections: Vec<String> = list
        .body
        .split("href=\"")
        .filter_map(|part| part.split('"').next())
        .filter(|href| href.contains("/s/"))
        .map(str::to_owned)
        .collect();
    let mut shown = false;
    for section in sections {
        let page = person.get(&section).await;
        shown |= page.text().contains("的记录") && page.text().contains("不对？改一下");
    }
    assert!(shown, "a known fact is shown for confirmation");
}

/// A code that one of the shipped registries has.
fn known_code(site: &Site) -> String {
    let edition = site.office.edition();
    for registry in edition.parts().registries.values().filter(|registry| registry.key == "统一社会信用代码")
    {
        if let catalogue::RegistrySource::Csv { key_column, columns, rows, .. } = &registry.source {
            let place = columns.iter().position(|column| column == key_column).unwrap();
            return rows[0][place].clone();
        }
    }
    panic!("the zone ships a register of undertakings");
}

#[tokio::test]
async fn the_same_form_handed_in_twice_is_one_case() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    answer_all(&mut person, &draft, EXISTING).await;
    upload_all(&mut person, &draft).await;
    let check = person.get(&format!("{draft}/check")).await;
    let form = check.form("/submit");
    let first = person.submit(&form, &[]).await;
    let mut second_window = person.second_window();
    let second = second_window.submit(&form, &[]).await;
    assert_eq!(first.location(), second.location());
    // Going back does not bring the form to life again.
    let back = person.get(&draft).await;
    assert_eq!(back.location(), first.location());
    person.get(&format!("{draft}/s/~situation")).await.is(303);
    person.post(&format!("{draft}/s/~situation"), &[("f.营业面积", "1")]).await.is(303);
    person.post(&format!("{draft}/autosave"), &[("f.营业面积", "1")]).await.is(409);
    assert_eq!(site.office.own_cases(By::Guest(&key_of(&person))).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_unfinished_form_cannot_be_handed_in_and_says_what_is_missing() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    let check = person.get(&format!("{draft}/check")).await;
    check.is(200).shows("没有完成");
    assert!(!check.body.contains("/submit\""), "no button to hand in");
    let forced = person.post(&format!("{draft}/submit"), &[]).await;
    forced.is(422).shows("没有完成");
}

#[tokio::test]
async fn a_code_opens_the_form_on_another_device() {
    let site = Site::new().await;
    let mut phone = site.guest();
    let draft = begin(&mut phone, RESTAURANT).await;
    phone.post(&format!("{draft}/autosave"), &[("f.营业面积", "66")]).await.is(200);
    let page = phone.post(&format!("{draft}/code"), &[]).await;
    let code = page.body.split("class=\"no mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut desk = site.guest();
    desk.get(&draft).await.is(404);
    desk.post("/resume", &[("code", "AAAA-AAAA")]).await.is(422).shows("没有这个续办码");
    let opened = desk.post("/resume", &[("code", &code.to_lowercase())]).await;
    assert_eq!(opened.location(), draft);
    let section = desk.get(&format!("{draft}/s/~situation")).await;
    assert!(section.body.contains("value=\"66\""));
}

#[tokio::test]
async fn papers_are_uploaded_looked_at_and_taken_out_again() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    answer_all(&mut person, &draft, EXISTING).await;
    let page = person.get(&format!("{draft}/papers")).await;
    let form = page.form("/papers");
    let control = page.body.split("name=\"file:").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let control = format!("file:{control}");
    person.upload(&form, &[], &[]).await.is(422).shows("请先选择文件");
    let exe = person.upload(&form, &[], &[(&control, "x.exe", b"MZ\x90\0\x03")]).await;
    exe.is(422).shows("“x.exe”").shows("只收");
    person.upload(&form, &[], &[(&control, "x.pdf", b"")]).await.is(422).shows("“x.pdf”是空文件");
    let large = vec![b'a'; 5 * 1024 * 1024];
    let too_large = person.upload(&form, &[], &[(&control, "x.pdf", &large)]).await;
    too_large.is(422).shows("“x.pdf”有 5 MB，超过了 4 MB 的上限");
    let taken = person.upload(&form, &[], &[(&control, "../../<b>平面图.pdf", PDF)]).await;
    let page = person.follow(&taken).await;
    page.shows("已上传").shows("<b>平面图.pdf");
    assert!(!page.body.contains("<b>平面图"), "a file's name is text");
    let href = page
        .body
        .split("href=\"")
        .find_map(|part| part.split('"').next().filter(|href| href.contains("/files/")))
        .unwrap()
        .to_owned();
    let file = person.get(&href).await;
    assert_eq!((file.status, file.bytes.as_slice()), (200, PDF));
    assert_eq!(file.headers["content-type"], "application/pdf");
    site.guest().get(&href).await.is(404);
    let digest = page.form("/papers").controls.into_iter().find(|control| control.name == "detach").unwrap();
    let removed = person.upload(&page.form("/papers"), &[("detach", &digest.value)], &[]).await;
    person.follow(&removed).await.shows_not("平面图");
}

#[tokio::test]
async fn a_new_edition_in_the_middle_is_told_and_keeps_what_was_typed() {
    let site = Site::new().await;
    let mut person = site.guest();
    let draft = begin(&mut person, RESTAURANT).await;
    answer_section(&mut person, &format!("{draft}/s/~situation"), EXISTING).await;
    // The zone stops asking about advertising.
    let mut compiled = checker::compile(&support::pack());
    let mut parts = site.office.edition().parts().clone();
    let thing = parts.things.get_mut("开办餐饮店").unwrap();
    thing.questions.retain(|question| question.field != "大型户外广告");
    thing.members.retain(|member| member.item != "大型户外广告设置审批");
    compiled.edition = Some(catalogue::Edition::seal(parts).unwrap());
    let admin = site.account("admin", office::Standing::Administrator, &[]).await;
    site.office.publish(compiled, None, &admin).await.unwrap();
    let page = person.get(&draft).await;
    page.is(200).shows("办事规定刚刚更新").shows("大型户外广告");
    let section = person.get(&format!("{draft}/s/~situation")).await;
    assert!(section.body.contains("value=\"80\""), "answers are kept: {}", section.text());
}

#[tokio::test]
async fn a_correction_is_supplied_where_it_is_asked() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let id = site.office.case_by_number(&number).await.unwrap();
    let loaded = site.office.load_case(id).await.unwrap();
    let matter = loaded
        .case
        .matters
        .iter()
        .find(|matter| matter.plan.after.is_empty() && !matter.plan.materials.is_empty())
        .unwrap();
    let (item, paper) = (matter.item.clone(), matter.plan.materials[0].id.clone());
    let correction = office::Correction {
        item: Some(item.clone()),
        materials: vec![paper.clone()],
        fields: vec!["营业面积".into()],
        note: "平面图看不清，<script>alert(1)</script>请重传。".into(),
        again: None,
    };
    act(&site, &officer, &number, Act::AskCorrection(correction)).await;
    let page = person.get(&format!("/cases/{number}")).await;
    page.shows("需要您办").shows("补正").shows("平面图看不清").shows("等您补正");
    assert!(!page.body.contains("<script>alert"), "texts are escaped");
    let form = page.form("/correction/");
    let control = format!("file:{paper}");
    // A wrong answer is told at its field, and the file that came with it is kept.
    let wrong = person.upload(&form, &[("f.营业面积", "很大")], &[(&control, "新图.pdf", PDF)]).await;
    wrong.is(422).shows("请填数字").shows("新图.pdf");
    let form = wrong.form("/correction/");
    let done = person.upload(&form, &[("f.营业面积", "90")], &[]).await;
    let page = person.follow(&done).await;
    page.shows("补正已收到").shows_not("等您补正").shows("的补正已收到");
    let loaded = site.office.load_case(id).await.unwrap();
    let answers = site.office.answers(&loaded).await.unwrap();
    assert_eq!(answers.value("营业面积").unwrap().to_string(), "90");
    // The same form once more does nothing and breaks nothing.
    assert!(matches!(person.upload(&form, &[("f.营业面积", "90")], &[]).await.status, 303 | 422));
}

#[tokio::test]
async fn asking_objecting_and_withdrawing_are_seen_in_the_timeline() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    let address = format!("/cases/{number}");
    let page = person.get(&address).await;
    let asked = page.form("/message");
    let sent = person.submit(&asked, &[("text", "还要多久？<img src=x>")]).await;
    person.follow(&sent).await.shows("已送达").shows("还要多久？<img src=x>");
    // The same tap twice is one message.
    person.submit(&asked, &[("text", "还要多久？<img src=x>")]).await.is(303);
    assert_eq!(person.get(&address).await.text().matches("还要多久").count(), 1);
    person.submit(&asked, &[("text", "   "), ("command", "")]).await.is(422).shows("请写下内容再发送");
    act(&site, &officer, &number, Act::Message { item: None, text: "明天就好。".into() }).await;
    person.get(&address).await.shows("办理部门说").shows("明天就好。");
    let long = "长".repeat(4001);
    let refused = person.submit(&page.form("/object"), &[("text", &long)]).await;
    refused.is(422).shows("文字太长");
    assert!(refused.body.contains(&long), "what was typed is kept");
    let objected = person.submit(&page.form("/object"), &[("text", "面积算错了"), ("command", "")]).await;
    person.follow(&objected).await.shows("您提出了异议");
    let withdrawn = person.submit(&page.form("/withdraw"), &[("reason", "不办了")]).await;
    person.follow(&withdrawn).await.shows("已撤回").shows("您撤回了");
    // Withdrawn, it can be rated; rating needs a level.
    let page = person.get(&address).await;
    let rating = page.form("/rate");
    person.submit(&rating, &[("comment", "还行")]).await.is(422).shows("请先选一个评价").shows("还行");
    person.submit(&rating, &[("level", "9")]).await.is(422).shows("没有 9 级");
    let rated = person.submit(&rating, &[("level", "2"), ("comment", "慢")]).await;
    person.follow(&rated).await.shows("您评了“不满意”");
    person.post(&format!("{address}/rate"), &[("level", "5")]).await.is(422).shows("已经评价过");
}

#[tokio::test]
async fn a_report_from_any_page_is_confirmed_or_sent_back_by_its_person() {
    let site = Site::new().await;
    let officer = site.officer().await;
    let mut person = site.guest();
    let page = person.get("/feedback?from=/things/%E5%BC%80%E5%8A%9E%E9%A4%90%E9%A5%AE%E5%BA%97").await;
    page.is(200).shows("开办餐饮店").shows("还没有人找茬");
    // Who wants to add a picture comes to the form, where what it is about is filled in.
    let started = person.submit(&page.form("/drafts"), &[("go", "on")]).await;
    let form = person.get(started.location()).await;
    assert!(form.body.contains("开办餐饮店"), "what it is about is filled in: {}", form.text());
    // Everybody else writes in one box and presses one button.
    let done =
        person.submit(&page.form("/drafts"), &[("f.问题描述", "平面图要交两次<b>"), ("go", "send")]).await;
    assert!(done.location().ends_with("/number"), "{} {}", done.location(), done.text());
    let number = number_in(done.location());
    let item = catalogue::ItemId::from("找茬");
    act(&site, &officer, &number, Act::Accept { item: None }).await;
    for step in ["梳理", "整改"] {
        let complete = Act::CompleteStep {
            item: item.clone(),
            step: step.into(),
            yes: true,
            opinion: "已改为只交一次。".into(),
            officers: vec![],
            checked: office::Checklist::default(),
            joint: false,
        };
        act(&site, &officer, &number, complete).await;
    }
    let page = person.get(&format!("/cases/{number}")).await;
    page.shows("需要您办").shows("请您核实").shows("已改为只交一次。");
    let no = person.submit(&page.form("/step"), &[("answer", "no"), ("opinion", "指南还没改")]).await;
    person.follow(&no).await.shows("还不行，回到").shows_not("需要您办");
    let complete = Act::CompleteStep {
        item: item.clone(),
        step: "整改".into(),
        yes: true,
        opinion: "指南也改了。".into(),
        officers: vec![],
        checked: office::Checklist::default(),
        joint: false,
    };
    act(&site, &officer, &number, complete).await;
    let page = person.get(&format!("/cases/{number}")).await;
    let yes = person.submit(&page.form("/step"), &[("answer", "yes")]).await;
    yes.is(303);
    // Anybody sees how it goes, without names or texts.
    let list = site.guest().get("/feedback").await;
    list.shows("最近的找茬").shows_not("平面图要交两次").shows_not(&number);
}

#[tokio::test]
async fn what_makes_a_thing_impossible_is_told_on_the_page_after_the_answer_with_the_way_on() {
    let site = Site::new().await;
    let mut person = site.guest();
    for words in ["公司换地址", "变更登记", "执照变更", "gongsi biangeng"] {
        person.get(&format!("/search?q={words}")).await.is(200).shows("企业变更地址");
    }
    let draft = begin(&mut person, "/things/企业变更地址").await.split("/s/").next().unwrap().to_owned();
    let situation = format!("{draft}/s/~situation");
    let moved_away = [("登记主体类型", "公司"), ("新住所在本区", "false")];
    let saved = answer_section(&mut person, &situation, &moved_away).await;
    let page = person.follow(&saved).await;
    page.is(200)
        .shows("可能办不下来")
        .shows("向新地址所在地的登记机关申请")
        .shows("改“新地址在青岛高新区里吗？”的回答");
    assert!(page.body.contains("/s/~situation#f-"), "the way back to the answer is a link");
    person.get(&format!("{draft}/papers")).await.shows("可能办不下来");
    let stays = [("登记主体类型", "公司"), ("新住所在本区", "true")];
    let saved = answer_section(&mut person, &situation, &stays).await;
    person.follow(&saved).await.is(200).shows_not("可能办不下来");
}
