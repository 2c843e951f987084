//! What a file is: by its content, held against what its name and its sender say.

use crate::error::NotPossible;

const NAME_CHARS_MAX: usize = 120;

/// The media type by the first bytes of a file; `None` for what may not be uploaded.
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()) == Some(magic);
    if at(0, b"%PDF-") {
        Some("application/pdf")
    } else if at(0, &[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1") {
        Some("image/heic")
    } else if at(0, b"PK\x03\x04") {
        // Word and Excel files are archives whose first member has a telling name.
        let text = String::from_utf8_lossy(head);
        (text.contains("[Content_Types].xml")
            || text.contains("word/")
            || text.contains("xl/")
            || text.contains("_rels/"))
        .then_some("application/vnd.openxmlformats-officedocument")
    } else if at(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Some("application/msword")
    } else if !head.is_empty()
        && !head.contains(&0)
        && std::str::from_utf8(head).map_or_else(|e| e.error_len().is_none(), |_| true)
    {
        // Text that a browser might run is still only text: it is served as such and never run.
        Some("text/plain")
    } else {
        None
    }
}

/// Endings that promise a content, the usual one first, and what senders call it.
#[rustfmt::skip]
const KINDS: &[(&str, &[&str], &[&str])] = &[
    ("application/pdf", &["pdf"], &["application/pdf"]),
    ("image/jpeg", &["jpg", "jpeg", "jfif"], &["image/jpeg", "image/jpg", "image/pjpeg"]),
    ("image/png", &["png"], &["image/png"]),
    ("image/webp", &["webp"], &["image/webp"]),
    ("image/heic", &["heic", "heif"], &["image/heic", "image/heif"]),
    ("application/vnd.openxmlformats-officedocument", &["docx", "xlsx"], &[
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]),
    ("application/msword", &["doc", "xls", "wps", "et"], &["application/msword", "application/vnd.ms-excel"]),
    ("text/plain", &["txt", "csv", "md"], &["text/plain", "text/csv", "text/markdown"]),
];

/// The name under which a file is kept: without folders, without what would show it as something else, and with an ending
/// that says what the content is.
///
/// Cameras and messengers call one kind of picture by the ending of another: that is mended. Where a document's ending
/// promises something else, the person has the wrong file in hand and is told. Unknown endings only get the right one
/// put behind them.
pub fn kept_name(name: &str, media_type: &str, claimed: Option<&str>) -> Result<String, NotPossible> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control() && !is_hidden(*c)).collect();
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let name = if name.is_empty() { "file" } else { name };
    let usual = ending_of(media_type);
    let fits = |promised: &str| promised == media_type || is_picture(promised) && is_picture(media_type);
    let claimed =
        claimed.map(|claimed| claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let claimed = claimed.and_then(|claimed| kind(|(_, _, called)| called.contains(&claimed.as_str())));
    let ending = name.rsplit_once('.').map(|(stem, ending)| (stem, ending.to_lowercase()));
    let promised =
        ending.as_ref().and_then(|(_, ending)| kind(|(_, endings, _)| endings.contains(&ending.as_str())));
    if [claimed, promised].into_iter().flatten().any(|promised| !fits(promised)) {
        return Err(NotPossible::FileMismatch);
    }
    let (stem, ending) = match (&ending, promised) {
        (Some((stem, ending)), Some(promised)) if promised == media_type => (*stem, ending.as_str()),
        (Some((stem, _)), Some(_)) => (*stem, usual),
        _ => (name, usual),
    };
    let most = NAME_CHARS_MAX - ending.len() - 1;
    let stem: String = stem.chars().take(most).collect();
    Ok(format!("{stem}.{ending}"))
}

fn kind(is: impl Fn(&&(&'static str, &[&str], &[&str])) -> bool) -> Option<&'static str> {
    KINDS.iter().find(is).map(|(kind, ..)| *kind)
}

fn ending_of(media_type: &str) -> &'static str {
    KINDS.iter().find(|(kind, ..)| *kind == media_type).map_or("txt", |(_, endings, _)| endings[0])
}

fn is_picture(media_type: &str) -> bool {
    media_type.starts_with("image/")
}

/// Marks that turn the direction of writing, or that nobody sees: `fdp.exe` could be read backwards.
const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (head, kind) in [
            (&b"%PDF-1.7\n"[..], Some("application/pdf")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n\0\0", Some("image/png")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"PK\x03\x04....[Content_Types].xml", Some("application/vnd.openxmlformats-officedocument")),
            (b"PK\x03\x04....evil.exe", None),
            (b"MZ\x90\0\x03", None),
            (b"\x7fELF\x02\x01\x01\0", None),
            ("面积 120".as_bytes(), Some("text/plain")),
            (b"", None),
        ] {
            assert_eq!(sniff(head), kind, "{head:?}");
        }
    }

    #[test]
    fn a_name_says_what_the_content_is() {
        let (pdf, jpeg, text) = ("application/pdf", "image/jpeg", "text/plain");
        for (name, kind, kept) in [
            ("合同.pdf", pdf, "合同.pdf"),
            ("合同.PDF", pdf, "合同.pdf"),
            ("合同", pdf, "合同.pdf"),
            ("合同.最终版", pdf, "合同.最终版.pdf"),
            ("../../etc/passwd", text, "passwd.txt"),
            ("C:\\temp\\图.jpeg", jpeg, "图.jpeg"),
            ("照片.png", jpeg, "照片.jpg"),
            ("照片.HEIC", jpeg, "照片.jpg"),
            ("x.html", text, "x.html.txt"),
            ("合同.pdf.exe", pdf, "合同.pdf.exe.pdf"),
            ("exe\u{202e}fdp.txt", text, "exefdp.txt"),
            ("a\u{0}b\r\n.txt", text, "ab.txt"),
            ("...", pdf, "file.pdf"),
            ("", pdf, "file.pdf"),
        ] {
            assert_eq!(kept_name(name, kind, None).as_deref(), Ok(kept), "{name}");
        }
        let long = kept_name(&"长".repeat(500), pdf, None).unwrap();
        assert_eq!(long.chars().count(), NAME_CHARS_MAX);
    }

    #[test]
    fn a_document_under_a_wrong_name_is_told() {
        let docx = "application/vnd.openxmlformats-officedocument";
        for (name, kind) in [
            ("a.pdf", "text/plain"),
            ("a.docx", "application/pdf"),
            ("a.jpg", "application/pdf"),
            ("a.txt", docx),
        ] {
            assert_eq!(kept_name(name, kind, None), Err(NotPossible::FileMismatch), "{name}");
        }
        assert_eq!(kept_name("a", "application/pdf", Some("image/png")), Err(NotPossible::FileMismatch));
        assert_eq!(
            kept_name("a", "text/plain", Some("Application/PDF; q=1")),
            Err(NotPossible::FileMismatch)
        );
        for claimed in ["application/octet-stream", "text/html", "nonsense", "application/pdf"] {
            assert!(kept_name("a.pdf", "application/pdf", Some(claimed)).is_ok(), "{claimed}");
        }
    }
}
