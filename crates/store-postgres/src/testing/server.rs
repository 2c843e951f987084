//! Starting, stopping and crashing a server as an unprivileged user.

use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Environment variable with the folder of the server's programs, to override the newest under
/// `/usr/lib/postgresql`.
const BINARIES: &str = "YICHUANG_POSTGRES_BIN";
/// Debian's `nobody`: the server refuses to run as root.
const NOBODY: u32 = 65534;
const START_SECONDS: u64 = 30;

/// A server that listens only on a socket in its own folder. Dropping it stops the server and removes the
/// folder.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    binaries: PathBuf,
    settings: Vec<String>,
    running: Option<Child>,
}

impl Server {
    /// Creates a cluster and starts it. `settings` are like `shared_buffers=256MB`.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start; the text says what to do.
    pub fn start(settings: &[&str]) -> io::Result<Self> {
        Self::start_in(&std::env::temp_dir(), settings)
    }

    /// As [`Server::start`], on the disk of `parent`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_in(parent: &Path, settings: &[&str]) -> io::Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let binaries = binaries()?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("yichuang-pg-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))?;
        if is_root()? {
            std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        let settings = settings.iter().map(|&each| each.to_owned()).collect();
        let mut server = Self { folder, binaries, settings, running: None };
        let made = server
            .command("initdb")?
            .arg("-D")
            .arg(server.folder.join("data"))
            .args(["-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8", "-N"])
            .output()?;
        if !made.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned()));
        }
        server.start_again()?;
        Ok(server)
    }

    /// The URL of its database.
    #[must_use]
    pub fn url(&self) -> String {
        let host = self.folder.to_string_lossy().replace('%', "%25").replace('/', "%2F");
        format!("postgres://postgres@{host}/postgres")
    }

    /// The folder of its socket, for programs that take `-h`.
    #[must_use]
    pub fn host(&self) -> &Path {
        &self.folder
    }

    /// The folder of its version's programs.
    #[must_use]
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// Adds settings for the next start; of several with one name the last counts.
    pub fn set(&mut self, settings: &[&str]) {
        self.settings.extend(settings.iter().map(|&each| each.to_owned()));
    }

    /// Writes a file into its data folder that only the server can read.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn keep_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join("data").join(name);
        std::fs::write(&path, bytes)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        if is_root()? {
            std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(())
    }

    /// Starts it, and waits until it accepts commands.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> io::Result<()> {
        let log = std::fs::File::create(self.folder.join("log"))?;
        let mut command = self.command("postgres")?;
        command.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        for setting in ["listen_addresses=", "max_connections=200", "log_min_messages=warning"] {
            command.args(["-c", setting]);
        }
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        self.running = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?);
        let begun = Instant::now();
        loop {
            let ready = self
                .command("pg_isready")
                .or_else(|_| Ok::<_, io::Error>(Command::new("pg_isready")))?
                .arg("-q")
                .arg("-h")
                .arg(&self.folder)
                .status();
            // Without the client programs, the last line of the pid file tells whether the server is ready.
            let told = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            if ready.is_ok_and(|status| status.success()) || told.contains("\nready") {
                return Ok(());
            }
            let ended = self.running.as_mut().and_then(|child| child.try_wait().ok().flatten());
            if ended.is_some() || begun.elapsed() > Duration::from_secs(START_SECONDS) {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(io::Error::other(format!("the server does not start: {log}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it as a power cut would: all sessions end at once, and the log is replayed at the next start.
    ///
    /// # Errors
    /// When the signal cannot be sent.
    pub fn crash(&mut self) -> io::Result<()> {
        let Some(mut child) = self.running.take() else { return Ok(()) };
        let told = Command::new("kill").arg("-QUIT").arg(child.id().to_string()).status()?;
        if !told.success() {
            child.kill()?;
        }
        child.wait()?;
        Ok(())
    }

    fn command(&self, program: &str) -> io::Result<Command> {
        let program = self.binaries.join(program);
        if !is_root()? {
            return Ok(Command::new(program));
        }
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--pdeathsig", "QUIT"])
            .arg(program)
            .current_dir(&self.folder);
        Ok(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.crash();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> io::Result<bool> {
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}

fn binaries() -> io::Result<PathBuf> {
    if let Some(given) = std::env::var_os(BINARIES) {
        return Ok(given.into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.filter_map(|entry| {
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path().join("bin");
        folder.join("postgres").exists().then_some((number, folder))
    });
    newest.max().map(|(_, folder)| folder).ok_or_else(|| {
        io::Error::other(format!(
            "PostgreSQL is not installed: run ops/test, or name the folder of its programs in {BINARIES}"
        ))
    })
}
