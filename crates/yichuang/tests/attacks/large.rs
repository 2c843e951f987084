//! Too much of everything, and all at once.

use crate::site::Site;
use crate::wire::{Connection, form};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
/// Mebibytes. An idle server of the demonstration zone has about sixty.
const MEMORY_MAX: u64 = 400;

#[test]
fn what_is_too_large_is_told_so() {
    let site = Site::start(&[]);
    let long = "x".repeat(200 * 1024);
    // In the head of a request, before the path is known.
    let mut connection = site.connect();
    connection.send(format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {long}\r\n\r\n").as_bytes());
    assert!(connection.answer().is_none_or(|answer| answer.status == 431), "a head of 200 KiB");
    let mut connection = site.connect();
    let lines = "X-A: b\r\n".repeat(2_000);
    connection.send(format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n").as_bytes());
    assert!(connection.answer().is_none_or(|answer| answer.status == 431), "two thousand lines");
    // A hundred thousand controls in less than a mebibyte.
    let (draft, cookie) = site.draft();
    let cookie = format!("Cookie: {cookie}\r\n");
    let many = "a=1&".repeat(100_000);
    for path in ["/sign-in", "/drafts", &format!("{draft}/s/~situation"), &format!("{draft}/autosave")] {
        site.connect().post(path, many.as_bytes(), &format!("{FORM}{cookie}")).is_a_page(413);
        site.connect().post(path, &vec![b'a'; 1_100_000], &format!("{FORM}{cookie}")).is_a_page(413);
    }
    // One control of the greatest allowed length, in a search and in a form.
    let answer = site.get(&format!("/search?q={}", "%E5%BA%97".repeat(6_000)));
    assert!(answer.status < 500, "{answer:?}");
    let answer =
        site.connect().post("/sign-in", &form(&[("login", &long[..100_000]), ("password", &long)]), FORM);
    answer.is_a_page(422);
    // Sent in chunks instead of with a length.
    let mut connection = site.connect();
    connection.send(
        format!("POST /sign-in HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n{FORM}Transfer-Encoding: chunked\r\n\r\n", site.host)
            .as_bytes(),
    );
    for _ in 0..20 {
        connection.send(format!("10000\r\n{}\r\n", "a".repeat(65_536)).as_bytes());
    }
    if let Some(answer) = connection.answer() {
        answer.is_a_page(413);
    }
    site.serves_others();
}

#[test]
fn what_is_deeply_nested_or_packed_is_read_as_what_it_is() {
    let site = Site::start(&[]);
    for text in
        ["[".repeat(500_000), "{\"a\":".repeat(150_000), format!("{{\"a\":\"{}", "\\".repeat(900_000))]
    {
        let body = part("file", "a.json", text.as_bytes());
        let answer = site.connect().post("/v", &body, "Content-Type: multipart/form-data; boundary=x\r\n");
        answer.is_a_page(200);
        assert!(answer.text().contains("没有通过核验"), "{}", answer.text());
    }
    // A compressed body is not decompressed: it is not a form.
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3].repeat(1000);
    let before = site.memory("VmRSS");
    let answer = site.connect().post("/drafts", &packed, &format!("{FORM}Content-Encoding: gzip\r\n"));
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert!(site.memory("VmRSS") < before + 20);
}

#[test]
fn a_flood_of_forms_is_answered_in_bounded_memory() {
    let site = Site::start(&[]);
    // The greatest number of controls allowed, with the greatest body allowed.
    let body = "a=1&".repeat(3_900) + &"b".repeat(1_000_000);
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n{FORM}Content-Length: {1}\r\n\r\n",
        site.host,
        body.len()
    );
    let mut flood: Vec<Connection> = (0..120).map(|_| site.connect()).collect();
    // All but the last byte, so that all bodies are held at once.
    for connection in &mut flood {
        let _ = connection.stream.set_write_timeout(Some(std::time::Duration::from_secs(2)));
        connection.send(head.as_bytes());
        connection.send(&body.as_bytes()[..body.len() - 1]);
    }
    site.serves_others();
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    for connection in &mut flood {
        connection.send(b"b");
        let status = connection.answer().map_or(0, |answer| answer.status);
        *statuses.entry(status).or_default() += 1;
    }
    assert!(statuses.get(&503).is_some_and(|refused| *refused > 0), "nothing was refused: {statuses:?}");
    assert!(statuses.keys().all(|status| matches!(status, 0 | 413 | 422 | 429 | 503)), "{statuses:?}");
    site.serves_others();
    let most = site.memory("VmHWM");
    assert!(most < MEMORY_MAX, "{most} MiB");
    // Memory that was used is released.
    site.post("/sign-in", &[("login", "nobody"), ("password", "wrong password")], "").is_a_page(422);
}

#[test]
fn parts_that_never_begin_or_end_are_not_kept() {
    let site = Site::start(&[]);
    let (draft, cookie) = site.draft();
    let paper = format!("{draft}/papers/{}", crate::wire::percent("设备布局和操作流程图"));
    let begun: [&[u8]; 3] = [
        b"",
        b"--x\r\nContent-Disposition: form-data; name=\"",
        b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x\r\nX-",
    ];
    for begin in begun {
        let mut flood: Vec<Connection> = (0..10).map(|_| site.connect()).collect();
        let head = format!(
            "POST {paper} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000000\r\n\r\n",
            site.host
        );
        for connection in &mut flood {
            connection.stream.set_write_timeout(Some(std::time::Duration::from_secs(2))).unwrap();
            connection.send(head.as_bytes());
            connection.send(begin);
        }
        let filling = vec![b'y'; 1024 * 1024];
        for _ in 0..30 {
            for connection in &mut flood {
                connection.send(&filling);
            }
        }
        for connection in &mut flood {
            assert!(connection.answer().is_none_or(|answer| answer.status == 400));
        }
    }
    let most = site.memory("VmHWM");
    assert!(most < MEMORY_MAX, "{most} MiB");
    site.serves_others();
}

pub fn part(name: &str, file: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
}
