//! Forged requests: from a foreign page, with another's identity, replayed, or that are not HTTP.

use crate::site::{PASSWORD, Site};
use crate::wire::form;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

#[test]
fn other_sites_write_nothing() {
    let site = Site::start(&[]);
    let signed_in = site.post("/sign-in", &[("login", "admin"), ("password", PASSWORD)], "");
    let cookie = signed_in.cookie().unwrap();
    let attributes = signed_in.header("set-cookie").unwrap();
    assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
    for lies in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        &format!("Origin: http://{}.evil.example\r\n", site.host),
        &format!("Origin: http://{}\r\nSec-Fetch-Site: cross-site\r\n", site.host),
    ] {
        let mut connection = site.connect();
        let body = form(&[
            ("login", "mallory"),
            ("password", "long enough 9"),
            ("name", "m"),
            ("standing", "administrator"),
        ]);
        let head = format!(
            "POST /admin/accounts HTTP/1.1\r\nHost: {}\r\n{lies}Cookie: {cookie}\r\n{FORM}Content-Length: {}\r\n\r\n",
            site.host,
            body.len()
        );
        connection.send(head.as_bytes());
        connection.send(&body);
        connection.answer().unwrap().is_a_page(403);
    }
    let accounts = site.connect().get("/admin/accounts", &format!("Cookie: {cookie}\r\n"));
    assert!(accounts.status == 200 && !accounts.text().contains("mallory"));
}

#[test]
fn forged_cookies_open_nothing_and_break_nothing() {
    let site = Site::start(&[]);
    let (draft, _) = site.draft();
    let zeros = "0".repeat(48);
    let long = "f".repeat(30_000);
    for value in [
        "",
        "x",
        &zeros,
        "../../etc/passwd",
        "' or 1=1 --",
        "%00",
        "\u{1}",
        "a\"b;c",
        &long,
        "\u{ff}",
        "00000000-0000-0000-0000-000000000000",
    ] {
        for name in ["yc_session", "yc_key", "yc_lang", "yc_device"] {
            let cookie = format!("Cookie: {name}={value}\r\n");
            for path in [
                "/",
                "/my",
                "/desk",
                "/admin/accounts",
                "/drafts/00000000-0000-0000-0000-000000000000",
                &draft,
                "/cases/2026-000001-0",
            ] {
                let answer = site.connect().get(path, &cookie);
                let fits = match path {
                    "/" | "/my" => answer.status == 200,
                    "/desk" | "/admin/accounts" => answer.status == 303,
                    _ => answer.status == 404,
                };
                // An invalid header makes an invalid request.
                assert!(
                    fits || answer.status == 400,
                    "{name}={value:?} at {path}: {} {}",
                    answer.status,
                    answer.text()
                );
            }
        }
    }
    // An ended session cannot be used again.
    let cookie = site.post("/sign-in", &[("login", "admin"), ("password", PASSWORD)], "").cookie().unwrap();
    let again = format!("Cookie: {cookie}\r\n");
    assert_eq!(site.connect().get("/admin/accounts", &again).status, 200);
    assert_eq!(site.post("/sign-out", &[], &cookie).status, 303);
    assert_eq!(site.connect().get("/admin/accounts", &again).status, 303);
}

#[test]
fn replayed_and_stale_writes_happen_once() {
    let site = Site::start(&[]);
    let (draft, cookie) = site.draft();
    let head = format!("Cookie: {cookie}\r\n");
    // The same request several times.
    let page = site.connect().get(&format!("{draft}/agents"), &head);
    assert_eq!(page.status, 200);
    let answers: Vec<u16> =
        (0..3).map(|_| site.post(&format!("{draft}/submit"), &[], &cookie).status).collect();
    assert_eq!(answers, [422; 3], "an unfinished form is told so each time");
    // An autosave from an outdated page causes no server error.
    let saved = site.post(&format!("{draft}/autosave"), &[("saves", "0"), ("f.营业面积", "90")], &cookie);
    assert!(saved.status < 500, "{saved:?}");
    for path in
        ["/desk/cases/2026-000001-0/act", "/cases/2026-000001-0/withdraw", "/cases/2026-000001-0/rate"]
    {
        let answer = site.post(
            path,
            &[("command", "018f0000-0000-7000-8000-000000000000"), ("act", "accept")],
            &cookie,
        );
        assert!(matches!(answer.status, 303 | 404), "{path}: {}", answer.status);
    }
    let cookie_of_nobody = "yc_key=000000000000000000000000000000000000000000000000";
    site.post(&format!("{draft}/submit"), &[], cookie_of_nobody).is_a_page(404);
}

#[test]
fn paths_lead_to_pages_only() {
    let site = Site::start(&[]);
    let asset = site.get("/").text();
    let version = asset.split("/assets/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    for path in [
        "/assets/../Cargo.toml".to_owned(),
        format!("/assets/{version}/../../../../etc/passwd"),
        format!("/assets/{version}/..%2f..%2f..%2fetc/passwd"),
        format!("/assets/{version}/%2e%2e/%2e%2e/etc/passwd"),
        format!("/assets/{version}/..%5c..%5cboot.ini"),
        format!("/assets/{version}/%00"),
        "/%c0%ae%c0%ae/etc/passwd".to_owned(),
        "/things/..%2F..%2Fzone.yaml".to_owned(),
        "/items/%00".to_owned(),
        "/v/%2e%2e%2f%2e%2e%2fzone.db".to_owned(),
        "/.git/config".to_owned(),
        "/zone.db".to_owned(),
        "//evil.example/".to_owned(),
        "/admin/rules/..%2F..%2Fx".to_owned(),
    ] {
        let answer = site.get(&path);
        assert!(matches!(answer.status, 303 | 400 | 404), "{path}: {} {}", answer.status, answer.text());
        assert!(
            answer.header("location").is_none_or(|to| to.starts_with("/sign-in")),
            "{path}: {}",
            answer.head
        );
        assert!(answer.header("content-security-policy").is_some(), "{path}: {}", answer.head);
    }
    // Signing in never redirects to another site.
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"] {
        let answer = site.post("/sign-in", &[("login", "admin"), ("password", PASSWORD), ("next", next)], "");
        assert!(answer.header("location").is_some_and(|to| !to.contains("evil")), "{next}: {}", answer.head);
    }
}

#[test]
fn what_is_not_http_gets_no_further() {
    let site = Site::start(&[]);
    for request in [
        "\0\0\0\0".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}".to_owned(),
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
            .to_owned(),
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
            .to_owned(),
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n"
            .to_owned(),
        "GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_owned(),
    ] {
        let mut connection = site.connect();
        connection.send(request.as_bytes());
        let _ = connection.stream.shutdown(std::net::Shutdown::Write);
        let answer = connection.answer();
        assert!(
            answer.as_ref().is_none_or(|answer| (400..=505).contains(&answer.status) && answer.status != 500),
            "{request:?}: {answer:?}"
        );
    }
    // A request inside the body of another is only a body.
    let mut connection = site.connect();
    let hidden = "GET /admin/accounts HTTP/1.1\r\nHost: x\r\n\r\n";
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n{FORM}Content-Length: {1}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
        site.host,
        hidden.len() + 5
    );
    connection.send(request.as_bytes());
    let first = connection.answer();
    assert!(
        first.as_ref().is_none_or(|answer| answer.status == 400
            || answer.header("connection") == Some("close")
            || answer.status == 422),
        "{first:?}"
    );
    site.serves_others();
}
