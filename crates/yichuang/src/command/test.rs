//! `yichuang test`: runs the dated stories of a pack, or a seed of its zone on a failing store.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use catalogue::{Edition, Story};
use diagnostic::Lang;
use serde::Serialize;

use crate::command::serve::runtime;
use crate::command::{Format, Language, print_json};
use crate::pack;

#[derive(Debug, clap::Args)]
pub struct Test {
    /// The pack's folder; the built-in zone when left out.
    dir: Option<PathBuf>,
    /// Only stories whose file contains this.
    #[arg(long)]
    only: Option<String>,
    /// Instead of the stories, play this seed of the zone while commits fail, nodes crash and clocks jump; exits 1 when
    /// the journal does not say what was acknowledged.
    #[arg(long)]
    seed: Option<u64>,
    /// How many steps of a seed are played.
    #[arg(long, default_value_t = 400, requires = "seed")]
    steps: u32,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// A story and what came of it.
#[derive(Debug, Serialize)]
pub struct Told {
    file: String,
    title: String,
    pub passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl Test {
    pub fn run(self) -> Result<ExitCode> {
        let files = pack::files(self.dir.as_deref())?;
        let lang: Lang = self.lang.into();
        let compiled = checker::compile(&files);
        let Some(edition) = &compiled.edition else {
            eprint!("{}", crate::command::check::text(&compiled, lang, false));
            bail!("the pack has errors; mend them before its stories can be played");
        };
        if let Some(seed) = self.seed {
            return self.play_seed(edition, seed);
        }
        let wanted = |file: &str| self.only.as_ref().is_none_or(|only| file.contains(only.as_str()));
        let stories: Vec<_> = compiled.stories.iter().filter(|story| wanted(&story.file)).cloned().collect();
        let told = play(edition, &stories, lang)?;
        let failed = told.iter().filter(|story| !story.passed).count();
        match self.format {
            Format::Json => print_json(&told)?,
            Format::Text => print!("{}", text(&told, lang)),
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Test {
    fn play_seed(&self, edition: &Edition, seed: u64) -> Result<ExitCode> {
        let played = runtime()?.block_on(sim::faults::play(edition, self.steps, seed));
        let report = played.map_err(|error| anyhow::anyhow!("seed {seed}: {error}"))?;
        for wrong in &report.wrong {
            println!("{wrong}");
        }
        println!(
            "seed {seed}: {} cases, {} acts, {} repeated, {} intrusions, {} faults, {} crashes, {} editions; {} wrong",
            report.cases,
            report.acts,
            report.repeated,
            report.intrusions,
            report.faults,
            report.crashes,
            report.published,
            report.wrong.len()
        );
        Ok(if report.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Plays the stories and tells what came of each.
pub fn play(edition: &Edition, stories: &[Story], lang: Lang) -> Result<Vec<Told>> {
    let differ = runtime()?.block_on(sim::stories::differing(edition, stories));
    let told = stories.iter().map(|story| {
        let mismatch = differ.iter().find(|mismatch| mismatch.file == story.file);
        Told {
            file: story.file.clone(),
            title: story.title.clone(),
            passed: mismatch.is_none(),
            line: mismatch.map(|mismatch| mismatch.line),
            message: mismatch.map(|mismatch| mismatch.message.get(lang).to_owned()),
        }
    });
    Ok(told.collect())
}

/// A line for each story that differs, and how many do.
pub fn text(told: &[Told], lang: Lang) -> String {
    let mut text = String::new();
    for story in told.iter().filter(|story| !story.passed) {
        let (line, message) = (story.line.unwrap_or(1), story.message.as_deref().unwrap_or_default());
        text.push_str(&format!("{}:{line}: {message}\n", story.file));
    }
    let (all, failed) = (told.len(), told.iter().filter(|story| !story.passed).count());
    text.push_str(&match lang {
        Lang::Zh => format!("{all} 个故事，{failed} 个与事项包不符。\n"),
        Lang::En => format!("{all} stories, {failed} differ from the pack.\n"),
    });
    text
}
