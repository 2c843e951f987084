//! Notices and decisions on official paper, each written from one entry of the history: nothing in them is typed twice.

use axum::extract::{Path, State};
use axum::response::Response;
use casework::{Happening, IntakeGround, PauseKind, TimelineEntry};
use catalogue::{Bilingual, Item};
use diagnostic::Lang;
use maud::{Markup, html};
use office::{By, LoadedCase, NoticeText, OpenedCase, Party};

use super::{reader, words};
use crate::app::App;
use crate::fault::Failure;
use crate::public::as_file;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell};
use crate::texts::Words;
use crate::ui;

/// The notices of a case, oldest first: the last part of the address, and the title.
pub fn notices_of(loaded: &LoadedCase) -> Vec<(String, Bilingual)> {
    let entries = loaded.case.timeline().iter().enumerate();
    entries
        .filter_map(|(place, entry)| {
            let kind = kind(loaded, entry)?;
            let titles = [Words(Lang::Zh), Words(Lang::En)].map(|w| title(loaded, entry, kind, w));
            let [zh, en] = titles;
            Some((format!("{kind}-{place}"), Bilingual { zh, en }))
        })
        .collect()
}

/// Notices bear the applicant's name and what was decided: they are the item's own officers' to read.
fn opens(viewer: &office::Viewer, loaded: &LoadedCase, entry: &TimelineEntry) -> bool {
    let item = entry.item.as_ref();
    item.is_none_or(|item| viewer.opens_item(&loaded.case, &loaded.edition, item))
}

/// Notices that an officer can open.
pub fn notices_for(loaded: &LoadedCase, viewer: &office::Viewer) -> Vec<(String, Bilingual)> {
    let mut notices = notices_of(loaded);
    notices.retain(|(key, _)| {
        let entry = place_of(key).and_then(|place| loaded.case.timeline().get(place));
        entry.is_some_and(|entry| opens(viewer, loaded, entry))
    });
    notices
}

/// The newest notice about an item, or about anything when none is named.
pub fn latest(loaded: &LoadedCase, item: &str) -> Option<(String, Bilingual)> {
    let about = |key: &str| {
        let entry = place_of(key).and_then(|place| loaded.case.timeline().get(place));
        item.is_empty() || entry.and_then(|entry| entry.item.as_ref()).is_some_and(|of| of.as_str() == item)
    };
    notices_of(loaded).into_iter().rev().find(|(key, _)| about(key))
}

fn place_of(key: &str) -> Option<usize> {
    key.rsplit_once('-')?.1.parse().ok()
}

/// What kind of notice an entry calls for, if any.
fn kind(loaded: &LoadedCase, entry: &TimelineEntry) -> Option<&'static str> {
    Some(match &entry.what {
        Happening::Accepted if is_tolerant(loaded, entry) => "tolerant",
        Happening::Accepted => "accepted",
        Happening::DeemedAccepted { .. } => "deemed",
        Happening::NotAccepted { ground: IntakeGround::NotRequired, .. } => "not-required",
        Happening::NotAccepted { ground: IntakeGround::NotOurRemit { .. }, .. } => "not-remit",
        Happening::CorrectionAsked { .. } => "correction",
        Happening::Paused { pause: PauseKind::Statutory(_), .. } => "paused",
        Happening::Paused { pause: PauseKind::Local(_), .. } => "local",
        Happening::Extended { .. } => "extended",
        Happening::Granted { .. } => "granted",
        Happening::Refused { .. } => "refused",
        Happening::Delivered { .. } => "delivered",
        Happening::ResultChanged { .. } => "changed",
        _ => return None,
    })
}

/// Accepted while something may still follow (容缺).
fn is_tolerant(loaded: &LoadedCase, entry: &TimelineEntry) -> bool {
    let Some(item) = &entry.item else { return false };
    let closed_later = loaded.case.timeline().iter().any(|other| {
        other.item.as_ref() == Some(item)
            && matches!(other.what, Happening::GapClosed(_))
            && other.at >= entry.at
    });
    closed_later || loaded.case.matter(item).is_some_and(casework::Matter::has_open_gap)
}

fn title(loaded: &LoadedCase, entry: &TimelineEntry, kind: &str, w: Words) -> String {
    let title = w.t(&format!("notice-{kind}"));
    // Where several matters run side by side, the item tells their notices apart.
    match &entry.item {
        Some(id) if loaded.case.matters.len() > 1 => {
            let item =
                loaded.edition.item(id).map_or_else(|| id.to_string(), |item| item.title.get(w.0).to_owned());
            format!("{title} · {item}")
        }
        _ => title,
    }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, key)): Path<(String, String)>,
) -> Result<Markup, Failure> {
    let found = find(&app, &shell, &guest, &number, &key).await?;
    let (sheet, place) = (found.sheet(&shell), found.place);
    let w = shell.w;
    let body = html! {
        p.no-print.row {
            button.button type="button" data-print="" hidden data-key="t" { (w.t("notice-print")) " " kbd { "Alt+T" } }
            a href=(format!("/cases/{number}/notices/{key}/file")) { (w.t("notice-file")) }
            a href=(home(&shell, &number)) { (w.t("notice-back")) }
        }
        (sheet.draw(place))
    };
    let kind = found.kind;
    Ok(shell.lay_out(Page::public(w.t(&format!("notice-{kind}")), body).width(crate::shell::Width::Normal)))
}

/// The notice as a signed file, made out when somebody first asks for it.
pub async fn file(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let found = find(&app, &shell, &guest, &number, &key).await?;
    let entry = found.entry();
    let drawn = |lang: Lang| {
        let shell = Shell { lang, w: Words(lang), ..shell.clone() };
        let title = title(&found.loaded, entry, found.kind, shell.w);
        (title, plain(&found.sheet(&shell).draw(found.place).into_string()))
    };
    let ((title_zh, zh), (title_en, en)) = (drawn(Lang::Zh), drawn(Lang::En));
    let notice = NoticeText {
        key,
        title: Bilingual { zh: title_zh, en: title_en },
        item: entry.item.clone(),
        at: entry.at,
        text: Bilingual { zh, en },
    };
    // Whoever may see the notice was found out above.
    let signed = app.office.signed_notice(found.loaded.id, &notice, By::System).await?;
    Ok(as_file(&signed, &signed.document().identifier))
}

/// A notice with all that it is drawn from.
struct Found<'a> {
    loaded: OpenedCase<'a>,
    place: usize,
    kind: &'static str,
    text: Option<String>,
    party: Party,
}

impl Found<'_> {
    fn entry(&self) -> &TimelineEntry {
        &self.loaded.case.timeline()[self.place]
    }

    fn sheet<'a>(&'a self, shell: &'a Shell) -> Sheet<'a> {
        let (text, party) = (self.text.clone(), self.party.clone());
        Sheet { shell, loaded: &self.loaded, entry: self.entry(), kind: self.kind, text, party }
    }
}

async fn find<'a>(
    app: &App,
    shell: &'a Shell,
    guest: &'a Guest,
    number: &str,
    key: &str,
) -> Result<Found<'a>, Failure> {
    let loaded = reader::case(app, shell, guest, number).await?;
    let place = place_of(key).ok_or(Failure::NotFound)?;
    let entry = loaded.case.timeline().get(place).ok_or(Failure::NotFound)?;
    let kind =
        kind(&loaded, entry).filter(|kind| key == format!("{kind}-{place}")).ok_or(Failure::NotFound)?;
    if let Some(viewer) = shell.viewer.as_ref().filter(|viewer| viewer.is_officer())
        && !opens(viewer, &loaded, entry)
    {
        return Err(office::OfficeError::Denied.into());
    }
    let text = match entry.what.text() {
        Some(document) => app.office.text(document).await?,
        None => None,
    };
    let party = app.office.party_at(&loaded, entry.at).await?;
    Ok(Found { loaded, place, kind, text, party })
}

/// The words of a drawn page, a line for each block.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>') else { break };
        text.push_str(&rest[..open]);
        let tag = &rest[open + 1..open + close];
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
        if matches!(name, "p" | "h1" | "li" | "ol" | "div" | "tr" | "table") {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn home(shell: &Shell, number: &str) -> String {
    let officer = shell.viewer.as_ref().is_some_and(office::Viewer::is_officer);
    if officer { format!("/desk/cases/{number}") } else { format!("/cases/{number}") }
}

struct Sheet<'a> {
    shell: &'a Shell,
    loaded: &'a LoadedCase,
    entry: &'a TimelineEntry,
    kind: &'static str,
    text: Option<String>,
    party: Party,
}

impl Sheet<'_> {
    fn item(&self) -> Option<&Item> {
        self.entry.item.as_ref().and_then(|id| self.loaded.edition.item(id))
    }

    fn draw(&self, place: usize) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let case = &self.loaded.case;
        let department = self.item().and_then(|item| self.loaded.edition.department(&item.department));
        let organ = department
            .map_or_else(|| shell.say(&shell.edition.zone().name), |department| shell.say(&department.name));
        let subject = self.item().map_or_else(
            || words::thing(shell, case.thing.as_str()),
            |item| shell.say(&item.title).to_owned(),
        );
        let opening = self.opening(&subject);
        html! {
            article.sheet lang=(if shell.lang == Lang::Zh { "zh-CN" } else { "en" }) {
                p.flush.organ { (shell.say(&self.loaded.edition.zone().name)) " " (organ) }
                h1 { (w.t(&format!("notice-{}", self.kind))) }
                p.ref { (w.with("notice-ref", &[("number", case.number.to_string().into()), ("serial", (place + 1).into())])) }
                p.flush { (if self.party.name.is_empty() { w.t("notice-applicant") } else { self.party.name.clone() }) (w.t("notice-colon")) }
                p { (opening) }
                (self.points())
                @if let Some(text) = self.text.as_deref().filter(|text| !text.trim().is_empty()) {
                    p.flush { (w.t(match self.kind { "granted" => "notice-opinion", "correction" => "notice-note", _ => "notice-reasons" })) }
                    @for line in text.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
                }
                (self.after())
                (self.basis())
                div.sign {
                    span.seal { (w.t("notice-seal")) }
                    p { (organ) }
                    p { (self.date(self.entry.at)) }
                }
                @if self.kind == "delivered" {
                    table { tbody {
                        tr { th scope="row" { (w.t("notice-receiver")) } td.blank {} th scope="row" { (w.t("notice-received-on")) } td.blank {} }
                        tr { th scope="row" { (w.t("notice-deliverer")) } td.blank {} th scope="row" { (w.t("notice-remarks")) } td.blank {} }
                    } }
                }
                div.verify {
                    p { (w.with("notice-contact", &[("contact", shell.say(&self.loaded.edition.zone().contact).to_owned().into())]))
                        @if let Some(phone) = department.and_then(|department| department.phone.as_deref()) { " " (w.with("notice-phone", &[("phone", phone.to_owned().into())])) }
                    }
                }
            }
        }
    }

    /// The first sentence: what was applied for when, and what follows.
    fn opening(&self, subject: &str) -> String {
        let shell = self.shell;
        let received = self
            .entry
            .item
            .as_ref()
            .and_then(|id| self.loaded.case.matter(id))
            // What waited for another result counts as received later, but was handed in with the rest.
            .map_or(self.loaded.case.received_at, |matter| {
                if matter.plan.after.is_empty() { matter.received_at } else { self.loaded.case.received_at }
            });
        let lang = words::calendar_lang(shell);
        let on = match &self.entry.what {
            Happening::DeemedAccepted { accepted_at } => *accepted_at,
            _ => self.entry.at,
        };
        let (organ, limit, number) = match &self.entry.what {
            Happening::NotAccepted { ground: IntakeGround::NotOurRemit { organ }, .. } => {
                (organ.to_string(), String::new(), String::new())
            }
            Happening::Paused { pause, needed, .. } => {
                let needed =
                    needed.map_or_else(|| shell.w.t("notice-unknown-time"), |needed| needed.text(lang));
                (words::pause(shell, &self.loaded.edition, pause), needed, String::new())
            }
            Happening::Extended { more, .. } => (String::new(), more.text(lang), self.extended_until()),
            Happening::Delivered { how } => (
                shell.w.t(&format!("desk-deliver-{}", words::delivery_code(*how))),
                String::new(),
                self.numbers(),
            ),
            Happening::ResultChanged { change, .. } => (
                shell.w.t(&format!("desk-change-{}", words::change_code(*change))),
                String::new(),
                self.numbers(),
            ),
            _ => Default::default(),
        };
        shell.w.with(
            &format!("notice-{}-opening", self.kind),
            &[
                ("item", subject.to_owned().into()),
                ("received", self.date(received).into()),
                ("on", self.date(on).into()),
                ("detail", organ.into()),
                ("limit", limit.into()),
                ("numbers", number.into()),
            ],
        )
    }

    /// The day on which the lengthened limit ends: the statutory one, or the promise where the statute sets none.
    fn extended_until(&self) -> String {
        let edition = &self.loaded.edition;
        let clocks = self.loaded.case.clocks(edition.calendar(), edition.offset(), self.shell.now);
        let of_kind = |kind| {
            clocks.iter().find(|clock| Some(&clock.item) == self.entry.item.as_ref() && clock.kind == kind)
        };
        let clock =
            of_kind(casework::ClockKind::Statutory).or_else(|| of_kind(casework::ClockKind::Promised));
        clock.map(|clock| self.day(clock.due.due_on)).unwrap_or_default()
    }

    /// With the year: a paper is read years later.
    fn date(&self, at: jiff::Timestamp) -> String {
        self.day(ui::civil(self.shell, at).date())
    }

    fn day(&self, on: jiff::civil::Date) -> String {
        let (year, month, day) =
            (i64::from(on.year()).to_string(), i64::from(on.month()), i64::from(on.day()));
        self.shell
            .w
            .with("notice-date", &[("year", year.into()), ("month", month.into()), ("day", day.into())])
    }

    fn numbers(&self) -> String {
        let matter = self.entry.item.as_ref().and_then(|id| self.loaded.case.matter(id));
        let numbers: Vec<String> = matter
            .into_iter()
            .flat_map(|matter| &matter.results)
            .map(|issued| {
                let title = self.item().and_then(|item| item.results.get(&issued.result));
                format!(
                    "{} {}",
                    title.map_or_else(
                        || issued.result.to_string(),
                        |result| self.shell.say(&result.title).to_owned()
                    ),
                    issued.number
                )
            })
            .collect();
        numbers.join("；")
    }

    /// Everything that is asked for or follows later, once.
    fn points(&self) -> Markup {
        let shell = self.shell;
        let edition = &self.loaded.edition;
        let points: Vec<String> = match &self.entry.what {
            Happening::CorrectionAsked { points, .. } => {
                let materials = points.materials.iter().map(|id| words::material_in(shell, edition, id));
                let fields = points.fields.iter().map(|id| {
                    let label = edition
                        .field(id)
                        .map_or_else(|| id.to_string(), |field| shell.say(field.fact()).to_owned());
                    shell.w.with("notice-field", &[("field", label.into())])
                });
                materials.chain(fields).collect()
            }
            Happening::Accepted if self.kind == "tolerant" => {
                let matter = self.entry.item.as_ref().and_then(|id| self.loaded.case.matter(id));
                let open =
                    matter.into_iter().flat_map(|matter| matter.plan.gaps()).cloned().collect::<Vec<_>>();
                let closed = self
                    .loaded
                    .case
                    .timeline()
                    .iter()
                    .filter(|other| other.item == self.entry.item)
                    .filter_map(|other| match &other.what {
                        Happening::GapClosed(materials) => Some(materials.clone()),
                        _ => None,
                    })
                    .flatten();
                open.into_iter().chain(closed).map(|id| words::material_in(shell, edition, &id)).collect()
            }
            _ => Vec::new(),
        };
        html! { @if !points.is_empty() { ol { @for point in points { li { (point) } } } } }
    }

    /// Until when, and where to turn.
    fn after(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let limits = self
            .entry
            .item
            .as_ref()
            .and_then(|id| self.loaded.case.matter(id))
            .map(|matter| &matter.plan.limits);
        let lang = words::calendar_lang(shell);
        html! {
            @match (self.kind, limits) {
                ("accepted" | "deemed" | "tolerant", Some(limits)) => {
                    @if let Some(statutory) = limits.statutory { p { (w.with("notice-limits", &[("statutory", statutory.text(lang).into()), ("promised", limits.promised.text(lang).into())])) } }
                    @else { p { (w.with("notice-promise", &[("promised", limits.promised.text(lang).into())])) } }
                    @if let (true, Some(gap)) = (self.kind == "tolerant", limits.gap) { p { (w.with("notice-gap", &[("limit", gap.text(lang).into())])) } }
                }
                ("correction", Some(limits)) => {
                    @if let Some(limit) = limits.correction { p { (w.with("notice-correction-limit", &[("limit", limit.text(lang).into())])) } }
                    p { (w.t("notice-correction-once")) }
                }
                ("paused" | "local", _) => { p { (w.t("notice-paused-after")) } }
                _ => {}
            }
            @if matches!(self.kind, "refused" | "not-remit" | "not-required" | "changed") { (self.remedies()) }
        }
    }

    fn remedies(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let edition = &self.loaded.edition;
        let department = self.item().and_then(|item| edition.department(&item.department));
        html! {
            @for remedy in &edition.zone().remedies {
                p { @if let Some(says) = &remedy.says { (shell.say(says)) } "（" (remedy.cite) "）" }
            }
            @if let Some(organ) = department.and_then(|department| department.reconsideration.as_ref()) { p { (w.with("notice-reconsideration", &[("organ", shell.say(organ).to_owned().into())])) } }
            @if let Some(court) = department.and_then(|department| department.court.as_ref()) { p { (w.with("notice-court", &[("court", shell.say(court).to_owned().into())])) } }
        }
    }

    /// The law that the item rests on, as the pack cites it.
    fn basis(&self) -> Markup {
        let Some(item) = self.item() else { return html! {} };
        let limits = &item.limits;
        let cites: Vec<&str> = match self.kind {
            "accepted" | "deemed" | "not-required" | "not-remit" | "correction" => {
                limits.intake.basis.iter().chain(&item.basis).map(|cite| cite.cite.as_str()).collect()
            }
            "extended" => limits
                .extension
                .iter()
                .filter_map(|extension| extension.basis.as_ref())
                .map(|cite| cite.cite.as_str())
                .collect(),
            "tolerant" => item.modes.tolerance.iter().map(|mode| mode.basis.cite.as_str()).collect(),
            "granted" | "refused" => item.basis.iter().map(|cite| cite.cite.as_str()).collect(),
            _ => Vec::new(),
        };
        html! { @if !cites.is_empty() { p { (self.shell.w.with("notice-basis", &[("basis", cites.join("；").into())])) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_notice_is_signed_as_its_words() {
        let html = "<article class=\"sheet\"><h1>受理通知书</h1><p>甲&amp;乙 &lt;公司&gt;：</p><ol><li>一</li><li>二</li></ol></article>";
        assert_eq!(plain(html), "受理通知书\n甲&乙 <公司>：\n一\n二");
        assert_eq!(plain("没有结尾 <b"), "没有结尾 <b");
    }
}
