//! Files whose content does not match their name or type.

use crate::large::part;
use crate::site::Site;
use crate::wire::{Answer, percent};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

struct Papers {
    site: Site,
    draft: String,
    cookie: String,
}

impl Papers {
    fn new() -> Self {
        let site = Site::start(&[]);
        let (draft, cookie) = site.draft();
        Self { site, draft, cookie: format!("Cookie: {cookie}\r\n") }
    }

    fn send(&self, name: &str, content: &[u8]) -> Answer {
        let path = format!("{}/papers/{}", self.draft, percent("设备布局和操作流程图"));
        let kind = "Content-Type: multipart/form-data; boundary=x\r\n";
        self.site.connect().post(&path, &part("file", name, content), &format!("{kind}{}", self.cookie))
    }

    fn page(&self) -> String {
        self.site.connect().get(&format!("{}/papers", self.draft), &self.cookie).text()
    }

    /// The response when the paper of this name is opened.
    fn opened(&self, name: &str) -> Answer {
        let page = self.page();
        let shown = page.find(&format!(">{name}")).unwrap_or_else(|| panic!("{name} is not shown: {page}"));
        let before = page[..shown].rfind("href=\"").unwrap() + 6;
        let path = page[before..].split('"').next().unwrap();
        self.site.connect().get(path, &self.cookie)
    }
}

#[test]
fn names_lead_nowhere_and_say_what_the_content_is() {
    let papers = Papers::new();
    for (name, content, kept) in [
        ("../../../../etc/cron.d/evil.pdf", PDF, "evil.pdf"),
        ("..\\\\..\\\\boot.ini", b"[boot]", "boot.ini.txt"),
        ("page.html", b"<script>alert(1)</script>", "page.html.txt"),
        ("run.exe", b"@echo off", "run.exe.txt"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture.svg.txt"),
        ("photo.jpg", PNG, "photo.png"),
    ] {
        assert_eq!(papers.send(name, content).status, 303, "{name}");
        let opened = papers.opened(kept);
        assert_eq!(opened.status, 200, "{name}");
        assert_eq!(opened.body, content, "{name}");
        assert_eq!(opened.header("x-content-type-options"), Some("nosniff"));
        let kind = opened.header("content-type").unwrap();
        assert!(
            matches!(kind, "application/pdf" | "text/plain; charset=utf-8" | "image/png"),
            "{name}: {kind}"
        );
        let policy = opened.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(kind == "application/pdf" || policy.contains("sandbox"), "{name}: {policy}");
        let disposition = opened.header("content-disposition").unwrap();
        assert!(!disposition.contains("..") && !disposition.contains('/'), "{disposition}");
    }
}

#[test]
fn content_that_contradicts_its_name_or_is_nothing_we_take_is_told() {
    let papers = Papers::new();
    for (name, content, says) in [
        ("contract.pdf", &b"<html>not found</html>"[..], "对不上"),
        ("contract.docx", PDF, "对不上"),
        ("scan.png", PDF, "对不上"),
        ("contract.pdf", b"MZ\x90\0\x03\0\0\0", "对不上"),
        ("contract.pdf", b"\x7fELF\x02\x01\x01\0", "对不上"),
        ("contract.pdf", b"MZ\x90\0\x03 %PDF-1.7", "对不上"),
        ("program.exe", b"MZ\x90\0\x03\0\0\0", "只收"),
        ("archive.zip", b"PK\x03\x04\0\0\0\0evil.exe\0\0\0", "只收"),
        ("archive.docx", b"PK\x03\x04\0\0\0\0classes.dex\0\0\0", "对不上"),
        ("archive.docx", b"PK\x03\x04\0\0\0\0[Content_Types].xml word/", "对不上"),
    ] {
        let answer = papers.send(name, content);
        answer.is_a_page(422);
        assert!(answer.text().contains(says), "{name}: {}", answer.text());
    }
    // A file valid in two formats is served as the one of its first bytes, and nothing in it is executed.
    for polyglot in [
        [PDF, b"PK\x03\x04<script>alert(1)</script>"].concat(),
        [PDF, b"<!DOCTYPE html><script>alert(1)</script>"].concat(),
    ] {
        assert_eq!(papers.send("both.pdf", &polyglot).status, 303);
    }
    let opened = papers.opened("both.pdf");
    assert_eq!(opened.header("content-type"), Some("application/pdf"));
    assert!(opened.header("content-security-policy").unwrap().contains("script-src 'self'"));
}

#[test]
fn a_file_belongs_to_whoever_sent_it() {
    let papers = Papers::new();
    assert_eq!(papers.send("mine.pdf", PDF).status, 303);
    let page = papers.page();
    let path = page
        .split("href=\"")
        .find_map(|part| part.split('"').next().filter(|path| path.contains("/files/")))
        .unwrap();
    papers.site.get(path).is_a_page(404);
    let (_, other) = papers.site.draft();
    papers.site.connect().get(path, &format!("Cookie: {other}\r\n")).is_a_page(404);
}
