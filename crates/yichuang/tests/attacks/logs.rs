//! Logs and metrics reach more people than the database, so they must not contain personal data.

use serde_json::Value;

use crate::large::part;
use crate::site::{PASSWORD, Site};
use crate::wire::{Connection, form, percent};

/// What is typed in the test; each text is unmistakable.
const NAME: &str = "欧阳测试甲";
const PHONE: &str = "13912345678";
const RESIDENT: &str = "370212199001011237";
const LOGIN: &str = "ouyang-ceshi";
const PLACE: &str = "青岛市测试路七百七十七号";
const WORDS: &str = "这句话只有我说过";
const FILE: &str = "欧阳的户口本.pdf";

/// Registers, fills in a form, uploads, submits, takes a ticket, mistypes and attacks, always with personal
/// data.
fn play(site: &Site) -> Vec<String> {
    let mut secrets: Vec<String> =
        [NAME, PHONE, RESIDENT, LOGIN, PLACE, WORDS, FILE, PASSWORD].map(str::to_owned).into();
    let new = [("login", LOGIN), ("password", "s3cret-of-ouyang"), ("name", NAME), ("phone", PHONE)];
    let registered = site.post("/register", &new, "");
    assert_eq!(registered.status, 303, "{}", registered.text());
    let mut cookie = registered.cookie().unwrap();
    site.post("/sign-in", &[("login", LOGIN), ("password", "wrong-s3cret")], "").is_a_page(422);
    site.post("/sign-in", &[("login", NAME), ("password", RESIDENT)], "").is_a_page(422);
    let head = format!("Cookie: {cookie}\r\n");
    let (draft, key) = site.draft();
    let answers = [
        ("f.法定代表人姓名", NAME),
        ("f.联系电话", PHONE),
        ("f.居民身份证号", RESIDENT),
        ("f.经营场所", PLACE),
    ];
    for path in ["autosave", "s/~situation", "s/基本"] {
        let path = path.split('/').map(percent).collect::<Vec<_>>().join("/");
        assert!(site.post(&format!("{draft}/{path}"), &answers, &key).status < 500);
    }
    let kind = format!("Content-Type: multipart/form-data; boundary=x\r\nCookie: {key}\r\n");
    let paper = format!("{draft}/papers/{}", percent("设备布局和操作流程图"));
    assert_eq!(site.connect().post(&paper, &part("file", FILE, b"%PDF-1.4\n%%EOF\n"), &kind).status, 303);
    assert_eq!(site.connect().post(&paper, &part("file", FILE, b"MZ\x90\0\x03"), &kind).status, 422);
    site.connect().get(&format!("{draft}/papers"), &format!("Cookie: {key}\r\n"));
    // A report that is submitted, found again by number and telephone, and asked about.
    let report = site.post("/drafts", &[("thing", "找茬"), ("from", "/")], &cookie);
    assert_eq!(report.status, 303, "{report:?}");
    let section = report.header("location").unwrap().to_owned();
    site.post(&section, &[("f.意见内容", WORDS), ("f.联系人姓名", NAME), ("f.联系电话", PHONE)], &cookie);
    site.post("/track", &[("number", "2026-000001-0"), ("phone", PHONE), ("digits", "5678")], &cookie);
    site.post(
        &format!("/hall/{}/take", percent("政务服务大厅")),
        &[("line", "税务"), ("phone", PHONE), ("about", WORDS)],
        &cookie,
    );
    // Personal data in addresses, in searches, and in errors.
    for path in [
        format!("/search?q={}", percent(NAME)),
        format!("/nowhere/{}", percent(NAME)),
        format!("/v/{}", percent(RESIDENT)),
        format!("/cases/{}", percent(NAME)),
        format!("/my?name={}", percent(NAME)),
        format!("/items/{}%FF", percent(PLACE)),
    ] {
        site.connect().get(&path, &head);
    }
    let mut broken = Connection::open(&site.host);
    broken.send(format!("GET /{NAME} HTTP/1.1\r\nHost: {PHONE}\r\nX-{NAME}: {RESIDENT}\r\n\r\n").as_bytes());
    let _ = broken.answer();
    site.connect().post(
        "/sign-in",
        format!("{NAME}=%ZZ&{PHONE}").as_bytes(),
        "Content-Type: application/x-www-form-urlencoded\r\n",
    );
    site.connect().post(
        "/sign-in",
        &form(&[("login", &WORDS.repeat(20_000))]),
        "Content-Type: application/json\r\n",
    );
    let _ = site.post("/sign-out", &[], &cookie);
    // Keys open forms, sessions open accounts: both are secrets.
    for cookie in [&mut cookie, &mut key.clone()] {
        secrets.push(cookie.split_once('=').unwrap().1.to_owned());
    }
    secrets.extend([
        section.split('/').nth(2).unwrap().to_owned(),
        "s3cret-of-ouyang".to_owned(),
        "wrong-s3cret".to_owned(),
    ]);
    let encoded: Vec<String> = secrets.iter().map(|secret| percent(secret)).collect();
    secrets.extend(encoded);
    secrets
}

#[test]
fn nobody_is_named_in_the_log_whatever_is_logged() {
    let environment = [("YICHUANG_LOG", "debug"), ("YICHUANG_LOG_FORMAT", "json")];
    let site = Site::start_in(&["--operations", "127.0.0.1:0"], &environment);
    let secrets = play(&site);
    let log = site.log();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["target"] == "access").collect();
    assert!(answered.len() >= 20, "{log}");
    let mut ids = std::collections::BTreeSet::new();
    for line in answered {
        assert!(line["status"].is_u64() && line["ms"].is_number() && line["timestamp"].is_string(), "{line}");
        let span = &line["span"];
        assert!(
            span["route"].as_str().is_some_and(|route| route == "unknown" || route.starts_with('/')),
            "{line}"
        );
        assert!(ids.insert(span["id"].as_str().unwrap().to_owned()), "an id is given twice: {line}");
    }
    let mut metrics = Connection::open(site.operations.as_ref().unwrap()).get("/metrics", "");
    assert_eq!(metrics.status, 200, "{metrics:?}");
    assert!(metrics.text().contains("yichuang_requests_total"));
    metrics.body.extend_from_slice(log.as_bytes());
    let told = metrics.text();
    for secret in secrets {
        assert!(
            !told.contains(&secret),
            "{secret} is told: {}",
            told.lines().find(|line| line.contains(&secret)).unwrap()
        );
    }
}

#[test]
fn people_read_text_and_only_what_matters() {
    let site = Site::start_in(&[], &[("YICHUANG_LOG", "info")]);
    site.get("/");
    site.post("/sign-in", &[("login", "nobody"), ("password", "wrong password")], "").is_a_page(422);
    let log = site.log();
    assert!(
        log.contains("request{id=") && log.contains("route=\"/sign-in\"") && log.contains("status=422"),
        "{log}"
    );
    assert!(!log.contains("route=\"/\""), "looking at a page is no news: {log}");
    assert!(!log.contains('\u{1b}'), "colours are for terminals: {log:?}");
}

#[test]
fn what_only_the_keepers_should_see_is_not_served_to_everybody() {
    let site = Site::start(&[]);
    site.get("/metrics").is_a_page(404);
    assert_eq!((site.get("/health").status, site.get("/ready").status), (200, 200));
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_yichuang"))
        .args(["serve", "--listen", "127.0.0.1:0", "--operations", "0.0.0.0:0", "--pack"])
        .arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao"))
        .arg(format!(
            "--database=sqlite:{}",
            std::env::temp_dir().join(format!("yichuang-open-{}.db", std::process::id())).display()
        ))
        .env_remove("YICHUANG_OPERATIONS_TOKEN")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("YICHUANG_OPERATIONS_TOKEN"), "{refused:?}");
}
