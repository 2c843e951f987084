//! Answers that are put right, by the window and by the applicant.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod desk_hall;
mod support;

use desk_filing::{TAKE_AWAY, act, id};
use desk_hall::*;
use office::{Act, By};
use support::{Actor, Answer};

#[tokio::test]
async fn a_wrong_answer_is_put_right_on_the_spot_and_the_applicant_sees_who_did_it() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let page = case_page(&mut hall.clerk, &number).await;
    let place = format!("/desk/cases/{number}/items/{FOOD}/correct");
    page.shows("填报内容有误：当场改");
    let page = hall.clerk.get(&place).await;
    page.is(200).shows("营业面积").shows("行政许可法第三十二条");
    let form = page.form("/correct");
    let area = form.controls.iter().find(|control| control.name.contains("营业面积")).unwrap();
    let (name, before) = (area.name.clone(), area.value.clone());
    assert_ne!(before, "", "whoever takes it in sees what was answered");
    let shown = [("proof", "identity-seen"), ("text", "面积写错，申请人当面改正")];
    hall.clerk.submit(&form, &shown).await.is(422).shows("没有改动任何回答");
    let wrong = [(&*name, "很大"), shown[0], shown[1]];
    let told = hall.clerk.submit(&form, &wrong).await;
    assert!(told.is(422).shows("面积写错，申请人当面改正").body.contains("value=\"很大\""), "{}", told.body);
    let unproven = hall.clerk.submit(&form, &[(&*name, "42"), shown[1]]).await;
    assert!(unproven.is(422).shows("请选择怎样确认是本人的意思。").body.contains("value=\"42\""));
    hall.clerk.submit(&form, &[(&*name, "42"), shown[0], ("text", "改")]).await.is(422).shows("理由");
    let done = hall.clerk.submit(&form, &[(&*name, "42"), shown[0], shown[1]]).await;
    hall.clerk.follow(&done).await.shows("已记录当场更正").shows("面积写错，申请人当面改正").shows("42");
    assert_eq!(hall.case(&number).await.matters[0].state, casework::MatterState::Received);
    let mut applicant = hall.site.signed_in("zhangsan").await;
    let page = applicant.get(&format!("/cases/{number}")).await;
    page.is(200).shows("窗口代您修改了填报内容").shows("面积写错，申请人当面改正");
    page.shows("改为“42").shows(&before);
    let undone = applicant.submit(&page.form("/undo"), &[]).await;
    applicant.follow(&undone).await.shows("已收回");
    let again = hall.clerk.get(&place).await;
    let kept = again.form("/correct").controls.into_iter().find(|control| control.name == name).unwrap();
    assert_eq!(kept.value, before);
    // What only repeats the register is put right there, and the page says how.
    let again = hall.clerk.get(&place).await.form("/correct");
    let name_box = again.controls.iter().find(|control| control.name.ends_with("企业名称")).unwrap();
    let renamed = [(&*name_box.name, "改名小馆"), shown[0], ("text", "店名写错，当面改正")];
    let told = hall.clerk.submit(&again, &renamed).await;
    told.is(422).shows("登记的是“青岛高新区海味小馆”").shows("先向登记机关申请名称变更登记");
    // Where the register says nothing, the name by which lists and search know the case follows the answers.
    let unknown = TAKE_AWAY
        .map(|(field, said)| (field, if field == "统一社会信用代码" { "91350100M000100Y43" } else { said }));
    let other = hall.file(&unknown).await;
    let again = hall.clerk.get(&format!("/desk/cases/{other}/items/{FOOD}/correct")).await.form("/correct");
    let renamed = [(&*name_box.name, "改名小馆"), shown[0], ("text", "店名写错，当面改正")];
    let done = hall.clerk.submit(&again, &renamed).await;
    hall.clerk.follow(&done).await.shows("改名小馆");
    hall.clerk.get("/desk/cases?words=改名小馆").await.shows(&other);
    let stale = hall.clerk.get(&place).await.form("/correct");
    let newer = [(&*name, "61"), shown[0], ("text", "面积又写错，当面改正")];
    hall.clerk.submit(&stale, &newer).await.is(303);
    let overtaken = hall.clerk.submit(&stale, &[(&*name, "62"), shown[0], shown[1]]).await;
    overtaken.is(422).shows("有人改过其中的回答");
    hall.clerk.submit(&stale, &shown).await.is(422).shows("没有改动任何回答");
    let now = hall.clerk.get(&place).await.form("/correct");
    let kept = now.controls.iter().find(|control| control.name == name).unwrap();
    assert_eq!(kept.value, "61");
    does(&mut hall.clerk, &number, "accept", FOOD, &[]).await;
    hall.clerk.get(&place).await.is(303);
}

#[tokio::test]
async fn answers_that_were_asked_for_again_are_given_at_the_window_by_somebody_without_a_device() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let clerk = hall.site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let correction = office::Correction {
        item: Some(FOOD.into()),
        fields: vec!["营业面积".into()],
        note: "面积与平面图不符。".into(),
        ..office::Correction::default()
    };
    act(&hall.site, &number, &clerk, Act::AskCorrection(correction)).await;
    hall.site.wait_minutes(5);
    let page = case_page(&mut hall.clerk, &number).await;
    let supply = form(&page, "supply", FOOD);
    let area = supply.controls.iter().find(|control| control.name.contains("营业面积")).unwrap();
    assert_eq!(area.value, "", "what was answered before may be masked");
    let area = area.name.clone();
    let shown = [("proof", "identity-seen"), ("behalf", "本人在窗口")];
    let wrong = [(&*area, "很大"), shown[0], shown[1]];
    let told = hall.clerk.submit(&supply, &wrong).await;
    assert!(told.is(422).shows("有一处填得不对").body.contains("value=\"很大\""), "{}", told.body);
    hall.clerk.submit(&supply, &[(&*area, "42")]).await.is(422).shows("请选择怎样确认是本人的意思。");
    let right = [(&*area, "42"), shown[0], shown[1]];
    let done = hall.clerk.submit(&supply, &right).await;
    hall.clerk.follow(&done).await.shows("窗口代申请人补正");
    assert_eq!(hall.case(&number).await.matters[0].state, casework::MatterState::Received);
}

#[tokio::test]
async fn a_correction_that_was_told_is_not_offered_again_and_the_page_says_why() {
    let mut hall = hall().await;
    let number = hall.file(&TAKE_AWAY).await;
    let clerk = hall.site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let correction = || office::Correction {
        item: Some(FOOD.into()),
        materials: vec!["设备布局和操作流程图".into()],
        note: "图上没有标尺寸。".into(),
        again: Some("又看出一处来，请再补一次。".into()),
        ..office::Correction::default()
    };
    hall.site.wait_minutes(5);
    act(&hall.site, &number, &clerk, Act::AskCorrection(correction())).await;
    hall.site.wait_minutes(5);
    let case = id(&hall.site, &number).await;
    let materials = vec!["设备布局和操作流程图".into()];
    let supply = Act::SupplyCorrection { item: FOOD.into(), materials, answers: None };
    let applicant = By::Viewer(&hall.applicant);
    let nothing_came = hall.site.office.act(case, supply.clone(), applicant, None).await;
    let nothing_came = format!("{:?}", nothing_came.unwrap_err());
    assert!(nothing_came.contains("PaperNotThere"), "{nothing_came}");
    let mut upload = hall.site.office.begin_upload(1024, applicant).await.unwrap();
    upload.write(support::PDF).await.unwrap();
    let paper = hall.site.office.finish_upload(upload, "新图.pdf", applicant).await.unwrap();
    let paper = office::Attachment { material: Some("设备布局和操作流程图".into()), ..paper };
    hall.site.office.add_case_file(case, paper, applicant).await.unwrap();
    hall.site.office.act(case, supply, By::Viewer(&hall.applicant), None).await.unwrap();
    let page = case_page(&mut hall.clerk, &number).await;
    assert!(!offers(&page, "correction") && offers(&page, "accept"));
    page.shows("已经告知过补正，不能再次要求").shows("行政许可法 第三十二条");
    let again = hall.site.office.act(case, Act::AskCorrection(correction()), By::Viewer(&clerk), None).await;
    assert!(matches!(again, Err(office::OfficeError::Refused(casework::Refusal::CorrectionRepeated { .. }))));
}

/// A small restaurant with seats; a larger one needs a further item, which asks for the floor.
const SEATS: [(&str, &str); 6] = [
    ("主体状况", "已有营业执照"),
    ("经营方式", "堂食"),
    ("营业面积", "200"),
    ("排水方式", "物业统一办证"),
    ("大型户外广告", "false"),
    ("统一社会信用代码", "92370271MBYC100173"),
];

#[tokio::test]
async fn what_corrected_answers_bring_with_them_is_asked_on_the_same_page() {
    let mut hall = hall().await;
    let clerk = hall.site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let control = |form: &support::Form, field: &str| {
        let mut controls = form.controls.iter();
        controls.find(|control| control.name.ends_with(field)).map(|control| control.name.clone())
    };
    for surface in ["spot", "window", "applicant"] {
        let number = hall.file(&SEATS).await;
        let place = format!("/desk/cases/{number}/items/{FOOD}/correct");
        if surface != "spot" {
            let correction = office::Correction {
                item: Some(FOOD.into()),
                fields: vec!["营业面积".into()],
                note: "面积与平面图不符。".into(),
                ..office::Correction::default()
            };
            act(&hall.site, &number, &clerk, Act::AskCorrection(correction)).await;
            hall.site.wait_minutes(5);
        }
        let applicant = &mut hall.site.signed_in("zhangsan").await;
        let (person, address) = match surface {
            "applicant" => (applicant, format!("/cases/{number}")),
            "spot" => (&mut hall.clerk, place),
            _ => (&mut hall.clerk, format!("/desk/cases/{number}")),
        };
        let read = |page: &Answer| match surface {
            "applicant" => page.form("/correction/"),
            "spot" => page.form("/correct"),
            _ => form(page, "supply", FOOD),
        };
        let asked = read(&person.get(&address).await);
        let area = control(&asked, "营业面积").unwrap();
        assert_eq!(control(&asked, "场所楼层"), None, "{surface}");
        let mut typed = vec![(&*area, "350")];
        if surface != "applicant" {
            let (note, why) = (if surface == "spot" { "text" } else { "behalf" }, "面积写错，本人在窗口");
            typed.extend([("proof", "identity-seen"), (note, why)]);
        }
        let send = async |person: &mut Actor, asked: &support::Form, typed: &[(&str, &str)]| match surface {
            "applicant" => person.upload(asked, typed, &[]).await,
            _ => person.submit(asked, typed).await,
        };
        let again = send(person, &asked, &typed).await;
        again.is(422).shows("场所在几层");
        let asked = read(&again);
        let area = asked.controls.iter().find(|control| control.name == area).unwrap();
        assert_eq!(area.value, "350", "{surface}");
        let floor = control(&asked, "场所楼层").unwrap();
        let mut typed = vec![(&*floor, "二层及以上")];
        if surface != "applicant" {
            typed.push(("proof", "identity-seen"));
        }
        send(person, &asked, &typed).await.is(303);
        let loaded = hall.site.office.load_case(id(&hall.site, &number).await).await.unwrap();
        assert!(loaded.case.matters.len() > 1, "the further item came in");
        let answers = hall.site.office.answers(&loaded).await.unwrap();
        assert_eq!(answers.value("场所楼层").unwrap().to_string(), "二层及以上", "{surface}");
    }
}

/// A shop of one person who has no licence yet.
const SHOP: [(&str, &str); 5] = [
    ("主体状况", "新办个体户"),
    ("组成形式", "个人经营"),
    ("经营方式", "外卖"),
    ("营业面积", "40"),
    ("雇用员工", "false"),
];

#[tokio::test]
async fn a_choice_that_was_made_stays_and_one_more_row_hands_nothing_in() {
    let hall = hall().await;
    let number = hall.file(&SHOP).await;
    let clerk = hall.site.office.sign_in("clerk", support::PASSWORD).await.unwrap().1;
    let correction = office::Correction {
        item: Some("个体工商户设立登记".into()),
        fields: vec!["组成形式".into()],
        note: "家里人也参加经营的，请改成家庭经营。".into(),
        ..office::Correction::default()
    };
    act(&hall.site, &number, &clerk, Act::AskCorrection(correction)).await;
    hall.site.wait_minutes(5);
    let mut applicant = hall.site.signed_in("zhangsan").await;
    let asked = applicant.get(&format!("/cases/{number}")).await.form("/correction/");
    let way = asked.controls.iter().find(|control| control.name.ends_with("组成形式")).unwrap().name.clone();
    let again = applicant.upload(&asked, &[(&way, "家庭经营")], &[]).await;
    let asked = again.is(422).form("/correction/");
    let chosen = |form: &support::Form| {
        form.untouched().into_iter().find(|(name, _)| *name == way).map(|(_, value)| value)
    };
    assert_eq!(chosen(&asked).as_deref(), Some("家庭经营"));
    let member = |form: &support::Form, row: usize| {
        let row = format!(".{row}.");
        let mut controls = form.controls.iter();
        controls
            .find(|control| control.name.contains(&row) && control.name.ends_with("家庭成员姓名"))
            .unwrap()
            .name
            .clone()
    };
    let first = member(&asked, 0);
    let more = applicant.upload(&asked, &[(&first, "林大山"), ("add-row", "1")], &[]).await;
    let asked = more.form("/correction/");
    assert_eq!(chosen(&asked).as_deref(), Some("家庭经营"));
    assert_eq!(
        hall.case(&number).await.matters[0].state,
        casework::MatterState::Correcting,
        "nothing was handed in"
    );
    let second = member(&asked, 1);
    applicant.upload(&asked, &[(&second, "周小妹")], &[]).await.is(303);
    let loaded = hall.site.office.load_case(id(&hall.site, &number).await).await.unwrap();
    let answers = hall.site.office.answers(&loaded).await.unwrap();
    let members = format!("{:?}", answers.value("参加经营的家庭成员"));
    assert!(members.contains("林大山") && members.contains("周小妹"), "{members}");
}
