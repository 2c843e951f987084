//! What the home page says of a hall: how long somebody who comes now would wait for what most people come for.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use catalogue::{HallId, LineId};
use diagnostic::Lang;
use hall::Day;
use maud::{Markup, PreEscaped, html};
use office::HallForecasts;
use store::Version;

use super::forecast;
use super::names::Names;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::Shell;

/// A forecast holds while nothing happens in the hall, and for a minute: it is drawn for everybody who looks meanwhile.
#[derive(Clone, Debug, Default)]
pub struct WaitsNow(Arc<RwLock<HashMap<(HallId, Lang), Told>>>);

#[derive(Clone, Debug)]
struct Told {
    version: Version,
    minute: i64,
    text: Arc<str>,
}

impl WaitsNow {
    /// `公共服务：前面 3 人 · 约等 8–15 分钟`; nothing on a day on which nothing has happened yet.
    pub async fn line(&self, app: &App, shell: &Shell, hall: &HallId) -> Result<Option<Markup>, Failure> {
        let Some(loaded) = app.office.hall_day(hall, app.office.today()).await? else { return Ok(None) };
        let (version, minute) = (loaded.version, shell.now.as_second().div_euclid(60));
        let key = (hall.clone(), shell.lang);
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let text = match kept.filter(|told| told.version == version && told.minute == minute) {
            Some(told) => told.text,
            None => {
                let forecasts = app.office.hall_forecasts(hall).await;
                let text: Arc<str> = draw(shell, &loaded.day, forecasts.as_deref()).into_string().into();
                // What the board has yet to say is asked for again at the next look.
                if forecasts.is_some() {
                    let told = Told { version, minute, text: text.clone() };
                    self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, told);
                }
                text
            }
        };
        Ok((!text.is_empty()).then(|| PreEscaped(text.to_string())))
    }
}

fn draw(shell: &Shell, day: &Day, told: Option<&HallForecasts>) -> Markup {
    let names = Names::new(shell);
    let Some(line) = wanted_most(day) else { return html! {} };
    let wait = forecast::newcomer(shell, Some(day), told, line);
    html! { @if !wait.0.is_empty() { (shell.w.with("hall-now", &[("line", names.line(line).into())])) " " (wait) } }
}

/// The line of today's tickets; before there are any, the one that most windows do.
fn wanted_most(day: &Day) -> Option<&LineId> {
    let come = |line: &LineId| day.tickets.iter().filter(|ticket| ticket.want().line == *line).count();
    let windows = |line: &LineId| {
        day.setup.windows.iter().filter(|desk| desk.skills.iter().any(|(skill, _)| skill == line)).count()
    };
    let mut lines: Vec<&LineId> =
        day.setup.lines.iter().map(|line| &line.id).filter(|line| windows(line) > 0).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((come(line), windows(line))));
    lines.first().copied()
}
