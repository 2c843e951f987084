//! The record of what was looked at in a step: written in the language of the law, and told to whoever reads another one. What an
//! officer wrote stays in the words in which it was written.

use catalogue::{Bilingual, Edition, Item, ItemId, StepId};
use diagnostic::Lang;
use office::Checklist;

use super::Posted;
use crate::shell::Shell;

/// What a form sends, what the record says, and the text that tells it. Records are kept: their words never change.
const WAYS: [(&str, &str, &str); 2] =
    [("video", "核查方式：远程视频", "desk-by-video"), ("site", "核查方式：现场", "desk-on-site")];
const FAILED: &str = "不符合";
const UNSEEN: (&str, &str) = ("未查", "desk-check-unseen");
const VERDICTS: [(&str, &str, &str); 3] = [
    ("pass", "符合", "desk-check-pass"),
    ("fail", FAILED, "desk-check-fail"),
    ("na", "不适用", "desk-check-na"),
];
const WHY: &str = "——";

/// How the site was seen, and every point of the checklist.
pub fn write(posted: &Posted, item: Option<&Item>, step: &StepId) -> Checklist {
    let (mut lines, mut reasons) = (Vec::new(), Vec::new());
    let mut failed = 0_u8;
    let way = WAYS.iter().find(|(code, ..)| *code == posted.one("way"));
    lines.extend(way.map(|(_, line, _)| (*line).to_owned()));
    for (place, point) in checklist(item, step).iter().enumerate() {
        let sent = posted.one(&format!("check-{place}"));
        let verdict = VERDICTS.iter().find(|(code, ..)| *code == sent).map_or(UNSEEN.0, |(_, said, _)| said);
        let why = posted.one(&format!("check-{place}-why")).trim();
        let mut line = format!("{}. {}：{verdict}", place + 1, point.zh);
        if verdict == FAILED {
            failed = failed.saturating_add(1);
            if !why.is_empty() {
                line.push_str(WHY);
                line.push_str(why);
                reasons.push(why.to_owned());
            }
        }
        lines.push(line);
    }
    Checklist { record: lines.join("\n"), failed, reasons }
}

/// A record that was kept, in the reader's language.
pub fn told(shell: &Shell, edition: &Edition, item: Option<&ItemId>, step: &StepId, kept: &str) -> String {
    if shell.lang == Lang::Zh {
        return kept.to_owned();
    }
    let points = checklist(item.and_then(|item| edition.item(item)), step);
    let said = |line: &str| {
        let way = WAYS.iter().find(|(_, said, _)| *said == line);
        let way = way.map(|(.., key)| format!("{}: {}", shell.w.t("desk-way"), shell.w.t(key)));
        way.or_else(|| point(shell, points, line)).unwrap_or_else(|| line.to_owned())
    };
    kept.lines().map(said).collect::<Vec<_>>().join("\n")
}

/// A line about a point of the checklist; none for any other.
fn point(shell: &Shell, points: &[Bilingual], line: &str) -> Option<String> {
    let (number, rest) = line.split_once(". ")?;
    let point = points.get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
    let rest = rest.strip_prefix(&*point.zh)?.strip_prefix('：')?;
    let (verdict, why) = rest.split_once(WHY).map_or((rest, None), |(verdict, why)| (verdict, Some(why)));
    let known = VERDICTS.iter().map(|(_, said, key)| (*said, *key)).chain([UNSEEN]);
    let (_, key) = known.into_iter().find(|(said, _)| *said == verdict)?;
    let why = why.map(|why| format!(" – {why}")).unwrap_or_default();
    Some(format!("{number}. {}: {}{why}", point.en, shell.w.t(key)))
}

fn checklist<'a>(item: Option<&'a Item>, step: &StepId) -> &'a [Bilingual] {
    item.and_then(|item| item.step(step)).map(|step| step.checklist.as_slice()).unwrap_or_default()
}
