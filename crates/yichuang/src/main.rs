//! `yichuang`: one binary for the server, the pack compiler and every tool around them.

mod bench;
mod command;
mod forgotten;
mod halls;
mod lang;
mod pack;
mod progress;
mod setting;
mod zone_key;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A step allocates and frees hundreds of small blocks; SQLite's allocations come from here as well.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(name = "yichuang", version, about = "One number, one form, one window, one thing done (一窗).")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The language of what is printed.
    #[arg(long, value_enum, default_value_t, global = true)]
    lang: command::Language,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the demonstration zone with a lived-in history; prints the address and the accounts.
    Demo(command::demo::Demo),
    /// Serve a zone.
    Serve(command::serve::Serve),
    /// Make a token by which a program acts for an account; it is printed this once.
    Token(command::token::Token),
    /// Compile a pack and report every problem; exits 1 on errors.
    Check(command::check::Check),
    /// Play the dated stories of a pack; exits 1 when one comes out differently.
    Test(command::test::Test),
    /// Print the page of a checker rule.
    Explain(command::explain::Explain),
    /// Print the JSON Schema of pack files, for editors.
    Schema,
    /// Compute the one form of a thing.
    Form(command::form::FormCommand),
    /// Compute and explain a due instant.
    Deadline(command::deadline::Deadline),
    /// Check an identifier.
    Identify(command::identify::Identify),
    /// Verify a licence, notice or receipt offline.
    Verify(command::verify::Verify),
    /// Play days of a hall, and the same days with a change.
    Simulate(command::simulate::Simulate),
    /// Propose the cheapest roster that keeps a target, proved by simulation.
    Staff(command::staff::Staff),
    /// Compute all rows that people see anew from the journal.
    Rebuild(command::upkeep::Database),
    /// Check every chain of the journal; exits 1 when something was tampered with.
    Audit {
        /// A checkpoint that an earlier audit printed (`NUMBER:DIGEST`) and that must still be there.
        #[arg(long, value_name = "NUMBER:DIGEST")]
        anchor: Option<String>,
        #[command(flatten)]
        at: command::upkeep::Database,
    },
    /// The zone's public keys, and new keys in the place of the present ones.
    Keys(command::keys::KeysCommand),
    /// Erase what was kept as long as the pack says.
    Retention {
        /// Only list what is due.
        #[arg(long)]
        list: bool,
        #[command(flatten)]
        at: command::upkeep::Database,
    },
    /// Appoint a system, security or audit administrator, and print a first password.
    Appoint(command::appoint::Appoint),
    /// Copy a database while it is in use.
    Backup(command::upkeep::Backup),
    /// Move a zone into another database, chains intact.
    Migrate(command::migrate::Migrate),
    /// Write the log for process mining, or ledgers; nobody is named in it.
    Export(command::export::Export),
    /// Tell where time goes in an XES log, which ways cases take, and whether steps come as declared.
    Mine(command::mine::Mine),
    /// Measure; each line is `name value unit`.
    Bench(bench::Bench),
    /// Put a copy in the place of a database that is not in use.
    Restore(command::upkeep::Restore),
}

fn main() -> ExitCode {
    end_quietly_on_closed_pipes();
    if let Some(told) = clock_out_of_range() {
        eprintln!("yichuang: {told}");
        return ExitCode::from(2);
    }
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Demo(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Schema => command::schema::run(),
        Command::Form(command) => command.run(),
        Command::Deadline(command) => command.run(),
        Command::Identify(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Staff(command) => command.run(),
        Command::Rebuild(command) => command.rebuild(),
        Command::Audit { anchor, at } => at.audit(anchor.as_deref()),
        Command::Keys(command) => command.run(),
        Command::Retention { list, at } => at.keep(list),
        Command::Appoint(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Mine(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Restore(command) => command.run(),
    };
    match done {
        Ok(code) => code,
        // The reader has closed the pipe.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yichuang: {}", told_once(&error));
            ExitCode::from(2)
        }
    }
}

/// Ends with success when the reader of standard output closes it (`| head -1`).
fn end_quietly_on_closed_pipes() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if says_closed_pipe(panic) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// Whether a panic is that of `println!` to a closed pipe.
fn says_closed_pipe(panic: &std::panic::PanicHookInfo<'_>) -> bool {
    let text = panic.payload().downcast_ref::<String>();
    text.is_some_and(|text| text.starts_with("failed printing to stdout") && text.contains("Broken pipe"))
}

/// A message if the clock is outside the years 2026 to 2199, which only an unset clock shows; later instants
/// cannot be stored.
fn clock_out_of_range() -> Option<String> {
    const FIRST: u64 = 1_767_225_600; // 2026-01-01
    const LAST: u64 = 7_258_118_400; // 2200-01-01
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    if now.is_ok_and(|since| (FIRST..LAST).contains(&since.as_secs())) {
        return None;
    }
    Some(
        lang::say(
            "这台机器的时钟显然不对（早于 2026 年或晚于 2199 年）：请先校准时钟（NTP）",
            "this machine's clock cannot be right (before 2026 or after 2199): set it first (NTP)",
        )
        .to_owned(),
    )
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|json| json.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
    })
}

/// The error with its causes, without those that the text before already contains.
fn told_once(error: &anyhow::Error) -> String {
    let mut told = String::new();
    let lang = lang::lang().into();
    let in_words = |cause: &(dyn std::error::Error + 'static)| {
        let refusal = cause.downcast_ref::<office::OfficeError>().and_then(|refusal| refusal.message(lang));
        refusal.unwrap_or_else(|| cause.to_string())
    };
    for cause in error.chain().map(in_words) {
        if told.contains(cause.trim_end_matches('.')) {
            continue;
        }
        if !told.is_empty() {
            told.push_str(lang::say("：", ": "));
        }
        told.push_str(&cause);
    }
    told
}
