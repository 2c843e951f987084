//! Those who run a zone, by programs: consents, the floor of a hall, packs, and what becomes of records.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::io::Write as _;

use axum::http::Method;
use office::{By, Standing};
use serde_json::json;
use support::{Answer, Program, Site, TAKE_AWAY};

const THING: &str = "开办餐饮店";
const HALL: &str = "政务服务大厅";

#[tokio::test]
async fn somebody_acts_for_another_while_consent_lasts() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let agent = site.account("agent", Standing::Applicant, &[]).await;
    let number = site.file(By::Viewer(&applicant), THING, &TAKE_AWAY).await;
    let (own, other) = (site.program(&applicant).await, site.program(&agent).await);
    let (case, agents) = (format!("/cases/{number}"), format!("/cases/{number}/agents"));
    other.get(&case).await.is_problem(404, "not-found");

    let wrong = json!({ "login": "agent", "name": "somebody else", "days": 7 });
    own.post(&agents, &wrong).await.is_problem(422, "agent-unknown");
    let long = json!({ "login": "agent", "name": "agent", "days": 181 });
    own.post(&agents, &long).await.is_problem(422, "consent-days");
    let allowed = own.post(&agents, &json!({ "login": "agent", "name": "agent", "days": 7 })).await;
    assert_eq!(
        (allowed.is(201).text("/items/0/name").as_str(), allowed.json["items"][0]["holds"] == true),
        ("agent", true)
    );
    other.get(&case).await.is(200);
    // An agent acts, and lets nobody else act.
    other.post(&agents, &json!({ "login": "applicant", "name": "applicant", "days": 7 })).await.is(403);

    let given_up = other.send(Method::DELETE, &format!("{agents}/{}", agent.id.0), None).await;
    assert_eq!(given_up.is(200).json["items"][0]["holds"], false);
    other.get(&case).await.is(404);
    // It is remembered that there was one, and ending it twice does no harm.
    assert_eq!(own.get(&agents).await.is(200).json["items"].as_array().unwrap().len(), 1);
    own.send(Method::DELETE, &format!("{agents}/{}", agent.id.0), None).await.is(200);

    let draft = own.post("/drafts", &json!({ "thing": THING })).await.is(201).text("/id");
    let agents = format!("/drafts/{draft}/agents");
    own.post(&agents, &json!({ "login": "agent", "name": "agent", "days": 1 })).await.is(201);
    other.patch(&format!("/drafts/{draft}/answers"), &json!({ "answers": {} })).await.is(200);
    site.wait_minutes(24 * 60);
    other.get(&format!("/drafts/{draft}")).await.is(404);
}

#[tokio::test]
async fn a_manager_runs_the_floor() {
    let site = Site::new().await;
    let head = site.account("head", Standing::Officer, &["审批部负责人"]).await;
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let (manager, clerk) = (site.program(&head).await, site.program(&clerk).await);
    let floor = format!("/halls/{HALL}/floor");
    assert_eq!(manager.get(&floor).await.is(200).json["doors"], "quiet");

    let edition = support::edition();
    let hall = &edition.parts().halls[HALL];
    let setup = site.office.hall_setup(&hall.id, site.office.today()).unwrap();
    let desk = setup.windows.iter().find(|desk| desk.skills.len() > 1).unwrap();
    let (window, lines) = (desk.id.to_string(), [&desk.skills[0].0, &desk.skills[1].0]);
    let seated = json!({ "hall": HALL, "window": window, "act": "open" });
    clerk.post("/window/acts", &seated).await.is(200);
    let mut numbers = Vec::new();
    for line in lines {
        let taken = site
            .guest()
            .await
            .post(&format!("/halls/{HALL}/tickets"), &json!({ "lines": [line.as_str()] }))
            .await;
        numbers.push(taken.is(201).text("/number"));
    }
    let seen = manager.get(&floor).await;
    assert_eq!(
        (seen.is(200).json["doors"].as_str(), seen.json["waiting"].as_array().unwrap().len()),
        (Some("open"), 2)
    );

    let pause = manager.with("idempotency-key", "pause");
    for _ in 0..2 {
        let paused = pause.post(&floor, &json!({ "act": "pause", "window": window })).await;
        let windows = paused.is(200).json["windows"].as_array().unwrap().clone();
        let own = windows.iter().find(|one| one["window"] == window.as_str()).unwrap();
        assert_eq!((own["state"].as_str(), own["officer"].is_string()), (Some("paused"), true));
    }
    manager.post(&floor, &json!({ "act": "resume", "window": window })).await.is(200);
    let green =
        manager.post(&floor, &json!({ "act": "give-lane", "number": numbers[1], "lane": "green" })).await;
    assert_eq!(
        green.is(200).json["waiting"][0]["number"],
        numbers[1].as_str(),
        "the green lane comes first: {}",
        green.json
    );
    manager
        .post(&floor, &json!({ "act": "give-lane", "number": numbers[1], "lane": "golden" }))
        .await
        .is(400);
    manager.post(&floor, &json!({ "act": "merge", "number": numbers[0], "into": "nobody" })).await.is(400);
    let merge = manager.with("idempotency-key", "merge");
    for _ in 0..2 {
        let merged =
            merge.post(&floor, &json!({ "act": "merge", "number": numbers[0], "into": numbers[1] })).await;
        let waiting = merged.is(200).json["waiting"].as_array().unwrap().clone();
        assert_eq!((waiting.len(), waiting[0]["wants"].as_array().unwrap().len()), (1, 2));
    }
    let split = manager.with("idempotency-key", "split");
    let mut after = Vec::new();
    for _ in 0..2 {
        let parted = split.post(&floor, &json!({ "act": "split", "number": numbers[1], "wants": [1] })).await;
        after.push(parted.is(200).json["waiting"].as_array().unwrap().len());
    }
    assert_eq!(after, [2, 2], "asking twice parts them once");

    let tried = manager
        .post(&format!("/halls/{HALL}/what-if"), &json!({ "change": "close-window", "window": window }))
        .await;
    assert!(
        tried.is(200).json["runs"].as_u64().unwrap() > 0
            && tried.json["all"]["wait_minutes"]["mean"].is_number()
    );
    assert_eq!(tried.json["counted"]["open"], json!([window]));
    assert!(tried.json["all"]["after_left_at_closing"].as_f64().unwrap() >= 1.0, "{}", tried.json);
    let unfit = manager
        .post(&format!("/halls/{HALL}/what-if"), &json!({ "change": "close-window", "window": "没有" }))
        .await;
    unfit.is_problem(422, "try-window");
    assert_eq!(manager.post(&floor, &json!({ "act": "close-doors" })).await.is(200).json["doors"], "closed");
    let late = site
        .guest()
        .await
        .post(&format!("/halls/{HALL}/tickets"), &json!({ "lines": [lines[0].as_str()] }))
        .await;
    assert_eq!(late.status, 422);
    let seen = site.guest().await.get(&format!("/halls/{HALL}")).await;
    assert_eq!(seen.is(200).json["doors"], "closed", "nobody is sent to a hall that gives no numbers");
}

#[tokio::test]
async fn a_program_rates_the_visit_of_its_number() {
    let site = Site::new().await;
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let (clerk, visitor) = (site.program(&clerk).await, site.guest().await);
    let taken = visitor.post(&format!("/halls/{HALL}/tickets"), &json!({ "lines": ["税务"] })).await;
    let ticket = format!("/tickets/{}", taken.is(201).text("/key"));
    let rate = format!("{ticket}/rating");
    visitor.post(&rate, &json!({ "level": 5 })).await.is_problem(422, "not-served");
    for act in ["open", "next", "start", "finish"] {
        clerk.post("/window/acts", &json!({ "hall": HALL, "window": "A01", "act": act })).await.is(200);
    }
    assert_eq!(visitor.get(&ticket).await.is(200).json["ratable"], true);
    visitor.post(&rate, &json!({ "level": 6 })).await.is_problem(422, "no-such-level");
    visitor.post(&rate, &json!({ "level": 1, "named": true })).await.is_problem(422, "visit-phone");
    for _ in 0..2 {
        let rated = visitor.post(&rate, &json!({ "level": 4 })).await;
        assert_eq!((&rated.is(200).json["rating"], &rated.json["ratable"]), (&json!(4), &json!(false)));
    }
    visitor.post(&rate, &json!({ "level": 1 })).await.is_problem(422, "visit-rated");
    let head = site.account("head", Standing::Officer, &["审批部负责人"]).await;
    let figures = site.program(&head).await.get(&format!("/halls/{HALL}/numbers")).await;
    assert_eq!(
        (&figures.is(200).json["total"]["rated"], &figures.json["total"]["content_percent"]),
        (&json!(1), &json!(100))
    );
}

/// The shipped zone as an archive, with one word of one file changed.
fn archive(changed: &str, word: &str, other: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in support::pack() {
        writer.start_file(name.clone(), zip::write::SimpleFileOptions::default()).unwrap();
        let text = String::from_utf8(content.to_vec()).unwrap();
        let text = if name == changed { text.replace(word, other) } else { text };
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

async fn send(program: &Program, path: &str, bytes: Vec<u8>) -> Answer {
    program.send_bytes(Method::POST, path, Some("application/octet-stream"), bytes).await
}

const FOOD: &str = "items/食品经营许可/item.yaml";

#[tokio::test]
async fn a_pack_is_judged_and_published_once() {
    let site = Site::new().await;
    let admin = site.account("system", Standing::SystemAdministrator, &[]).await;
    let auditor = site.account("auditor", Standing::AuditAdministrator, &[]).await;
    let (program, audit) = (site.program(&admin).await, site.program(&auditor).await);
    let before = site.office.edition().hash().to_string();

    send(&program, "/packs", b"not a zip".to_vec()).await.is_problem(422, "archive-not");
    let broken = archive(FOOD, "after: [决定]", "after: [决锭]");
    let judged = send(&program, "/packs", broken.clone()).await;
    let findings = judged.is(200).json["findings"].as_array().unwrap().clone();
    let error = findings.iter().find(|finding| finding["severity"] == "error").unwrap();
    assert!(error["file"] == FOOD && error["message"]["zh"].as_str().unwrap().contains("决锭"), "{error}");
    assert_eq!(judged.json["edition"], json!(null));
    send(&program, "/editions", broken).await.is_problem(422, "pack-broken");

    let good = archive(FOOD, "promised: 5 working days", "promised: 6 working days");
    let judged = send(&program, "/packs", good.clone()).await;
    assert_eq!(judged.is(200).json["changed"], json!(["食品经营许可"]));
    assert_eq!(site.office.edition().hash().to_string(), before, "judging changes nothing");
    let elsewhere = format!("/editions?instead_of={}", "0".repeat(64));
    send(&program, &elsewhere, good.clone()).await.is_problem(409, "stale");
    let path = format!("/editions?instead_of={before}");
    let published = send(&program, &path, good.clone()).await;
    let hash = published.is(201).text("/hash");
    assert_eq!((published.text("/before"), hash == judged.json["edition"].as_str().unwrap()), (before, true));
    // Sent again because the answer was lost: it is published once.
    assert_eq!(send(&program, "/editions", good.clone()).await.is(201).text("/before"), hash);
    let told = audit.get("/trail?kind=edition-published").await;
    assert_eq!(told.is(200).json["items"].as_array().unwrap().len(), 1);
    assert_eq!(told.json["items"][0]["says"]["edition"], hash.as_str());
    assert_eq!(program.get(&format!("/editions/{hash}/source")).await.is(200).bytes, good);
    program.get("/editions/nothing/source").await.is(404);
    assert!(program.get("/editions").await.is(200).json["items"][0]["current"] == true);
}

#[tokio::test]
async fn a_pack_is_held_against_its_own_stories_before_it_is_published() {
    let site = Site::new().await;
    sim::stories::rehearse_for(&site.office);
    let admin = site.account("system", Standing::SystemAdministrator, &[]).await;
    let program = site.program(&admin).await;
    // Two stories are enough: one of the item that changes, one of another.
    let kept = ["items/食品经营许可/examples/五日不告知视为受理.md", "things/企业变更地址/examples/"];
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut stories = 0;
    for (name, content) in support::pack() {
        if name.contains("/examples/") {
            if !kept.iter().any(|kept| name.starts_with(kept)) {
                continue;
            }
            stories += 1;
        }
        writer.start_file(name.clone(), zip::write::SimpleFileOptions::default()).unwrap();
        let text = String::from_utf8(content.to_vec()).unwrap();
        let slower = text.replace("promised: 5 working days", "promised: 6 working days");
        writer.write_all(if name == FOOD { slower } else { text }.as_bytes()).unwrap();
    }
    let pack = writer.finish().unwrap().into_inner();

    let judged = send(&program, "/packs", pack.clone()).await;
    let told = &judged.is(200).json["stories"];
    assert_eq!((&told["played"], told["differ"].as_array().unwrap().len()), (&json!(stories), 1), "{told}");
    let differs = &told["differ"][0];
    assert_eq!(differs["file"], kept[0]);
    assert!(differs["line"].as_u64() > Some(1) && differs["message"]["en"].is_string(), "{differs}");

    let before = site.office.edition().hash();
    for path in ["/editions", "/editions?stories_differ=2"] {
        send(&program, path, pack.clone()).await.is_problem(422, "stories-differ");
    }
    assert_eq!(site.office.edition().hash(), before);
    let published = send(&program, "/editions?stories_differ=1", pack.clone()).await;
    let hash = published.is(201).text("/hash");
    assert_eq!(published.json["pack"]["stories"]["differ"][0]["file"], kept[0]);
    // Sent again without the number, it is current already, and nothing is asked.
    assert_eq!(send(&program, "/editions", pack).await.is(201).text("/before"), hash);
}

#[tokio::test]
async fn records_are_held_and_people_forgotten_by_those_whose_duty_it_is() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let security = site.account("security", Standing::SecurityAdministrator, &[]).await;
    let auditor = site.account("auditor", Standing::AuditAdministrator, &[]).await;
    let (security, audit) = (site.program(&security).await, site.program(&auditor).await);
    let own = site.program(&applicant).await;
    let number = site.file(By::Viewer(&applicant), THING, &TAKE_AWAY).await;

    let forget = json!({ "whom": number, "ground": "consent-withdrawn" });
    security.post("/forgotten", &forget).await.is_problem(422, "cases-open");
    own.post(&format!("/cases/{number}/acts"), &json!({ "act": "withdraw" })).await.is(200);

    let until = site.office.today().tomorrow().unwrap().to_string();
    let hold = json!({ "number": number, "why": "诉讼", "until": until });
    let held = audit.post("/records/holds", &hold).await;
    assert_eq!(
        (held.is(201).text("/items/0/number"), held.text("/items/0/why")),
        (number.clone(), "诉讼".into())
    );
    security.post("/forgotten", &forget).await.is_problem(422, "erasure-held");
    audit
        .post("/records/holds", &json!({ "number": number, "why": "", "until": until }))
        .await
        .is_problem(422, "hold-reason");
    audit.send(Method::DELETE, "/records/holds/2026-000000-0", None).await.is(404);
    let lifted = audit.send(Method::DELETE, &format!("/records/holds/{number}"), None).await;
    assert_eq!(lifted.is(200).json["items"], json!([]));
    audit.send(Method::DELETE, &format!("/records/holds/{number}"), None).await.is(404);
    assert_eq!(audit.get("/records/due").await.is(200).json["items"], json!([]));

    // The law has the case kept for years: it is restricted, and the rest of the person is forgotten.
    security.post("/forgotten", &forget).await.is_problem(422, "within-period");
    let mut restrict = forget.clone();
    restrict["restrict"] = true.into();
    let forgotten = security.post("/forgotten", &restrict).await;
    assert_eq!(forgotten.is(201).text("/ground"), "consent-withdrawn");
    assert_eq!((&forgotten.json["cases"], &forgotten.json["restricted"]), (&json!(0), &json!(1)));
    security.post("/forgotten", &forget).await.is_problem(422, "nobody-found");
    assert_eq!(audit.get("/forgotten").await.is(200).json["items"].as_array().unwrap().len(), 1);
    own.get("/me").await.is(401);

    let trail = audit.get("/trail?limit=2").await;
    let next = trail.is(200).text("/next_cursor");
    let rest = audit.get(&format!("/trail?limit=2&cursor={next}")).await;
    assert!(rest.is(200).json["items"][0]["id"] != trail.json["items"][0]["id"]);
    let kinds = audit.get("/trail?kind=person-forgotten").await;
    assert_eq!(kinds.is(200).json["items"][0]["says"]["ground"], "consent-withdrawn");
    assert_eq!(audit.get("/trail?to=2026-11-22").await.is(200).json["items"], json!([]));
}

#[tokio::test]
async fn administrators_keep_accounts_each_within_one_duty() {
    let site = Site::new().await;
    let system = site.account("system", Standing::SystemAdministrator, &[]).await;
    let security = site.account("security", Standing::SecurityAdministrator, &[]).await;
    let officer = site.account("officer", Standing::Officer, &["综合窗口"]).await;
    let idle = site.account("idle", Standing::Officer, &[]).await;
    let (system, security) = (site.program(&system).await, site.program(&security).await);
    let clerk = site.program(&officer).await;

    let given = json!({ "password": "given by hand 7" });
    system.post(&format!("/accounts/{}/password", officer.id.0), &given).await.is(200);
    clerk.get("/me").await.is_problem(401, "wrong-token");
    security.post(&format!("/accounts/{}/password", officer.id.0), &given).await.is(403);
    security.send(Method::DELETE, &format!("/accounts/{}/second-factor", officer.id.0), None).await.is(200);
    let watch = json!({ "duty": "audit" });
    security.patch(&format!("/accounts/{}", officer.id.0), &watch).await.is_problem(422, "duty-and-roles");
    system.patch(&format!("/accounts/{}", idle.id.0), &watch).await.is(403);
    let appointed = security.patch(&format!("/accounts/{}", idle.id.0), &watch).await;
    assert_eq!(appointed.is(200).text("/standing"), "audit-administrator");
    let last = json!({ "duty": "none" });
    security.patch(&format!("/accounts/{}", idle.id.0), &last).await.is_problem(422, "duty-last");
}

#[tokio::test]
async fn a_draft_goes_on_elsewhere_by_its_code() {
    let site = Site::new().await;
    let guest = site.guest().await;
    let draft = guest.post("/drafts", &json!({ "thing": THING })).await.is(201).text("/id");
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    for other in [site.guest().await, site.program(&clerk).await] {
        let code = guest.post(&format!("/drafts/{draft}/code"), &json!(null)).await.is(201).text("/code");
        other.get(&format!("/drafts/{draft}")).await.is(404);
        other.post("/resume", &json!({ "code": "no code" })).await.is(404);
        // As people write it down.
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(other.post("/resume", &json!({ "code": typed })).await.is(200).text("/id"), draft);
        other.get(&format!("/drafts/{draft}")).await.is(200);
        // Once: whoever reads it over a shoulder has nothing of it, and is told what is told of a wrong one.
        let late = site.guest().await.post("/resume", &json!({ "code": code })).await;
        late.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_paper_that_comes_to_an_officer_supplies_what_was_asked_for() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let number = site.file(By::Viewer(&applicant), THING, &TAKE_AWAY).await;
    let roles: Vec<String> = support::edition().parts().roles.keys().map(ToString::to_string).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let officer = site.account("everybody", Standing::Officer, &roles).await;
    let officer = site.program(&officer).await;
    let case = officer.get(&format!("/cases/{number}")).await;
    let item = case.is(200).text("/matters/0/item");
    let files = officer.get(&format!("/cases/{number}/files")).await;
    let paper = files.is(200).text("/items/0/material");
    let ask = json!({ "act": "ask-correction", "item": item, "materials": [paper], "note": "看不清" });
    let asked = officer.post(&format!("/cases/{number}/acts"), &ask).await;
    assert_eq!(asked.is(200).text("/matters/0/state"), "correcting");
    site.wait_minutes(5);
    let path = format!("/cases/{number}/files?material={paper}&name=b.pdf");
    let bytes = [support::PDF, b"again"].concat();
    officer.send_bytes(Method::POST, &path, Some("application/octet-stream"), bytes).await.is(201);
    let after = officer.get(&format!("/cases/{number}")).await;
    assert_eq!(after.is(200).text("/matters/0/state"), "received");
}

#[tokio::test]
async fn leaders_see_where_the_time_goes_and_everybody_who_helps() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    site.file(By::Viewer(&applicant), THING, &TAKE_AWAY).await;
    let head = site.account("head", Standing::Officer, &["审批部负责人"]).await;
    let head = site.program(&head).await;
    let told = head.with("accept-language", "en").get("/process?from=2026-11&by_the_clock=true").await;
    assert!(told.is(200).json["report"]["cases"].as_u64().unwrap() > 0, "{}", told.json);
    assert!(told.json["departments"].is_array() && told.json["cut"] == false);
    assert_eq!(head.get("/process?kind=没有").await.is(200).json["report"]["cases"], 0);
    head.get("/process?from=november").await.is(400);
    for impossible in ["from=2026-12&to=2026-11", "from=2026-13", "from=2001-01&to=2026-11"] {
        head.get(&format!("/process?{impossible}")).await.is_problem(400, "bad-query");
        head.get(&format!("/figures?{impossible}")).await.is_problem(400, "bad-query");
    }
    let edition = support::edition();
    let all = site.nobody().get("/specialists").await;
    assert_eq!(all.is(200).json["items"].as_array().unwrap().len(), edition.parts().specialists.len());
    let few = site.nobody().get(&format!("/specialists?thing={THING}")).await;
    let lines = few.is(200).json["items"][0]["lines"].as_array().unwrap().clone();
    let thing = edition.thing(&THING.into()).unwrap();
    let wanted = thing.members.iter().filter_map(|member| edition.line_of(&member.item));
    assert!(wanted.map(|line| line.id.to_string()).any(|line| lines.contains(&json!(line))));
}
