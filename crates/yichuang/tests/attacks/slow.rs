//! Clients that keep a connection without using it.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::site::Site;
use crate::wire::Connection;

/// Heads must arrive within fifteen seconds and bodies at a minimum rate; the rest is slack for a busy
/// machine.
const SOON: Duration = Duration::from_secs(40);

#[test]
fn heads_that_never_end_keep_nobody_out_and_end_by_themselves() {
    let site = Site::start(&["--connections", "30"]);
    let begin = || {
        let mut connection = site.connect();
        connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n");
        connection
    };
    // Twice as many connections as allowed, and still others are served at once.
    let mut held: Vec<Connection> = (0..60).map(|_| begin()).collect();
    site.serves_others();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        for connection in &mut held {
            connection.send(b"X-A: b\r\n");
        }
        site.serves_others();
        std::thread::sleep(Duration::from_millis(500));
    }
    // Sending single lines does not extend the time for the whole head.
    while begun.elapsed() < Duration::from_secs(17) {
        held.iter_mut().for_each(|connection| {
            connection.send(b"X-C: d\r\n");
        });
        std::thread::sleep(Duration::from_secs(1));
    }
    for (number, connection) in held.iter_mut().enumerate() {
        assert!(connection.ends_within(SOON), "connection {number} is still open");
    }
    site.serves_others();
}

#[test]
fn a_body_that_trickles_is_told_and_ended() {
    let site = Site::start(&[]);
    let (draft, cookie) = site.draft();
    let section = format!("{draft}/s/~situation");
    let trickles = [
        ("/sign-in", "application/x-www-form-urlencoded"),
        (section.as_str(), "application/x-www-form-urlencoded"),
        ("/v", "multipart/form-data; boundary=x"),
    ];
    std::thread::scope(|scope| {
        for (path, kind) in trickles {
            scope.spawn(|| trickle(&site, path, kind, &cookie));
        }
    });
    // What was saved before is still there.
    assert_eq!(site.connect().get(&draft, &format!("Cookie: {cookie}\r\n")).status, 200);
}

/// Sends a few bytes now and then until told to stop.
fn trickle(site: &Site, path: &str, kind: &str, cookie: &str) {
    let mut connection = site.connect();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: 4000\r\n\r\n",
        site.host
    );
    connection.send(head.as_bytes());
    let begun = Instant::now();
    let mut sending = connection.stream.try_clone().unwrap();
    let dropping = std::thread::spawn(move || {
        while begun.elapsed() < SOON && sending.write_all(b"-").is_ok() {
            std::thread::sleep(Duration::from_millis(700));
        }
    });
    let answer = connection.answer().expect("it is told why");
    answer.is_a_page(408);
    assert!(answer.text().contains("提交得太慢"), "{}", answer.text());
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    drop(connection);
    dropping.join().unwrap();
}

#[test]
fn whoever_reads_nothing_is_let_go() {
    let site = Site::start(&[]);
    let page = site.get("/").text();
    let script = page
        .split("src=\"")
        .find_map(|part| part.split('"').next().filter(|path| path.contains("htmx")))
        .unwrap();
    let mut connection = site.connect();
    connection.stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let ask = format!("GET {script} HTTP/1.1\r\nHost: x\r\n\r\n");
    // More responses than the system buffers for a client; then nobody reads them.
    for _ in 0..400 {
        if !connection.send(ask.as_bytes()) {
            break;
        }
    }
    let begun = Instant::now();
    std::thread::sleep(Duration::from_secs(33));
    while begun.elapsed() < Duration::from_secs(75) && connection.send(ask.as_bytes()) {
        std::thread::sleep(Duration::from_secs(1));
    }
    assert!(connection.ends_within(Duration::from_secs(20)), "it is still held after {:?}", begun.elapsed());
    site.serves_others();
}

#[test]
fn a_page_that_listens_gives_way_too() {
    let site = Site::start(&["--connections", "12"]);
    let live = format!("GET /live/{} HTTP/1.1\r\nHost: x\r\n\r\n", crate::wire::percent("政务服务大厅"));
    let mut listeners: Vec<Connection> = (0..40)
        .map(|_| {
            let mut connection = site.connect();
            connection.send(live.as_bytes());
            assert!(connection.answer().is_none_or(|answer| answer.status == 200));
            connection
        })
        .collect();
    site.serves_others();
    let ended = listeners
        .iter_mut()
        .filter_map(|one| one.ends_within(Duration::from_millis(300)).then_some(()))
        .count();
    assert!((28..40).contains(&ended), "{ended} of 40 made room");
}
