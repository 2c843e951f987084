//! Which log somebody looks at, and which of its cases: what the address says.

use std::sync::Arc;

use mining::{CaseLine, Chosen, Hours, Log, Report, Stray, Strays};
use office::{KeptLog, OwnLog, Period, Viewer};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Shell, encode};
use crate::zone::period;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Our own when left out.
    pub log: String,
    pub period: String,
    pub kind: String,
    pub group: String,
    pub activity: String,
    pub way: String,
    pub corrected: String,
    pub from: String,
    pub to: String,
    pub strays: String,
    /// `clock` for all hours of the day.
    pub hours: String,
    pub page: usize,
    /// One table, as a file.
    pub table: String,
}

impl Asked {
    pub fn chosen(&self) -> Chosen {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Chosen {
            kind: some(&self.kind),
            group: some(&self.group),
            activity: some(&self.activity),
            way: some(&self.way),
            corrected: some(&self.corrected),
            follows: some(&self.from).zip(some(&self.to)),
            strays: self.strays(),
        }
    }

    /// `left:STEP`, `place:STEP`, or anything else for whatever strays.
    fn strays(&self) -> Option<Strays> {
        Some(match self.strays.split_once(':') {
            None if self.strays.is_empty() => return None,
            Some(("left", step)) => Strays::So(Stray::LeftOut(step.to_owned())),
            Some(("place", step)) => Strays::So(Stray::OutOfPlace(step.to_owned())),
            _ => Strays::Anyhow,
        })
    }

    pub fn by_the_clock(&self) -> bool {
        self.hours == "clock"
    }

    /// What narrows the cases beyond the fields of the form, each with the address without it.
    pub fn narrowed(&self) -> Vec<(&'static str, String, Self)> {
        let mut all = Vec::new();
        let mut add = |key: &'static str, value: String, without: Self| {
            if !value.is_empty() {
                all.push((key, value, without));
            }
        };
        let with = |change: fn(&mut Self)| {
            let mut other = self.clone();
            change(&mut other);
            other
        };
        add("mine-chosen-activity", self.activity.clone(), with(|asked| asked.activity.clear()));
        add("mine-chosen-way", self.way.clone(), with(|asked| asked.way.clear()));
        add("mine-chosen-corrected", self.corrected.clone(), with(|asked| asked.corrected.clear()));
        let strays = match self.strays() {
            None => ("mine-chosen-strays", String::new()),
            Some(Strays::Anyhow) => ("mine-chosen-strays", "1".to_owned()),
            Some(Strays::So(Stray::LeftOut(step))) => ("mine-chosen-left-out", step),
            Some(Strays::So(Stray::OutOfPlace(step))) => ("mine-chosen-out-of-place", step),
        };
        add(strays.0, strays.1, with(|asked| asked.strays.clear()));
        add(
            "mine-chosen-follows",
            self.from.clone(),
            with(|asked| {
                asked.from.clear();
                asked.to.clear();
            }),
        );
        all
    }

    /// The address of a page under these choices.
    pub fn address(&self, path: &str) -> String {
        let page = if self.page > 0 { self.page.to_string() } else { String::new() };
        let pairs = [
            ("log", &self.log),
            ("period", &self.period),
            ("kind", &self.kind),
            ("group", &self.group),
            ("activity", &self.activity),
            ("way", &self.way),
            ("corrected", &self.corrected),
            ("from", &self.from),
            ("to", &self.to),
            ("strays", &self.strays),
            ("hours", &self.hours),
            ("page", &page),
            ("table", &self.table),
        ];
        let given: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
    }

    /// The list of the cases for which one thing more holds.
    pub fn cases(&self, narrow: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { page: 0, table: String::new(), ..self.clone() };
        narrow(&mut other);
        other.address("/zone/process/cases")
    }
}

/// The log that is looked at.
#[derive(Clone, Debug)]
pub enum Source {
    Own(Arc<OwnLog>, Period),
    Other(KeptLog, Arc<Log>),
}

impl Source {
    pub async fn of(app: &App, asked: &Asked, viewer: &Viewer) -> Result<Self, Failure> {
        if asked.log.is_empty() {
            let period = period::parse(&asked.period, app.office.this_month())?;
            Ok(Self::Own(app.office.own_log(period, viewer).await?, period))
        } else {
            let (kept, log) = app.office.kept_log(&asked.log, viewer).await?;
            Ok(Self::Other(kept, log))
        }
    }

    pub fn log(&self) -> &Log {
        match self {
            Self::Own(own, _) => &own.log,
            Self::Other(_, log) => log,
        }
    }

    pub fn is_own(&self) -> bool {
        matches!(self, Self::Own(..))
    }

    pub fn name(&self, shell: &Shell) -> String {
        match self {
            Self::Own(_, period) => period::name(shell, *period),
            Self::Other(kept, _) => kept.file.clone(),
        }
    }

    fn hours(&self, app: &App, asked: &Asked) -> Hours {
        if asked.by_the_clock() {
            return Hours::Clock;
        }
        office::working_hours(&app.office.edition(), self.log())
    }

    /// What is told of the chosen cases. Away from the threads that answer others.
    pub async fn report(&self, app: &App, asked: &Asked) -> Result<Report, Failure> {
        let (source, chosen, hours) = (self.clone(), asked.chosen(), self.hours(app, asked));
        let told = tokio::task::spawn_blocking(move || Report::of(source.log(), &chosen, &hours)).await;
        told.map_err(|_| Failure::BadRequest)
    }

    /// A page of the chosen cases, and how many there are.
    pub async fn cases(
        &self,
        app: &App,
        asked: &Asked,
        most: usize,
    ) -> Result<(Vec<CaseLine>, u64), Failure> {
        let (source, chosen, hours) = (self.clone(), asked.chosen(), self.hours(app, asked));
        let skip = asked.page.saturating_mul(most);
        let told =
            tokio::task::spawn_blocking(move || Report::cases(source.log(), &chosen, &hours, skip, most));
        told.await.map_err(|_| Failure::BadRequest)
    }
}
