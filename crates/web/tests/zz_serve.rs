mod desk_filing;
mod support;
use desk_filing::*;
use office::*;
use support::Site;

#[tokio::test(flavor = "multi_thread")]
#[ignore]
async fn serve() {
    let site = Site::new().await;
    let applicant = site.account("zhangsan", Standing::Applicant, &[]).await;
    site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    site.account("admin", Standing::Administrator, &[]).await;
    site.account("food", Standing::Officer, &["食品核查员"]).await;
    site.account("food2", Standing::Officer, &["食品核查员"]).await;
    site.account("head", Standing::Officer, &["审批部负责人"]).await;
    let all = site.officer().await;
    let by = By::Viewer(&applicant);
    let first = file(&site, by, "开办餐饮店", &RESTAURANT).await;
    let second = file(&site, by, "开办餐饮店", &TAKE_AWAY).await;
    let _third = file(&site, by, "开办餐饮店", &RESTAURANT).await;
    act(&site, &first, &all, Act::Accept { item: None }).await;
    site.wait(1);
    act(&site, &first, &all, Act::Claim { item: "食品经营许可".into(), step: "材料审查".into(), officer: None }).await;
    act(&site, &second, &all, Act::AskCorrection(Correction { item: Some("食品经营许可".into()), materials: vec!["设备布局和操作流程图".into()], fields: vec![], note: "布局图没有标出食品加工的流程和功能区，请补充标注。".into(), again: None })).await;
    println!("FIRST {first} SECOND {second}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8461").await.unwrap();
    axum::serve(listener, site.router.clone()).await.unwrap();
}
