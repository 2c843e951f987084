//! Papers that the clerk has seen in the original, so that nobody need scan them.

use catalogue::MaterialId;
use maud::{Markup, html};
use office::OpenDraft;

use crate::public::ALL_PAPERS;
use crate::shell::Shell;

/// Says that the list was on the page, so that nothing ticked is told from nothing asked.
const LISTED: &str = "seen-listed";

/// What a clerk ticked on a page that had the list.
pub fn ticked(shell: &Shell, pairs: &[(String, String)]) -> Option<Vec<MaterialId>> {
    let clerk = shell.viewer.as_ref().is_some_and(|viewer| viewer.works_at_window(&shell.edition));
    let listed = pairs.iter().any(|(name, _)| name == LISTED);
    let materials = pairs.iter().filter(|(name, _)| name == "material").map(|(_, id)| id.as_str().into());
    (clerk && listed).then(|| materials.collect())
}

/// The clerk's check list of papers, for the draft's own pages. Nothing for anybody else.
pub fn seen_papers(shell: &Shell, open: &OpenDraft) -> Markup {
    let w = shell.w;
    let at_window = shell.viewer.as_ref().is_some_and(|viewer| viewer.works_at_window(&shell.edition));
    let due: Vec<(String, String)> = match open.form() {
        Ok(form) if at_window => form
            .materials()
            .iter()
            .filter(|due| due.is_asked())
            .map(|due| (due.material.id.to_string(), shell.say(&due.material.title).to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    html! {
        @if !due.is_empty() {
            // Part of the form of all papers, so that no button of the page loses what was ticked.
            section.card aria-labelledby="seen-title" {
                h2 id="seen-title" { (w.t("window-seen")) }
                input type="hidden" name="next" value=(shell.here) form=(ALL_PAPERS);
                input type="hidden" name=(LISTED) value="1" form=(ALL_PAPERS);
                p.hint { (w.t("window-seen-hint")) }
                div.choices { @for (id, title) in &due {
                    label.choice { input type="checkbox" name="material" value=(id) form=(ALL_PAPERS) checked[open.draft.seen.iter().any(|seen| seen.as_str() == id)]; span { (title) } }
                } }
                div.actions { button.button.second type="submit" form=(ALL_PAPERS) data-key="s" { (w.t("window-seen-go")) " " kbd { "Alt+S" } } }
            }
        }
    }
}
