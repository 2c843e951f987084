//! Guides, search, accounts, verification, and everything that can be sent wrongly.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use office::Standing;
use support::{PDF, Site};

#[tokio::test]
async fn every_thing_and_item_has_a_guide_in_both_languages() {
    let site = Site::new().await;
    let edition = site.office.edition();
    for lang in ["zh", "en"] {
        let mut person = site.guest();
        person.cookies.insert("yc_lang".into(), lang.into());
        for thing in edition.parts().things.values() {
            let page = person.get(&format!("/things/{}", thing.id)).await;
            let title = if lang == "zh" { &thing.title.zh } else { &thing.title.en };
            page.is(200).shows(title);
            assert_eq!(page.form("/drafts").method, "post");
            if lang == "en" {
                page.shows("Begin").shows("Who decides, and when");
            } else {
                page.shows("开始办理").shows("谁在什么时候办");
            }
        }
        for item in edition.parts().items.values() {
            let page = person.get(&format!("/items/{}", item.id)).await;
            page.is(200).shows(&item.basis[0].cite).shows(if lang == "zh" {
                "办理环节"
            } else {
                "Time limits"
            });
        }
    }
}

#[tokio::test]
async fn a_guide_follows_ones_own_situation() {
    let site = Site::new().await;
    let mut person = site.guest();
    let small = person.get("/things/开办餐饮店?f.主体状况=已有营业执照&f.经营方式=外卖&f.营业面积=60&f.排水方式=物业统一办证&f.大型户外广告=false").await;
    small.is(200).shows("已经按您的情形计算").shows_not("公众聚集场所");
    let large = person.get("/things/开办餐饮店?f.主体状况=已有营业执照&f.经营方式=堂食&f.营业面积=500&f.排水方式=自接管网&f.大型户外广告=false").await;
    large.is(200).shows("公众聚集场所");
    assert!(large.body.contains("<svg viewBox"), "the lanes are drawn");
    // What was said goes along into the form.
    let started = person.submit(&large.form("/drafts"), &[]).await;
    let list = person.follow(&started).await;
    let section = person.get(&format!("{}/s/~situation", started.location())).await;
    assert!(section.body.contains("value=\"500\""), "{}", list.text());
    // Nonsense in the address is shown as a problem, not believed.
    person.get("/things/开办餐饮店?f.营业面积=很大&party=martian&f.没有=1").await.is(200).shows("请填数字");
}

#[tokio::test]
async fn search_finds_by_words_keywords_and_initials() {
    let site = Site::new().await;
    let mut person = site.guest();
    for query in ["餐饮", "我想开个饭店", "kbcyd", "canyin", "restaurant"] {
        let page = person.get(&format!("/search?q={}", query)).await;
        page.is(200).shows("开办餐饮店");
    }
    // What people say is not what the items are called.
    for (said, found) in [
        ("交税", "房屋交易税费申报"),
        ("报税", "一照一码户信息确认"),
        ("bs", "一照一码户信息确认"),
        ("上户口", "户口迁入登记"),
        ("shk", "户口迁入登记"),
        ("过户", "不动产转移登记"),
        ("营业执照", "企业设立登记"),
        ("yyzz", "个体工商户设立登记"),
        ("驾照", "机动车检验合格标志核发"),
        ("五险一金", "住房公积金单位缴存登记"),
        ("我要交社保", "社会保险单位参保登记"),
        ("环评", "建设项目环境影响报告表审批"),
    ] {
        person.get(&format!("/search?q={said}")).await.is(200).shows(found);
    }
    // What people type is slipped, spelled out in pinyin, or a whole sentence.
    for (said, found) in [
        ("烧烤", "开办餐饮店"),
        ("火锅店", "开办餐饮店"),
        ("早餐车", "开办餐饮店"),
        ("卖包子", "开办餐饮店"),
        ("我想开一家卖包子的店", "开办餐饮店"),
        ("kaifandian", "开办餐饮店"),
        ("resturant", "开办餐饮店"),
        ("开店", "开办餐饮店"),
        ("食品经营许可证", "开办餐饮店"),
        ("房子卖给别人", "买房过户（含水电气）"),
        ("卖房", "买房过户（含水电气）"),
        ("卖车", "二手车交易"),
        ("我要把车卖了", "二手车交易"),
        ("kaigongsi", "企业开办"),
        ("饺子馆", "开办餐饮店"),
        ("搬家", "企业变更地址"),
        ("变更地址", "企业变更地址"),
        ("外国人 工作", "外国人来华工作"),
        ("贷款", "买房过户（含水电气）"),
        ("抵押", "买房过户（含水电气）"),
        ("住房补贴", "申领人才住房补贴"),
    ] {
        let page = person.get(&format!("/search?q={said}")).await;
        let things = page.text();
        let things =
            things.split("单个事项").next().unwrap().split("一件事").nth(1).unwrap_or_default().to_owned();
        assert!(things.contains(found), "{said}: {}", page.text());
    }
    person.get("/search?q=火星移民许可").await.is(200).shows("没有找到").shows("换个说法");
    person.get("/search").await.is(200).shows("开办餐饮店").shows("食品经营许可");
    let long = "长".repeat(5000);
    person.get(&format!("/search?q={long}")).await.is(200);
    let script = person.get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!script.body.contains("<script>alert"), "{}", script.body);
}

#[tokio::test]
async fn signing_in_goes_where_one_was_going_and_never_elsewhere() {
    let site = Site::new().await;
    site.account("wang", Standing::Applicant, &[]).await;
    let mut person = site.guest();
    person
        .post("/sign-in", &[("login", "wang"), ("password", "wrong")])
        .await
        .is(422)
        .shows("账号或密码不对");
    for (next, to) in [
        ("/search?q=x", "/search?q=x"),
        ("//evil.test", "/my"),
        ("https://evil.test", "/my"),
        ("/\\evil.test", "/my"),
        ("", "/my"),
    ] {
        let mut person = site.guest();
        let answer = person
            .post("/sign-in", &[("login", "wang"), ("password", support::PASSWORD), ("next", next)])
            .await;
        assert_eq!(answer.location(), to, "{next}");
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    }
    let mut person = site.signed_in("wang").await;
    person.get("/").await.shows("wang").shows("退出");
    person.post("/sign-out", &[]).await.is(303);
    person.get("/").await.shows_not("退出");
    for next in ["//evil", "http://evil", "/ok"] {
        let answer = person.post("/language", &[("next", next)]).await;
        assert_eq!(answer.location(), if next == "/ok" { "/ok" } else { "/" });
    }
    person.get("/").await.shows("What do you want done today?");
}

#[tokio::test]
async fn demonstration_accounts_are_one_tap_away() {
    let site = Site::new().await;
    site.account("demo", Standing::Applicant, &[]).await;
    let mut person = site.guest();
    let page = person.get("/sign-in?next=/my").await;
    page.shows("演示账号").shows("demo");
    let tap = page.forms().into_iter().filter(|form| form.action == "/sign-in").nth(1).unwrap();
    let answer = person.submit(&tap, &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/my"));
}

#[tokio::test]
async fn an_account_is_opened_and_may_take_over_the_drafts_of_this_browser() {
    let site = Site::new().await;
    let mut person = site.guest();
    let page = person.get("/things/企业开办").await;
    let draft = person.submit(&page.form("/drafts"), &[]).await.location().to_owned();
    let page = person.get("/register").await;
    let form = page.form("/register");
    person
        .submit(
            &form,
            &[("login", "x"), ("name", "王"), ("phone", "13800001234"), ("password", "long enough")],
        )
        .await
        .is(422)
        .shows("3 到 40");
    person
        .submit(&form, &[("login", "wang5"), ("name", "王"), ("phone", "123"), ("password", "long enough")])
        .await
        .is(422);
    let weak = person
        .submit(
            &form,
            &[("login", "wang5"), ("name", "<i>王"), ("phone", "13800001234"), ("password", "short")],
        )
        .await;
    weak.is(422).shows("至少 8 个字符");
    assert!(weak.body.contains("value=\"&lt;i&gt;王\""), "what was typed is kept");
    let opened = person
        .submit(
            &form,
            &[("login", "wang5"), ("name", "<i>王"), ("phone", "13800001234"), ("password", "long enough")],
        )
        .await;
    let mine = person.follow(&opened).await;
    mine.is(200).shows("企业开办").shows("<i>王");
    // It may be somebody else's who used this browser before: it becomes the account's at its holder's wish.
    let mine = person.get("/my").await;
    mine.shows("只在这台设备上的");
    person.submit(&mine.form("/my/adopt"), &[]).await.is(303);
    // From another device too, because it is the account's now.
    let mut desk = site.guest();
    desk.post("/sign-in", &[("login", "wang5"), ("password", "long enough")]).await.is(303);
    desk.get(&draft).await.is(200);
    person
        .submit(
            &form,
            &[("login", "wang5"), ("name", "王"), ("phone", "13800001234"), ("password", "long enough")],
        )
        .await
        .is(422)
        .shows("已经有人用了");
}

#[tokio::test]
async fn unknown_addresses_get_a_clear_page() {
    let site = Site::new().await;
    let mut person = site.guest();
    let uuid = site.office.new_id();
    let paths = [
        "/nowhere".to_owned(),
        "/things/没有这件事".into(),
        "/items/没有".into(),
        "/drafts/not-a-draft".into(),
        format!("/drafts/{uuid}"),
        format!("/drafts/{uuid}/s/x"),
        format!("/drafts/{uuid}/papers"),
        format!("/drafts/{uuid}/check"),
        "/cases/20261123000001".into(),
        "/cases/202611230000018/traces".into(),
        "/cases/x/number".into(),
        "/cases/x/results/y".into(),
        "/v/没有签发过".into(),
        "/%ff%fe".into(),
    ];
    let number = person.get("/v/37027120260000001").await;
    number.is(404).shows("这不是电子证照标识").shows_not("可能是假的");
    for path in paths {
        let page = person.get(&path).await;
        assert!(matches!(page.status, 400 | 404), "{path}: {}", page.status);
        assert!(page.body.contains("<h1>"), "{path} has a page: {}", page.body);
    }
}

#[tokio::test]
async fn whatever_is_sent_to_whatever_form_never_breaks_the_server() {
    let site = Site::new().await;
    let mut person = site.guest();
    let page = person.get("/things/开办餐饮店").await;
    let draft = person.submit(&page.form("/drafts"), &[]).await.location().to_owned();
    let huge = vec![b'a'; 2 * 1024 * 1024];
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        (
            "application/x-www-form-urlencoded",
            b"%%%&=&&f.=&f..=1&f.x.99999999999999999999.y=1&command=zzz".to_vec(),
        ),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00=\x01".to_vec()),
        (
            "application/x-www-form-urlencoded",
            "f.营业面积.0.x=1&f.营业面积=2&f.经营方式=a&f.经营方式=b&f.主体状况.1.y=<script>"
                .as_bytes()
                .to_vec(),
        ),
        ("application/x-www-form-urlencoded", huge),
        ("application/json", b"{\"a\":1}".to_vec()),
        ("text/plain", b"hello".to_vec()),
        ("multipart/form-data", b"no boundary".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\ngarbage".to_vec()),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-".to_vec(),
        ),
    ];
    let paths = [
        "/drafts".to_owned(),
        "/language".into(),
        "/sign-in".into(),
        "/register".into(),
        "/sign-out".into(),
        "/track".into(),
        "/resume".into(),
        "/v".into(),
        format!("{draft}/s/~situation"),
        format!("{draft}/s/none"),
        format!("{draft}/autosave"),
        format!("{draft}/detach"),
        format!("{draft}/submit"),
        format!("{draft}/papers/没有"),
        format!("{draft}/answer-file/营业面积"),
        "/cases/202611230000018/rate".into(),
        "/cases/202611230000018/correction/x".into(),
    ];
    for path in &paths {
        for (kind, body) in &bodies {
            let answer = person.post_raw(path, kind, body.clone()).await;
            assert!(answer.status < 500, "{path} {kind}: {} {}", answer.status, answer.text());
            if answer.status >= 400 {
                assert!(answer.body.contains("<h1>"), "{path} {kind} {} has a page", answer.status);
            }
        }
    }
    // And the form is still there.
    person.get(&draft).await.is(200);
}

#[tokio::test]
async fn forged_cookies_open_nothing() {
    let site = Site::new().await;
    let mut person = site.guest();
    let page = person.get("/things/开办餐饮店").await;
    let draft = person.submit(&page.form("/drafts"), &[]).await.location().to_owned();
    for (name, forged) in [
        ("yc_key", "0".repeat(48)),
        ("yc_key", "x".into()),
        ("yc_key", "é".into()),
        ("yc_session", "f".repeat(64)),
        ("yc_session", "../..".into()),
        ("yc_lang", "<script>".into()),
    ] {
        let mut other = site.guest();
        other.cookies.insert(name.into(), forged);
        other.get("/").await.is(200);
        other.get("/my").await.is(200).shows("您的草稿和办件");
        other.get(&draft).await.is(404);
        other.post(&format!("{draft}/autosave"), &[("f.营业面积", "1")]).await.is(404);
    }
    assert_eq!(person.cookies["yc_key"].len(), 48);
}

#[tokio::test]
async fn forms_of_other_sites_are_not_taken() {
    let site = Site::new().await;
    let mut person = site.guest();
    person.headers.push(("sec-fetch-site", "cross-site".into()));
    person.post("/drafts", &[("thing", "开办餐饮店")]).await.is(403).shows("没有接受");
    person.get("/").await.is(200);
}

#[tokio::test]
async fn pages_carry_no_inline_script_or_style_and_name_their_parts() {
    let site = Site::new().await;
    let mut person = site.guest();
    for path in [
        "/",
        "/search?q=餐",
        "/things/开办餐饮店",
        "/items/食品经营许可",
        "/sign-in",
        "/register",
        "/track",
        "/resume",
        "/v",
        "/my",
        "/feedback",
    ] {
        let page = person.get(path).await;
        page.is(200);
        assert!(
            !page.body.contains(" style=\"")
                && !page.body.contains("<style")
                && !page.body.contains(" onclick"),
            "{path}"
        );
        assert!(page.body.split("<script").skip(1).all(|part| part.starts_with(" src=")), "{path}");
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        // Every control has a label that people see or hear.
        for form in page.forms() {
            for control in form.controls.iter().filter(|control| {
                control.tag == "input" && !matches!(control.kind.as_str(), "hidden" | "radio" | "checkbox")
            }) {
                assert!(!control.name.is_empty(), "{path}");
            }
        }
        let ids: Vec<&str> =
            page.body.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{path}: an id stands twice");
        for target in page.body.split(" for=\"").skip(1).filter_map(|part| part.split('"').next()) {
            assert!(ids.contains(&target), "{path}: a label for {target}");
        }
    }
}

#[tokio::test]
async fn too_many_guesses_of_a_telephone_are_stopped() {
    let site = Site::new().await;
    let mut person = site.guest();
    person.post("/track", &[("number", "123"), ("phone", "1234")]).await.is(422);
    person.post("/track", &[("number", "<script>"), ("phone", "")]).await.is(422);
    person.post("/track", &[]).await.is(422);
}

#[tokio::test]
async fn a_file_that_is_no_document_does_not_verify() {
    let site = Site::new().await;
    let mut person = site.guest();
    let page = person.get("/v").await;
    let form = page.forms().into_iter().find(|form| form.multipart).unwrap();
    person.upload(&form, &[], &[("file", "a.json", b"{}")]).await.is(200).shows("没有通过核验");
    person.upload(&form, &[], &[("file", "a.pdf", PDF)]).await.is(200).shows("没有通过核验");
    person.upload(&form, &[], &[]).await.is(422).shows("请先选择文件");
    let large = vec![b' '; (1 << 20) + 10];
    person.upload(&form, &[], &[("file", "a.json", &large)]).await.is(413);
    person.get("/v?id=http://zone.test/v/ABC%23xyz").await.is(303);
}

/// What decides whether a paper or a step is wanted reads as a sentence, in both languages.
#[tokio::test]
async fn guides_of_items_show_conditions_in_words() {
    let site = Site::new().await;
    let edition = support::edition();
    for (other, raw) in [(false, " and "), (true, " != ")] {
        let mut person = site.guest();
        if other {
            person.post("/language", &[("next", "/")]).await.is(303);
        }
        for item in edition.parts().items.values() {
            let page = person.get(&format!("/items/{}", item.id)).await;
            let text = page.is(200).text();
            let conditions = item.steps.values().filter_map(|step| step.when.as_ref());
            for condition in conditions.chain(item.materials.iter().filter_map(|wanted| wanted.when.as_ref()))
            {
                // A bare name may well be the label too.
                let raw = condition.text();
                assert!(!raw.contains(' ') || !text.contains(raw), "{}: {raw}", item.id);
            }
            for raw in ["= \"", " >= ", "not in (", raw] {
                assert!(!text.contains(raw), "{} shows {raw:?}:\n{text}", item.id);
            }
        }
    }
}
