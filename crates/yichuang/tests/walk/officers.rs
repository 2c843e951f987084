//! The officers' side: whoever signs in finds their task, and every link of every page that they see answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::findings::Findings;
use crate::http;
use crate::look::kind_of;
use crate::zone::{PASSWORD, Zone, edition};

/// Pages of one kind that one person opens; the others of the kind are drawn by the same code.
const EACH_MAX: usize = 2;
const CASES: u32 = 60;

#[test]
#[ignore = "takes minutes; ops/walk runs it"]
fn every_link_that_somebody_of_the_zone_sees_answers() {
    let zone = Zone::open(edition(), CASES);
    let findings = Findings::default();
    // One of each title, who stand for their colleagues.
    let mut titles = BTreeSet::new();
    for seat in &zone.seats {
        if titles.insert(seat.title.clone()) {
            crawl(&zone, &seat.login, &findings);
        }
    }
    assert!(titles.len() > 10, "{titles:?}");
    findings.close();
}

/// Follows links from the landing page on.
fn crawl(zone: &Zone, login: &str, findings: &Findings) {
    let form = format!("login={login}&password={PASSWORD}&next=");
    let answer = http::post(&zone.host, "/sign-in", &form).expect("the site answers");
    let cookies: Vec<&str> = answer
        .lines()
        .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, cookie)| cookie.split(';').next())
        .collect();
    let cookie = cookies.join("; ");
    let landing = header(&answer, "location").unwrap_or_else(|| panic!("{login} is not signed in: {answer}"));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([(landing.clone(), "the landing page".to_owned())]);
    let mut seen = BTreeSet::from([landing]);
    while let Some((path, from)) = waiting.pop_front() {
        let page = http::page(&zone.host, &path, &cookie).unwrap_or_default();
        let status = page.lines().next().unwrap_or("nothing").to_owned();
        if let Some(to) = header(&page, "location").filter(|to| to.starts_with('/')) {
            if seen.insert(to.clone()) {
                waiting.push_back((to, path));
            }
            continue;
        }
        if !status.starts_with("HTTP/1.1 200") {
            let steps = [format!("{login} on {from}"), format!("  follow {path}")];
            findings.add(&format!("{} leads to {}: {status}", kind_of(&from), kind_of(&path)), &steps, None);
            continue;
        }
        for link in links(&page) {
            let count = counts.entry(kind_of(&link)).or_default();
            if *count < EACH_MAX && seen.insert(link.clone()) {
                *count += 1;
                waiting.push_back((link, path.clone()));
            }
        }
    }
}

fn header(answer: &str, wanted: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_owned())
}

/// Addresses on this site, without places within a page. Pages that stay open to listen would never end.
fn links(page: &str) -> BTreeSet<String> {
    let found = page.split("<a ").skip(1).filter_map(|tag| {
        let (_, rest) = tag.split('>').next()?.split_once("href=\"")?;
        let link = rest.split('"').next()?.replace("&amp;", "&");
        Some(link.split('#').next()?.to_owned())
    });
    found.filter(|link| link.starts_with('/') && !link.starts_with("//")).collect()
}
