//! What happened, newest first.

use maud::{Markup, html};

use super::super::{record, words};
use super::Desk;
use super::gather::clerk;
use crate::public::{acted_for, tells_again};
use crate::ui;

impl Desk<'_> {
    /// Who did it: a clerk who filled in for somebody is named, and so is an agent.
    fn by(&self, entry: &casework::TimelineEntry) -> String {
        if matches!(entry.what, casework::Happening::Submitted)
            && let Some(officer) = clerk(self.loaded).and_then(|clerk| self.names.get(clerk))
        {
            return self.shell.w.with("desk-by-window-for", &[("officer", officer.as_str().into())]);
        }
        self.actor(acted_for(self.loaded, entry).unwrap_or(entry.actor.as_str()))
    }

    /// Every line with its moment, the newest first: what the engine tells, and the originals that were looked at.
    fn told(&self) -> Vec<(jiff::Timestamp, Markup)> {
        let (shell, edition) = (self.shell, &self.loaded.edition);
        let case = &self.loaded.case;
        let entries = case
            .timeline()
            .iter()
            .filter(|entry| !tells_again(case, entry))
            .map(|entry| (entry.at, self.entry(entry)));
        let seen = |what: String, by: &str, at| {
            let line = html! { li.done { p { (shell.w.with("desk-did-see", &[("what", what.into())])) } time { (ui::date_time(shell, at)) " · " (self.actor(by)) } } };
            (at, line)
        };
        let papers = self
            .loaded
            .papers_seen()
            .map(|mark| seen(words::material_in(shell, edition, &mark.material), &mark.by, mark.at));
        let answers = self.loaded.answers_seen().map(|(field, by, at)| {
            let noun = edition.field(field).map(|field| shell.say(field.fact()).to_owned());
            seen(noun.unwrap_or_else(|| field.to_string()), by, at)
        });
        let moved = self.loaded.days_moved().map(|(at, moved)| {
            let line = html! { li {
                p { (crate::ui::moved_day(shell, moved)) " " span.quiet { "· " (words::item_in(shell, edition, moved.item.as_str())) } }
                time { (ui::date_time(shell, at)) " · " (self.actor("system")) }
            } };
            (at, line)
        });
        let mut lines: Vec<_> = entries.chain(papers).chain(answers).chain(moved).collect();
        lines.sort_by_key(|(at, _)| *at);
        lines.reverse();
        lines
    }

    fn entry(&self, entry: &casework::TimelineEntry) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let edition = &self.loaded.edition;
        html! {
            @let told = words::told(shell, self.loaded, entry.item.as_ref().map(catalogue::ItemId::as_str), &entry.what);
            li class=(told.class) {
                p { (told.what)
                    @if let Some(item) = &entry.item { " " span.quiet { "· " (words::item_in(shell, edition, item.as_str())) } }
                }
                @if let Some(reference) = told.text {
                    @match self.said(entry, reference) {
                        Some(text) => { p.prewrap { (text) } }
                        None => { p.quiet { (w.t("desk-erased")) } }
                    }
                }
                @if let casework::Happening::StepDone { officers, .. } = &entry.what {
                    @if !officers.is_empty() {
                        p.small { (w.with("desk-with-officers", &[("names", w.list(&officers.iter().map(|officer| self.actor(officer.as_str())).collect::<Vec<_>>()).into())])) }
                    }
                }
                time { (ui::date_time(shell, entry.at)) " · " (self.by(entry)) }
            }
        }
    }

    /// What an entry's text says to this reader.
    fn said(&self, entry: &casework::TimelineEntry, text: &casework::DocRef) -> Option<String> {
        match &entry.what {
            casework::Happening::StepDone { step, .. } => self.record(entry.item.as_ref(), step, text),
            _ => self.texts.get(&*text.key).cloned(),
        }
    }

    /// The record of a step, in the reader's language; none once it was erased.
    pub fn record(
        &self,
        item: Option<&catalogue::ItemId>,
        step: &catalogue::StepId,
        text: &casework::DocRef,
    ) -> Option<String> {
        let kept = self.texts.get(&*text.key)?;
        Some(record::told(self.shell, &self.loaded.edition, item, step, kept))
    }

    pub fn history(&self) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        html! {
            section.card #history aria-labelledby="history-title" {
                h2 id="history-title" { (w.t("desk-history")) }
                ol.timeline {
                    @for (_, line) in self.told() { (line) }
                }
                (self.traces())
            }
        }
    }
}
