//! Passwords, as people meet them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod support;

use office::Standing;
use support::{PASSWORD, Site};

const NEW: &str = "another one 9";

#[tokio::test]
async fn somebody_changes_the_password_and_stays_signed_in_here_alone() {
    let site = Site::new().await;
    site.account("wang", Standing::Applicant, &[]).await;
    let mut home = site.signed_in("wang").await;
    let mut hall = site.signed_in("wang").await;
    let form = home.get("/my/account").await.form("/my/account/password");
    let wrong = home.submit(&form, &[("old", "no"), ("password", NEW), ("again", NEW)]).await;
    wrong.is(422).shows("现在的密码不对").shows_not(NEW);
    home.submit(&form, &[("old", PASSWORD), ("password", NEW), ("again", "other")])
        .await
        .is(422)
        .shows("不一样");
    home.submit(&form, &[("old", PASSWORD), ("password", "短"), ("again", "短")])
        .await
        .is(422)
        .shows("至少 8 个");
    hall.get("/my/account").await.is(200);
    let done = home.submit(&form, &[("old", PASSWORD), ("password", NEW), ("again", NEW)]).await;
    home.follow(done.is(303)).await.is(200).shows("密码已修改");
    hall.get("/my/account").await.is(303);
    home.headers.push(("accept-language", "en".into()));
    home.get("/my/account").await.is(200).shows("Change the password");
}

#[tokio::test]
async fn a_first_password_leads_to_the_choice_of_another() {
    let site = Site::new().await;
    site.account("admin", Standing::Administrator, &[]).await;
    let mut admin = site.signed_in("admin").await;
    let typed = [("login", "wangfang"), ("name", "王芳"), ("password", PASSWORD), ("role", "综合窗口")];
    admin.post("/admin/accounts", &typed).await.is(303);
    let mut clerk = site.guest();
    let sent = [("login", "wangfang"), ("password", PASSWORD), ("next", "/desk/cases")];
    let answer = clerk.post("/sign-in", &sent).await;
    assert_eq!(answer.is(303).location(), "/sign-in/password?next=/desk/cases");
    clerk.get("/desk").await.is(303);
    let page = clerk.follow(&answer).await;
    page.is(200).shows("设置自己的密码");
    let form = page.form("/sign-in/password");
    clerk.submit(&form, &[("password", PASSWORD), ("again", PASSWORD)]).await.is(422).shows("和现在的一样");
    clerk.submit(&form, &[("password", NEW), ("again", "x")]).await.is(422).shows("不一样");
    let inside = clerk.submit(&form, &[("password", NEW), ("again", NEW)]).await;
    assert_eq!(inside.is(303).location(), "/desk/cases");
    clerk.get("/desk").await.is(200);
    // Late, or without the first step, it begins again.
    let mut other = site.guest();
    other.get("/sign-in/password").await.is(303);
    assert!(
        other.submit(&form, &[("password", NEW), ("again", NEW)]).await.location().starts_with("/sign-in?")
    );
}
