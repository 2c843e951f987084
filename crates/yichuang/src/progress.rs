//! Progress of long work on standard error: a line redrawn in place on a terminal, plain lines every few
//! seconds elsewhere. Standard output stays free for results.

use std::io::{IsTerminal as _, Read, Write as _};
use std::time::{Duration, Instant};

use crate::lang::says;

/// Work shorter than this shows nothing.
const QUIET: Duration = Duration::from_millis(700);
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(3);
const WIDTH: usize = 24;

#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    all: u64,
    begun: Instant,
    /// The position when work began, so that resumed work is not measured by what was done before.
    first: Option<u64>,
    shown_at: Option<Instant>,
    terminal: bool,
    in_bytes: bool,
}

impl Progress {
    /// Progress in steps, of `all` in total.
    pub fn new(what: &'static str, all: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { what, all, begun: Instant::now(), first: None, shown_at: None, terminal, in_bytes: false }
    }

    /// Progress in bytes; the total is given along the way.
    pub fn bytes(what: &'static str) -> Self {
        Self { in_bytes: true, ..Self::new(what, 0) }
    }

    pub fn of(&mut self, done: u64, all: u64) {
        self.all = all;
        self.at(done);
    }

    pub fn at(&mut self, done: u64) {
        let first = *self.first.get_or_insert(done.min(self.all) / 64);
        let (now, every) = (Instant::now(), if self.terminal { ON_TERMINAL } else { ELSEWHERE });
        let since = self.shown_at.unwrap_or(self.begun);
        let wait = if self.shown_at.is_some() { every } else { QUIET.max(every) };
        if now.duration_since(since) < wait {
            return;
        }
        self.shown_at = Some(now);
        let left = left(self.begun.elapsed(), first, done, self.all);
        let line = line(self.what, done, self.all, self.in_bytes, left);
        let mut out = std::io::stderr().lock();
        // Failing to write progress must not stop the work.
        let _ = if self.terminal {
            write!(out, "\r{} {line}\x1b[K", bar(done, self.all)).and_then(|()| out.flush())
        } else {
            writeln!(out, "{line}")
        };
    }

    /// Removes the bar.
    pub fn done(self) {}
}

/// Also removes the bar when the work fails.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal && self.shown_at.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// A file that tells how much of it was read.
#[derive(Debug)]
pub struct Reading<R> {
    input: R,
    done: u64,
    all: u64,
    steps: Progress,
}

impl<R: Read> Reading<R> {
    pub fn new(input: R, what: &'static str, all: u64) -> Self {
        Self { input, done: 0, all, steps: Progress::bytes(what) }
    }
}

impl<R: Read> Read for Reading<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.done += read as u64;
        self.steps.of(self.done, self.all);
        Ok(read)
    }
}

fn share(done: u64, all: u64) -> u64 {
    if all == 0 { 0 } else { (u128::from(done.min(all)) * 100 / u128::from(all)) as u64 }
}

fn bar(done: u64, all: u64) -> String {
    let full = usize::try_from(share(done, all)).unwrap_or(0) * WIDTH / 100;
    format!("[{}{}]", "#".repeat(full), " ".repeat(WIDTH - full))
}

/// Remaining time at the pace so far; `None` before there is one.
fn left(elapsed: Duration, first: u64, done: u64, all: u64) -> Option<Duration> {
    let (gone, rest) = (done.checked_sub(first)?, all.checked_sub(done)?);
    if gone == 0 {
        return None;
    }
    let nanos = elapsed.as_nanos().saturating_mul(u128::from(rest)) / u128::from(gone);
    Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
}

fn line(what: &str, done: u64, all: u64, in_bytes: bool, left: Option<Duration>) -> String {
    let amount = |number: u64| if in_bytes { format!("{} MB", number >> 20) } else { number.to_string() };
    let mut line = format!("{what} {} % ({}/{})", share(done, all), amount(done), amount(all));
    if let Some(left) = left {
        let seconds = left.as_secs() + 1;
        line.push_str(&match seconds {
            0..=99 => says(format!("，约还要 {seconds} 秒"), format!(", about {seconds} s left")),
            _ => {
                let minutes = seconds.div_ceil(60);
                says(format!("，约还要 {minutes} 分钟"), format!(", about {minutes} min left"))
            }
        });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_pace_since_it_began() {
        let second = Duration::from_secs(1);
        assert_eq!(left(second * 10, 0, 50, 100), Some(second * 10));
        // Work done before a resumption took no time.
        assert_eq!(left(second * 10, 40, 50, 100), Some(second * 50));
        assert_eq!(left(second, 0, 0, 100), None);
        assert_eq!(left(second, 0, 100, 100), Some(Duration::ZERO));
    }

    #[test]
    fn a_bar_is_never_fuller_than_full() {
        assert_eq!(bar(0, 0), format!("[{}]", " ".repeat(WIDTH)));
        assert_eq!(bar(7, 4), format!("[{}]", "#".repeat(WIDTH)));
        assert_eq!(bar(1, 2).matches('#').count(), WIDTH / 2);
    }
}
