//! `yichuang form THING`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use catalogue::{FieldId, PartyKind, ThingId};
use form::{Answers, Form, Input, KnownFacts, Modes, Raw, parse_answer};
use jiff::Timestamp;

use crate::command::{Format, Language, print_json};
use crate::pack;

#[derive(Debug, clap::Args)]
pub struct FormCommand {
    /// The name of the thing.
    thing: String,
    /// A file with a JSON object of answers by field; null for one left blank.
    #[arg(long)]
    answers: Option<PathBuf>,
    #[arg(long)]
    pack: Option<PathBuf>,
    /// Apply as a natural person. Without a kind: the first to which the thing is open with these answers.
    #[arg(long, conflicts_with = "legal")]
    natural: bool,
    /// Apply as a legal person.
    #[arg(long)]
    legal: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

impl FormCommand {
    pub fn run(self) -> Result<ExitCode> {
        let edition = pack::edition(self.pack.as_deref())?;
        let Some(thing) = edition.thing(&ThingId::from(self.thing.as_str())) else {
            let known: Vec<&str> = edition.parts().things.keys().map(|id| id.as_str()).collect();
            bail!("there is no thing {:?}; the pack has {}", self.thing, known.join("、"));
        };
        let today = edition.offset().to_datetime(Timestamp::now()).date();
        let mut answers = Answers::new();
        if let Some(path) = &self.answers {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            let given: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)
                .with_context(|| format!("{} is not a JSON object", path.display()))?;
            for (name, value) in given {
                let id = FieldId::from(name.as_str());
                let Some(field) = edition.field(&id) else {
                    bail!("{}: the zone has no field {name:?}", path.display())
                };
                let raw = Raw::of_json(&value);
                match parse_answer(field, &raw, today) {
                    Ok(Some(value)) => answers.give(id, value),
                    Ok(None) => answers.leave_blank(id),
                    Err(_) => answers.keep_typed(id, raw),
                }
            }
        }
        let (known, modes) = (KnownFacts::new(), Modes::default());
        let (edition, known, answers, modes) = (&edition, &known, &answers, &modes);
        let form_of = |party| Form::new(Input { edition, thing, party, known, answers, modes, today });
        let wanted = match (self.natural, self.legal) {
            (true, _) => Some(PartyKind::Natural),
            (_, true) => Some(PartyKind::Legal),
            _ => None,
        };
        let open =
            || thing.applicants.iter().copied().find(|party| form_of(*party).closed_to_party().is_empty());
        let wanted = wanted.filter(|party| thing.applicants.contains(party)).or_else(open);
        let form = form_of(wanted.unwrap_or(thing.applicants[0]));
        let report = form.report();
        match self.format {
            Format::Json => print_json(&report)?,
            Format::Text => {
                let zh = self.lang == Language::Zh;
                let lang = self.lang.into();
                for section in form.sections() {
                    println!("{}", section.part.title(lang));
                    for question in section.questions {
                        let items: Vec<&str> = question.items.iter().map(|item| item.as_str()).collect();
                        println!("  {}  ({})", question.label.get(lang), items.join("、"));
                        for problem in &question.problems {
                            println!("    ! {}", problem.text.get(lang));
                        }
                    }
                }
                for item in form.closed_to_party() {
                    let words =
                        if zh { "不面向这类申请人" } else { "is not open to this kind of applicant" };
                    println!("! {} {words}", item.title.get(lang));
                }
                for due in form.materials() {
                    let by = due.supplied_by.as_ref().map(|by| by.name().to_owned()).unwrap_or_default();
                    println!("{} {} {by}", if zh { "材料" } else { "paper" }, due.material.title.get(lang));
                }
                if form.nothing_applies() && form.closed_to_party().is_empty() {
                    let words = if zh {
                        "! 这样回答，没有事项适用"
                    } else {
                        "! with these answers nothing applies"
                    };
                    println!("{words}");
                }
                let (separate, merged) = (report.separate, report.merged);
                let words = if zh {
                    ["分别办理", "一张表", "个问题", "份材料", "次跑动"]
                } else {
                    ["separately", "one form", " questions", " papers", " visits"]
                };
                for (name, counts) in [(words[0], separate), (words[1], merged)] {
                    println!(
                        "{name}: {}{} · {}{} · {}{}",
                        counts.questions, words[2], counts.materials, words[3], counts.visits, words[4]
                    );
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
