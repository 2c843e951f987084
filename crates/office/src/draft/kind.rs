//! What a file is: by its content, held against what its name and its sender say.

use unicode_normalization::UnicodeNormalization as _;

use crate::error::NotPossible;

const NAME_CHARS_MAX: usize = 120;

/// What is looked at of a file's beginning; a PDF may begin with something else (ISO 32000-1, annex H.3.4.1).
const HEAD_BYTES: usize = 2048;
const PDF_WITHIN: usize = 1024;
/// How much of an archive's end is kept, for the list of its members.
const END_BYTES: usize = 1 << 20;
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const OFD: &str = "application/ofd";
const TEXT: &str = "text/plain";
/// Text as older Chinese programs save it: shown in its own letters.
pub const TEXT_GB: &str = "text/plain; charset=gb18030";

/// A file as it goes by: what is needed of it to say what it is.
#[derive(Debug)]
pub struct Content {
    head: Vec<u8>,
    /// Of an archive only.
    end: Vec<u8>,
    utf8: Letters,
    gb: Letters,
}

impl Default for Content {
    fn default() -> Self {
        let letters = |encoding: &'static encoding_rs::Encoding| {
            Letters(Some(Box::new(encoding.new_decoder_without_bom_handling())))
        };
        Self {
            head: Vec::new(),
            end: Vec::new(),
            utf8: letters(encoding_rs::UTF_8),
            gb: letters(encoding_rs::GB18030),
        }
    }
}

/// A text in an encoding, as long as everything so far is one.
struct Letters(Option<Box<encoding_rs::Decoder>>);

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Letters").field(&self.0.is_some()).finish()
    }
}

impl Letters {
    fn take(&mut self, bytes: &[u8], last: bool) {
        let Some(decoder) = &mut self.0 else { return };
        let (mut rest, mut out) = (bytes, [0; 4096]);
        loop {
            match decoder.decode_to_utf8_without_replacement(rest, &mut out, last) {
                (encoding_rs::DecoderResult::InputEmpty, ..) => return,
                (encoding_rs::DecoderResult::OutputFull, read, _) => rest = &rest[read..],
                (encoding_rs::DecoderResult::Malformed(..), ..) => {
                    self.0 = None;
                    return;
                }
            }
        }
    }
}

impl Content {
    pub fn take(&mut self, chunk: &[u8]) {
        let wanted = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&chunk[..chunk.len().min(wanted)]);
        if self.head.starts_with(b"PK") {
            self.end.extend_from_slice(chunk);
            if self.end.len() > 2 * END_BYTES {
                self.end.drain(..self.end.len() - END_BYTES);
            }
        }
        // No text has these, in any encoding that is read here.
        if chunk.contains(&0) {
            (self.utf8, self.gb) = (Letters(None), Letters(None));
        }
        if chunk.iter().any(|byte| *byte < 0x20 && !b"\t\r\n".contains(byte)) {
            self.gb = Letters(None);
        }
        self.utf8.take(chunk, false);
        self.gb.take(chunk, false);
    }

    pub const fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// The media type by the content; `None` for what may not be uploaded.
    pub fn media_type(mut self) -> Result<Option<&'static str>, NotPossible> {
        if let Some(kind) = of_head(&self.head) {
            return Ok(Some(kind));
        }
        if self.head.starts_with(b"PK\x03\x04") {
            return of_members(&members(&self.end).unwrap_or_default());
        }
        self.utf8.take(&[], true);
        self.gb.take(&[], true);
        // Text that a browser might run is still only text: it is served as such and never run.
        Ok(match (self.utf8.0, self.gb.0) {
            _ if self.head.is_empty() => None,
            (Some(_), _) => Some(TEXT),
            (None, Some(_)) => Some(TEXT_GB),
            (None, None) => None,
        })
    }
}

/// The media type of a whole file.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let mut content = Content::default();
    content.take(bytes);
    content.media_type().ok().flatten()
}

fn of_head(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()) == Some(magic);
    if begins_pdf(head) {
        Some("application/pdf")
    } else if at(0, &[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if (at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1")) && goes_on(head) {
        Some("image/heic")
    } else if at(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Some("application/msword")
    } else {
        None
    }
}

/// Scanners and mail programs put a line before the mark. What is a program, an archive or a page is none for all that.
fn begins_pdf(head: &[u8]) -> bool {
    let mark = b"%PDF-";
    let within = &head[..head.len().min(PDF_WITHIN)];
    let found = within.windows(mark.len()).position(|letters| letters == mark);
    let other: [&[u8]; 5] = [b"MZ", b"\x7fELF", b"PK", b"#!", b"<"];
    found.is_some_and(|place| {
        place == 0 || !other.iter().any(|magic| head.trim_ascii_start().starts_with(magic))
    })
}

/// Whether a picture's first box is followed by another one (ISO/IEC 14496-12): eight letters alone are no picture.
fn goes_on(head: &[u8]) -> bool {
    let size = head.first_chunk::<4>().map_or(0, |size| u32::from_be_bytes(*size));
    let next = usize::try_from(size).ok().filter(|size| (16..=1024).contains(size));
    let kind = next.and_then(|next| head.get(next + 4..next + 8));
    kind.is_some_and(|kind| {
        [b"meta", b"mdat", b"free", b"moov", b"skip", b"uuid"].iter().any(|known| kind == *known)
    })
}

/// Office files are archives with a list of their parts (ECMA-376, part 2); an OFD has its root (GB/T 33190).
fn of_members(members: &[&[u8]]) -> Result<Option<&'static str>, NotPossible> {
    let has = |name: &[u8]| members.iter().any(|member| member.eq_ignore_ascii_case(name));
    let under = |folder: &[u8]| members.iter().any(|member| member.starts_with(folder));
    if has(b"OFD.xml") {
        return Ok(Some(OFD));
    }
    if !has(b"[Content_Types].xml") {
        return Ok(None);
    }
    if members.iter().any(|member| member.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
        return Err(NotPossible::FileMacros);
    }
    Ok(match (under(b"word/"), under(b"xl/")) {
        (true, _) => Some(WORD),
        (false, true) => Some(EXCEL),
        (false, false) => None,
    })
}

/// The names in an archive's central directory, which stands at its end; `None` where there is none that can be read.
fn members(end: &[u8]) -> Option<Vec<&[u8]>> {
    const LAST: usize = 22;
    const NOTE_MAX: usize = 0xffff;
    let half = |at: usize| Some(usize::from(u16::from_le_bytes(end.get(at..at + 2)?.try_into().ok()?)));
    let from = end.len().saturating_sub(LAST + NOTE_MAX);
    let last = end[from..].windows(4).rposition(|mark| mark == b"PK\x05\x06")? + from;
    let count = half(last + 10)?;
    let bytes = u32::from_le_bytes(end.get(last + 12..last + 16)?.try_into().ok()?);
    let mut at = last.checked_sub(usize::try_from(bytes).ok()?)?;
    let mut names = Vec::new();
    for _ in 0..count {
        if end.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, note) = (half(at + 28)?, half(at + 30)?, half(at + 32)?);
        names.push(end.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + note;
    }
    Some(names)
}

/// Endings that promise a content, the usual one first, and what senders call it.
#[rustfmt::skip]
const KINDS: &[(&str, &[&str], &[&str])] = &[
    ("application/pdf", &["pdf"], &["application/pdf"]),
    ("image/jpeg", &["jpg", "jpeg", "jfif"], &["image/jpeg", "image/jpg", "image/pjpeg"]),
    ("image/png", &["png"], &["image/png"]),
    ("image/webp", &["webp"], &["image/webp"]),
    ("image/heic", &["heic", "heif"], &["image/heic", "image/heif"]),
    (WORD, &["docx"], &[WORD]),
    (EXCEL, &["xlsx"], &[EXCEL]),
    (OFD, &["ofd"], &["application/ofd", "application/x-ofd"]),
    ("application/msword", &["doc", "xls", "wps", "et"], &["application/msword", "application/vnd.ms-excel"]),
    (TEXT, &["txt", "csv", "md"], &["text/plain", "text/csv", "text/markdown"]),
];

/// Whether a file's ending promises one of the kinds that are taken: then what is in it is wrong, not its kind.
pub fn promises(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| kind(|(_, endings, _)| endings.contains(&ending.as_str())).is_some())
}

/// The name under which a file is kept: without folders, without what would show it as something else, and with an ending
/// that says what the content is.
///
/// Cameras and messengers call one kind of picture by the ending of another: that is mended. Where a document's ending
/// promises something else, the person has the wrong file in hand and is told. Unknown endings only get the right one
/// put behind them.
pub fn kept_name(name: &str, media_type: &str, claimed: Option<&str>) -> Result<String, NotPossible> {
    let media_type = if media_type == TEXT_GB { TEXT } else { media_type };
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Some systems take letters apart in names; others then show two signs for one.
    let name: String = identifier::line(
        &name.nfc().filter(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')).collect::<String>(),
    );
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
    let stem = if is_device(&stem) { format!("_{stem}") } else { stem };
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

/// Names that Windows keeps for devices, with whatever ending.
fn is_device(stem: &str) -> bool {
    let name = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
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
            (b"PK\x03\x04....[Content_Types].xml", None),
            (b"\r\n%PDF-1.4\n", Some("application/pdf")),
            (b"MZ\x90\0\x03 %PDF-1.4", None),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\0meta", Some("image/heic")),
            (b"\0\0\0\x18ftypheic\0\0\0\0 and nothing of a picture", None),
            // 设备清单,数量 in GBK.
            (b"\xc9\xe8\xb1\xb8\xc7\xe5\xb5\xa5,\xca\xfd\xc1\xbf\r\n", Some(TEXT_GB)),
            (b"caf\xff\xfe", None),
            (b"PK\x03\x04....evil.exe", None),
            (b"MZ\x90\0\x03", None),
            (b"\x7fELF\x02\x01\x01\0", None),
            ("面积 120".as_bytes(), Some("text/plain")),
            (b"", None),
        ] {
            assert_eq!(sniff(head), kind, "{head:?}");
        }
    }

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, &[b'x'; 300]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_is_what_its_list_of_members_says() {
        let of = |names: &[&str]| {
            let mut content = Content::default();
            for chunk in archive(names).chunks(7) {
                content.take(chunk);
            }
            content.media_type()
        };
        // Whatever comes first, and wherever the list of parts stands.
        assert_eq!(of(&["docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"]), Ok(Some(EXCEL)));
        assert_eq!(of(&["[Content_Types].xml", "word/document.xml"]), Ok(Some(WORD)));
        assert_eq!(of(&["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"]), Ok(Some(OFD)));
        assert_eq!(of(&["某某word/图片1.txt"]), Ok(None));
        assert_eq!(of(&["taxl/notes.txt"]), Ok(None));
        let macros = ["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"];
        assert_eq!(of(&macros), Err(NotPossible::FileMacros));
        let many: Vec<String> = (0..3000).map(|place| format!("word/media/image{place}.png")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).chain(["[Content_Types].xml"]).collect();
        assert_eq!(of(&many), Ok(Some(WORD)), "the end is kept, not the beginning");
        let whole = archive(&macros);
        for length in 4..whole.len() {
            let mut content = Content::default();
            content.take(&whole[..length]);
            assert!(!matches!(content.media_type(), Ok(Some(_))), "cut off at {length}");
        }
    }

    #[test]
    fn a_text_is_one_to_its_last_letter() {
        let long = "面积".repeat(2000);
        assert_eq!(sniff(long.as_bytes()), Some(TEXT));
        let mut broken = long.clone().into_bytes();
        broken.extend_from_slice(&[0, 1, 2]);
        assert_eq!(sniff(&broken), None);
        let (gb, _, _) = encoding_rs::GB18030.encode(&long);
        assert_eq!(sniff(&gb), Some(TEXT_GB));
        // Letters that a piece cuts in two.
        let mut content = Content::default();
        for chunk in long.as_bytes().chunks(5) {
            content.take(chunk);
        }
        assert_eq!(content.media_type(), Ok(Some(TEXT)));
        assert_eq!(kept_name("清单.csv", TEXT_GB, Some("text/csv")).as_deref(), Ok("清单.csv"));
    }

    #[test]
    fn names_are_kept_with_their_letters_put_together() {
        let apart = "\u{30ab}\u{3099}.pdf";
        assert_eq!(kept_name(apart, "application/pdf", None).as_deref(), Ok("\u{30ac}.pdf"));
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
            ("一\u{2028}二\u{e0041}.txt", text, "一二.txt"),
            ("con.txt", text, "_con.txt"),
            ("COM1.a.txt", text, "_COM1.a.txt"),
            ("console.txt", text, "console.txt"),
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
        let docx = WORD;
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
