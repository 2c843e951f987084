//! The administrator: a pack uploaded, judged, published; accounts opened and closed.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod desk_filing;
mod support;

use std::io::Write as _;

use desk_filing::{TAKE_AWAY, file};
use office::{By, Standing};
use support::{Actor, Site, pack};

async fn administration() -> (Site, Actor) {
    let site = Site::new().await;
    site.account("admin", Standing::Administrator, &[]).await;
    let admin = site.signed_in("admin").await;
    (site, admin)
}

/// The shipped zone as an archive, with one file changed.
fn archive(changed: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut found = false;
    for (name, content) in pack() {
        writer.start_file(format!("zone/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        if name == changed {
            found = true;
            let text = String::from_utf8(content.to_vec()).unwrap();
            let after = change(text.clone());
            assert_ne!(text, after, "{changed} was to change");
            writer.write_all(after.as_bytes()).unwrap();
        } else {
            writer.write_all(&content).unwrap();
        }
    }
    assert!(found || changed.is_empty());
    writer.finish().unwrap().into_inner()
}

async fn upload(admin: &mut Actor, bytes: &[u8]) -> support::Answer {
    let form = admin.get("/admin/pack").await.form("/admin/pack/upload");
    admin.upload(&form, &[], &[("archive", "pack.zip", bytes)]).await
}

const FOOD: &str = "items/食品经营许可/item.yaml";

#[tokio::test]
async fn a_broken_pack_is_shown_line_by_line_and_cannot_be_published() {
    let (site, mut admin) = administration().await;
    let before = site.office.edition().hash();
    let sent =
        upload(&mut admin, &archive(FOOD, |text| text.replace("after: [决定]", "after: [决锭]"))).await;
    let page = admin.follow(&sent).await;
    page.is(200).shows("决锭").shows("有错误，不能发布").shows(&format!("{FOOD}:"));
    assert!(page.body.contains("<mark class=\"under\">"), "the place is underlined");
    assert!(page.forms().iter().all(|form| form.action != "/admin/pack/publish"));
    admin.post("/admin/pack/publish", &[]).await.is(422).shows("不能发布");
    assert_eq!(site.office.edition().hash(), before);
}

#[tokio::test]
async fn a_good_pack_says_what_it_changes_for_open_cases_and_becomes_current() {
    let (site, mut admin) = administration().await;
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    let number = file(&site, By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let before = site.office.edition().hash();
    let sent = upload(
        &mut admin,
        &archive(FOOD, |text| text.replace("promised: 5 working days", "promised: 6 working days")),
    )
    .await;
    let page = admin.follow(&sent).await;
    page.shows("修改 1 项").shows("“食品经营许可”有 1 个在办").shows("仍按原版本办完");
    let published = admin.submit(&page.form("/admin/pack/publish"), &[]).await;
    admin.follow(&published).await.is(200).shows("已发布").shows(before.short().as_str());
    assert_ne!(site.office.edition().hash(), before);
    let case = site.office.load_case(site.office.case_by_number(&number).await.unwrap()).await.unwrap().case;
    assert_eq!(case.edition, before, "a case keeps its edition");
    // A second click finds nothing more to publish.
    admin.post("/admin/pack/publish", &[]).await.is(303);
    // The text of what was published is kept and can be checked.
    admin.get("/admin/pack?check=current").await.is(200).shows("正在使用的事项包").shows("个错误");
}

#[tokio::test]
async fn a_pack_whose_stories_differ_is_published_only_by_somebody_who_ticks_how_many() {
    let (site, mut admin) = administration().await;
    let before = site.office.edition().hash();
    // Whoever plays them finds that every story of food licences ends otherwise.
    site.office.rehearse_by(|_, stories| {
        let food = stories.iter().filter(|story| story.file.starts_with("items/食品经营许可/"));
        let differs = |story: &catalogue::Story| office::Mismatch {
            file: story.file.clone(),
            line: 12,
            message: diagnostic::Bilingual::new("承诺日是6月1日", "promised on 1 June"),
        };
        food.map(differs).collect()
    });
    let longer = |text: String| text.replace("promised: 5 working days", "promised: 6 working days");
    let page = upload(&mut admin, &archive(FOOD, longer)).await;
    let page = admin.follow(&page).await;
    let differ = pack().keys().filter(|file| file.starts_with("items/食品经营许可/examples/")).count();
    page.shows(&format!("有 {differ} 个和事项包不一致"))
        .shows("五日不告知视为受理.md:12")
        .shows("承诺日是6月1日");
    let form = page.form("/admin/pack/publish");
    for wrong in [None, Some("1")] {
        let typed: Vec<_> = wrong.map(|count| ("differ", count)).into_iter().collect();
        let refused = admin.submit(&form, &typed).await;
        refused.is(422).shows("案例").shows("五日不告知视为受理.md:12");
        assert_eq!(site.office.edition().hash(), before, "{wrong:?}");
    }
    let published = admin.submit(&form, &[("differ", &differ.to_string())]).await;
    admin.follow(&published).await.is(200).shows("已发布");
    assert_ne!(site.office.edition().hash(), before);
}

#[tokio::test]
async fn archives_that_are_no_packs_are_refused_in_words() {
    let (_site, mut admin) = administration().await;
    upload(&mut admin, b"not a zip").await.is(422).shows("不是能打开的 .zip");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("../zone.yaml", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    upload(&mut admin, &bytes).await.is(422).shows("不安全的路径");
}

#[tokio::test]
async fn an_upload_can_be_given_up() {
    let (_site, mut admin) = administration().await;
    let sent = upload(&mut admin, &archive("", |text| text)).await;
    let page = admin.follow(&sent).await;
    page.shows("完全一样，不用发布");
    let gone = admin.submit(&page.form("/admin/pack/discard"), &[]).await;
    admin.follow(&gone).await.shows("还没有待检查的事项包");
}

#[tokio::test]
async fn every_rule_has_its_page() {
    let (_site, mut admin) = administration().await;
    let page = admin.get("/admin/rules").await;
    page.is(200);
    for rule in checker::rules() {
        assert!(page.body.contains(rule.code));
        admin.get(&format!("/admin/rules/{}", rule.code)).await.is(200).shows(&rule.title.zh);
    }
    admin.get("/admin/rules/Y999").await.is(404);
}

#[tokio::test]
async fn an_officer_is_opened_given_roles_and_closed() {
    let (site, mut admin) = administration().await;
    let form = admin.get("/admin/accounts").await.form("/admin/accounts");
    assert_eq!(form.method, "get");
    let typed = [("login", "wangfang"), ("name", "王芳"), ("password", "短"), ("role", "综合窗口")];
    let refused = admin.post("/admin/accounts", &typed).await;
    refused.is(422).shows("至少 10 个字符");
    assert!(refused.body.contains("value=\"王芳\""), "what was typed is kept");
    let typed =
        [("login", "wangfang"), ("name", "王芳"), ("password", support::PASSWORD), ("role", "综合窗口")];
    let opened = admin.post("/admin/accounts", &typed).await;
    admin.follow(&opened).await.shows("账号已开通").shows("王芳").shows("综合窗口");
    // What an administrator typed opens nothing but the choice of another.
    let mut clerk = site.guest();
    let begun = clerk.post("/sign-in", &[("login", "wangfang"), ("password", support::PASSWORD)]).await;
    let own = [("password", "my own one 7"), ("again", "my own one 7")];
    clerk.follow(begun.is(303)).await.is(200);
    clerk.post("/sign-in/password", &own).await.is(303);
    clerk.get("/window").await.is(200);
    let list = admin.get("/admin/accounts?q=王芳").await;
    let at = list.body.find("/admin/accounts/").unwrap();
    let address = list.body[at..].split('"').next().unwrap().to_owned();
    admin.post(&format!("{address}/roles"), &[("role", "审批审查员")]).await.is(303);
    clerk.get("/window").await.is(303);
    let mut clerk = site.guest();
    clerk.post("/sign-in", &[("login", "wangfang"), ("password", "my own one 7")]).await.is(303);
    clerk.get("/window").await.is(403);
    admin.post(&format!("{address}/standing"), &[("open", "no")]).await.is(303);
    clerk.get("/desk").await.is(303);
    admin.post(&format!("{address}/standing"), &[("open", "yes")]).await.is(303);
    admin.post(&format!("{address}/password"), &[("password", "another one 9")]).await.is(303);
    let given = site.office.begin_sign_in("wangfang", "another one 9", &office::Visit::default()).await;
    assert!(matches!(given, Ok(office::SignedIn::Password(_))), "{given:?}");
}

#[tokio::test]
async fn administrators_do_not_lock_themselves_out_and_decide_no_cases() {
    let (site, mut admin) = administration().await;
    let me = site.office.sign_in("admin", support::PASSWORD).await.unwrap().1;
    admin.post(&format!("/admin/accounts/{}/standing", me.id.0), &[("open", "no")]).await.is(403);
    admin.get("/desk").await.is(403);
}
