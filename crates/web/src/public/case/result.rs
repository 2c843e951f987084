//! A result on paper: the official form on A4, and the signed file.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use casework::{Happening, ResultChange};
use catalogue::{Edition, ItemId, ResultId};
use credential::{Document, SignedDocument};
use diagnostic::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};

use super::became;
use crate::app::App;
use crate::fault::Failure;
use crate::public::my::grouped;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell, Width, encode};
use crate::texts::Words;
use crate::ui;

pub fn title(shell: &Shell, edition: &Edition, item: &ItemId, result: &ResultId) -> String {
    let declared = edition.item(item).and_then(|item| item.results.get(result));
    declared.map_or_else(|| result.to_string(), |result| shell.say(&result.title).to_owned())
}

/// What became of a result, and when.
#[derive(Clone, Debug)]
struct Became {
    change: ResultChange,
    /// The number of the one in its place.
    by: Option<String>,
    at: Timestamp,
}

type Ended = Option<Became>;

/// The document, if it belongs to this case.
async fn find(
    app: &App,
    shell: &Shell,
    guest: &Guest,
    number: &str,
    identifier: &str,
) -> Result<(SignedDocument, String, Ended), Failure> {
    let opened = guest.case(app, shell, number).await?;
    let signed = app.office.document_of(&opened, identifier).await?;
    let rows = app.office.documents_of(&opened).await?;
    let row = rows.iter().find(|row| row.identifier == signed.document().identifier);
    let ended = row.and_then(|row| {
        let of_item = |entry: &&casework::TimelineEntry| {
            entry.item.as_ref().is_some_and(|item| item.as_str() == row.item)
        };
        opened.case.timeline().iter().rev().filter(of_item).find_map(|entry| match &entry.what {
            Happening::ResultChanged { result, change, .. } if result.as_str() == row.result => {
                Some(Became { change: *change, by: None, at: entry.at })
            }
            Happening::ResultReplaced { result, number } if result.as_str() == row.result => {
                let by = Some(number.to_string());
                Some(Became { change: ResultChange::Replaced, by, at: entry.at })
            }
            _ => None,
        })
    });
    Ok((signed, opened.case.number.to_string(), ended))
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, identifier)): Path<(String, String)>,
) -> Result<Markup, Failure> {
    let (signed, number, ended) = find(&app, &shell, &guest, &number, &identifier).await?;
    let w = shell.w;
    let title = words(&signed.document().title, shell.lang).to_owned();
    let body = html! {
        div.actions.no-print {
            button.button type="button" data-print="" hidden { (w.t("p-print")) }
            a.button.second href=(format!("/cases/{}/results/{}/file", encode(&number), encode(&identifier))) { (w.t("p-result-file")) }
            a href=(format!("/cases/{}", encode(&number))) { (w.t("p-back-to-case")) }
        }
        @if let Some(ended) = &ended {
            (ui::panel("late", html! { p { (w.with("p-result-ended", &[("change", became(w, ended.change, ended.by.as_deref()).into()), ("day", ui::full_day(&shell, ended.at).into())])) } }))
        }
        (sheet(&app, &shell, &signed, ended.as_ref()))
    };
    Ok(shell.lay_out(
        Page::public(title, body)
            .width(Width::Normal)
            .crumb(w.t("p-my-title"), "/my")
            .crumb(grouped(&number), format!("/cases/{}", encode(&number))),
    ))
}

fn words(text: &credential::Bilingual, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &text.zh,
        Lang::En => text.english(),
    }
}

/// The official text is Chinese; English readers get theirs under it.
fn sheet(app: &App, shell: &Shell, signed: &SignedDocument, ended: Option<&Became>) -> Markup {
    let w = shell.w;
    let document = signed.document();
    let digest = signed.digest();
    let address = credential::verification_url(app.office.public_url(), &document.identifier, &digest);
    let (number, text, rest) = parts(document);
    let day = shell.edition.offset().to_datetime(document.issued_at).date();
    html! {
        article.sheet lang="zh-CN" {
            @if let Some(ended) = ended {
                p.void { (became(Words(Lang::Zh), ended.change, ended.by.as_deref())) "（" (plain_date(shell.edition.offset().to_datetime(ended.at).date())) "），本件不再有效" }
            }
            h1 { (document.title.zh) }
            @if let Some(number) = number { p.ref { "编号：" (number) } }
            p.flush { (document.subject.name) @if let Some(code) = &document.subject.identifier { "（" (code) "）" } "：" }
            @if let Some(text) = text { @for line in text.zh.lines().filter(|line| !line.trim().is_empty()) { p { (line) } } }
            @if !rest.is_empty() {
                table { tbody { @for entry in &rest { tr { th scope="row" { (entry.label.zh) } td.lines { (entry.text.zh) } } } } }
            }
            @if let Some(until) = document.valid_until {
                p.flush { "有效期：" @if let Some(from) = document.valid_from { (plain_date(from)) "至" } (plain_date(until)) }
            }
            div.sign {
                div.seal aria-hidden="true" { "（盖章处）" @if ended.is_none() { br; "电子签名有效" } }
                p { (document.issuer.name.zh) }
                p { (chinese_date(day)) }
            }
            div.verify {
                (ui::qr(&address, &w.t("p-result-qr")))
                div {
                    p { "电子证照标识：" span.mono { (document.identifier) } }
                    p { "摘要：" span.mono { (digest.short()) } }
                    p { "扫码或访问 " (app.office.public_url()) "/v 核验真伪和是否有效。" @if ended.is_none() { "本件由签发机关电子签名，与纸质件具有同等效力。" } }
                }
            }
        }
        @if shell.lang == Lang::En {
            section.card.no-print {
                h2 { (document.title.english()) }
                p.quiet { (w.t("p-result-translation")) }
                @if let Some(text) = text { p.lines { (text.english()) } }
                @let rows: Vec<(String, Markup)> = rest.iter().map(|entry| (entry.label.english().to_owned(), html! { (entry.text.english()) })).collect();
                (ui::facts(&rows))
            }
        }
    }
}

/// Number, body text, and everything else.
fn parts(document: &Document) -> (Option<&str>, Option<&credential::Bilingual>, Vec<&credential::Entry>) {
    let labelled = |label: &str| document.content.iter().find(|entry| entry.label.zh == label);
    let (number, text) = (labelled("编号"), labelled("正文"));
    let rest = document.content.iter().filter(|entry| entry.label.zh != "编号" && entry.label.zh != "正文");
    // A text that was written for the paper says the rest in its own words.
    let rest = if text.is_some() { Vec::new() } else { rest.collect() };
    (number.map(|entry| entry.text.zh.as_str()), text.map(|entry| &entry.text), rest)
}

fn plain_date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 二〇二六年十一月二十三日, as official documents are dated.
fn chinese_date(day: Date) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: i16| DIGITS[usize::from(value.unsigned_abs() % 10)];
    let year: String = [1000, 100, 10, 1].map(|place| digit(day.year() / place)).iter().collect();
    let small = |value: i8| -> String {
        let (tens, ones) = (i16::from(value) / 10, i16::from(value) % 10);
        let mut text = String::new();
        if tens > 1 {
            text.push(digit(tens));
        }
        if tens > 0 {
            text.push('十');
        }
        if ones > 0 {
            text.push(digit(ones));
        }
        text
    };
    format!("{year}年{}月{}日", small(day.month()), small(day.day()))
}

/// The signed file, which verifies without this site.
pub async fn file(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, identifier)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (signed, ..) = find(&app, &shell, &guest, &number, &identifier).await?;
    Ok(as_file(&signed, &identifier))
}

/// A signed document to keep, byte for byte.
pub(crate) fn as_file(signed: &SignedDocument, identifier: &str) -> Response {
    let mut response = signed.as_bytes().to_vec().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let plain = identifier.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let name = format!("attachment; filename=\"{}.json\"", plain.collect::<String>());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn official_dates_are_written_in_chinese() {
        assert_eq!(chinese_date(date(2026, 11, 23)), "二〇二六年十一月二十三日");
        assert_eq!(chinese_date(date(2020, 10, 10)), "二〇二〇年十月十日");
        assert_eq!(chinese_date(date(2031, 2, 20)), "二〇三一年二月二十日");
        assert_eq!(chinese_date(date(2031, 1, 5)), "二〇三一年一月五日");
    }
}
