//! `yichuang serve`.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use office::{Networks, NewAccount, NotPossible, Office, OfficeError, Standing};
use web::{App, Limits, Settings};

use crate::command::Language;
use crate::forgotten;
use crate::lang::{say, says};
use crate::pack;
use crate::setting::{self, Database};
use crate::zone_key::{self, Purpose};

#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The pack's folder. Left out, the edition that was published last goes on.
    #[arg(long)]
    pack: Option<PathBuf>,
    /// sqlite:PATH, or postgres://USER@HOST/DATABASE for any number of nodes
    #[arg(long, default_value = "sqlite:zone.db")]
    database: String,
    /// The file with the zone's signing secret, the same on every node; beside the database with SQLite.
    #[arg(long)]
    key: Option<PathBuf>,
    /// You have looked: this machine's clock is right, although nothing has happened for days or something happened later than
    /// now. Otherwise nothing falls due by itself.
    #[arg(long)]
    clock_confirmed: bool,
    /// Begin a new zone although a key or files of an earlier one lie there.
    #[arg(long)]
    new: bool,
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address under which people reach the zone; printed in codes on results.
    #[arg(long, value_parser = public_url)]
    public_url: Option<String>,
    /// Make the administrator who sets the zone up, with this login; the password is read from YICHUANG_ADMIN_PASSWORD.
    /// Without effect once the duties of administration are apart: then see `yichuang appoint`.
    #[arg(long)]
    administrator: Option<String>,
    /// Who must show a second factor (a code from an authenticator) to sign in.
    #[arg(long, value_enum, default_value_t = Factor::Officers)]
    second_factor: Factor,
    /// Requests that a program may make in a minute for one account; whoever comes without a token has a quarter of it.
    #[arg(long, default_value_t = 600)]
    api_requests_per_minute: u32,
    /// An internal address or network (10.20.0.0/16) to which webhooks may go; may be repeated. Others are refused.
    #[arg(long = "webhook-allow")]
    webhook_allow: Vec<String>,
    /// A proxy before this server, whose X-Forwarded-For is believed: an address, a network (10.20.0.0/16), or loopback for one
    /// on this machine; may be repeated. Nobody else is believed.
    #[arg(long = "proxy", value_name = "PROXY", value_parser = proxy)]
    proxies: Vec<String>,
    /// What people without an account may make from one address, and with one telephone, in a day (an hour for sign-ins and
    /// checks): numbers, bookings, bookings-of-phone, reports, drafts, upload-mb, accounts, sign-ins, checks; and room-mb, the
    /// free room under which their files and new drafts are refused. For example drafts=400; may be repeated.
    #[arg(long = "strangers", value_name = "NAME=AMOUNT")]
    strangers: Vec<String>,
    /// An address that many people share, such as the hall's own network or a machine that gives numbers: twenty times as much
    /// comes from there. May be repeated.
    #[arg(long = "shared", value_name = "ADDRESS")]
    shared: Vec<std::net::IpAddr>,
    /// How many connections are held at a time; whoever waits longest makes room.
    #[arg(long, default_value_t = Limits::default().connections, value_parser = connections)]
    connections: usize,
    /// Where /metrics, /ready and /health are served for those who run the zone: on this machine, or elsewhere to whoever holds
    /// the token in YICHUANG_OPERATIONS_TOKEN.
    #[arg(long)]
    operations: Option<SocketAddr>,
    /// An OpenID Connect issuer where people of the zone may sign in besides; needs --public-url. The client's secret is read
    /// from YICHUANG_OPENID_SECRET.
    #[arg(long, requires = "openid_client", requires = "public_url")]
    openid_issuer: Option<String>,
    /// How the issuer knows this server.
    #[arg(long, requires = "openid_issuer")]
    openid_client: Option<String>,
    /// The claim that holds an officer's login; without it the security administrator links accounts.
    #[arg(long, requires = "openid_issuer")]
    openid_login_claim: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Factor {
    Officers,
    Off,
}

impl From<Factor> for office::SecondFactor {
    fn from(factor: Factor) -> Self {
        match factor {
            Factor::Officers => Self::Officers,
            Factor::Off => Self::Off,
        }
    }
}

impl Serve {
    pub fn run(self) -> Result<ExitCode> {
        log_to_stderr();
        let database = Database::parse(&self.database)?;
        let allowed = office::Reach::allowing(self.webhook_allow.iter().map(String::as_str));
        let reach = allowed.map_err(|text| {
            anyhow::anyhow!("{text:?} is no address and no network; write --webhook-allow 10.20.0.0/16")
        })?;
        let bounds = bounds(&self.strangers, &self.shared)?;
        let (edition, files) = match &self.pack {
            Some(dir) => {
                let files = pack::read(dir)?;
                let compiled = checker::compile(&files);
                if compiled.edition.is_none() {
                    eprint!("{}", crate::command::check::text(&compiled, self.lang.into(), false));
                    bail!("{} has errors; nothing is served", dir.display());
                }
                (compiled.edition, Some(files))
            }
            None => (None, None),
        };
        runtime()?.block_on(async {
            zone_key::may_begin(&database, self.key.as_deref(), self.new)?;
            let store = database.begin().await?;
            let purpose = Purpose::Begin { insist: self.new };
            let secret = zone_key::secret(&database, self.key.as_deref(), &*store, purpose).await?;
            let url = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
            let office = setting::open_office(store, secret, url, self.second_factor.into(), edition).await?;
            office.set_bounds(bounds.clone());
            office.keep_keys().await?;
            sim::stories::rehearse_for(&office);
            if let Database::Sqlite(path) = &database {
                forgotten::keep_for(&office, forgotten::list_of(path)).await?;
            }
            hold_against_clock(&office, self.clock_confirmed).await?;
            if let Some(login) = &self.administrator {
                make_administrator(&office, login).await?;
            }
            let named = Networks::named(self.proxies.iter().map(String::as_str));
            let proxies = named.map_err(|text| anyhow::anyhow!("--proxy {text}"))?;
            let secure = self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
            let settings = Settings {
                openid: self.openid()?.map(Arc::new),
                secure_cookies: secure,
                pack: files,
                proxies: proxies.clone(),
                reach: reach.clone(),
                limits: Limits { connections: self.connections, ..Limits::default() },
                ..Settings::default()
            };
            let listener = listen(self.listen).await?;
            if let Some(address) = self.operations {
                serve_operations(
                    address,
                    App { office: office.clone(), settings: Arc::new(settings.clone()) },
                )
                .await?;
            }
            let told = told_to_stop();
            println!("http://{}", listener.local_addr()?);
            let programs = api::Settings {
                requests_per_minute: self.api_requests_per_minute,
                proxies,
                reach: reach.clone(),
                ..api::Settings::default()
            };
            serve(office, settings, programs, listener, told).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// The address of the zone is printed in codes: it has a scheme and a host, and nothing that a path could not follow.
fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | ':' | '[' | ']');
    let path = |sign: char| plain(sign) || matches!(sign, '/' | '_' | '~' | '%');
    if host.is_empty() || !host.chars().all(plain) || !rest.chars().all(path) {
        return Err(says(
            format!("{text:?} 不是网址：请写 https://主机 或 http://主机:端口，不带 ? 和 #"),
            format!("{text:?} is no address: give https://HOST or http://HOST:PORT, without ? and #"),
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn connections(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(says("至少要 1 个连接".into(), "at least one connection is needed".into())),
        Ok(connections) => Ok(connections),
    }
}

/// The limits for people without an account.
///
/// # Errors
/// For an unknown name, or an amount that is not a positive number.
fn proxy(text: &str) -> Result<String, String> {
    match Networks::named([text]) {
        Ok(_) if text.ends_with("/0") => Err(says(
            format!("{text:?} 是所有地址：那样谁都能自称任何地址"),
            format!("{text:?} is every address: then anybody could claim any"),
        )),
        Ok(_) => Ok(text.to_owned()),
        Err(text) => Err(says(
            format!("{text:?} 不是地址、网段（如 10.20.0.0/16）或 loopback"),
            format!("{text:?} is no address, no network (10.20.0.0/16) and not loopback"),
        )),
    }
}

/// What strangers may make.
pub fn bounds(amounts: &[String], shared: &[std::net::IpAddr]) -> Result<office::Bounds> {
    let mut bounds = office::Bounds::default();
    for amount in amounts {
        if let Err(office::BoundsFault(text)) = bounds.set(amount) {
            let usual: Vec<String> =
                bounds.amounts().map(|(name, amount)| format!("{name}={amount}")).collect();
            let usual = usual.join(" ");
            bail!(
                "{}",
                says(
                    format!("--strangers {text:?} 不对；可以写（这里是平常的值）：{usual} room-mb=1024"),
                    format!("--strangers takes no {text:?}; usual values are: {usual} room-mb=1024"),
                )
            );
        }
    }
    shared.iter().for_each(|address| bounds.share(*address));
    Ok(bounds)
}

impl Serve {
    /// The OpenID Connect provider; `None` when no issuer is named.
    fn openid(&self) -> Result<Option<openid::Provider>> {
        let (Some(issuer), Some(client), Some(url)) =
            (&self.openid_issuer, &self.openid_client, &self.public_url)
        else {
            return Ok(None);
        };
        Ok(Some(openid::Provider::new(openid::Settings {
            issuer: issuer.clone(),
            client: client.clone(),
            secret: std::env::var("YICHUANG_OPENID_SECRET").ok().filter(|secret| !secret.is_empty()),
            back: format!("{}/sign-in/openid/back", url.trim_end_matches('/')),
            login_claim: self.openid_login_claim.clone(),
        })?))
    }
}

/// Holds the timers when the clock looks far off: it would deem everything accepted by silence, and erase
/// records too early.
async fn hold_against_clock(office: &Office, confirmed: bool) -> Result<()> {
    if confirmed {
        office.confirm_clock().await?;
    } else if let Some(doubt) = office.clock_doubt().await? {
        office.hold_timers();
        let (now, latest) = match doubt {
            office::ClockDoubt::Behind { latest } | office::ClockDoubt::Ahead { latest } => {
                (office.now(), latest)
            }
        };
        tracing::error!(
            %now,
            %latest,
            "this machine's clock is far from what happened last: nothing falls due by itself. Set the clock, or start \
             again with --clock-confirmed if it is right"
        );
    }
    Ok(())
}

async fn make_administrator(office: &Office, login: &str) -> Result<()> {
    let password = std::env::var("YICHUANG_ADMIN_PASSWORD").context(say(
        "请在环境变量 YICHUANG_ADMIN_PASSWORD 里给出管理员的密码",
        "give the administrator's password in YICHUANG_ADMIN_PASSWORD",
    ))?;
    if office.duties_apart().await? {
        return Ok(());
    }
    let new = NewAccount {
        login: login.to_owned(),
        password,
        name: login.to_owned(),
        phone: String::new(),
        standing: Standing::Administrator,
        roles: Vec::new(),
    };
    match office.open_account(new, "system").await {
        Ok(_) | Err(OfficeError::NotPossible(NotPossible::LoginTaken)) => Ok(()),
        Err(OfficeError::NotPossible(reason)) if reason.is_of_password() => {
            let told = reason.message();
            bail!(
                "{}",
                says(
                    format!("YICHUANG_ADMIN_PASSWORD：{}", told.zh),
                    format!("YICHUANG_ADMIN_PASSWORD: {}", told.en)
                )
            )
        }
        Err(error) => Err(error.into()),
    }
}

/// Serves the operations pages until the process ends.
async fn serve_operations(address: SocketAddr, app: App) -> Result<()> {
    let token = std::env::var("YICHUANG_OPERATIONS_TOKEN").ok().filter(|token| !token.is_empty());
    if token.is_none() && !address.ip().is_loopback() {
        bail!(
            "{address} can be reached from elsewhere: give a token in YICHUANG_OPERATIONS_TOKEN, or listen on 127.0.0.1"
        );
    }
    let listener = listen(address).await?;
    println!("http://{}/metrics", listener.local_addr()?);
    let limits = Limits { connections: 32, ..Limits::default() };
    tokio::spawn(async move {
        // These connections do not count as the public's.
        let uncounted = web::Metrics::default();
        web::serve(listener, web::operations(app, token), limits, &uncounted, std::future::pending()).await
    });
    Ok(())
}

/// # Errors
/// When the address cannot be bound.
pub async fn listen(address: SocketAddr) -> Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address).await.with_context(|| {
        says(
            format!("不能在 {address} 上监听；请用 --listen 换一个地址"),
            format!("{address} cannot be listened on; choose another with --listen"),
        )
    })
}

/// Serves until `told` completes, and finishes requests under way.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    office: Office,
    settings: Settings,
    programs: api::Settings,
    listener: tokio::net::TcpListener,
    told: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    serve_with_timers_after(std::future::ready(()), office, settings, programs, listener, told).await
}

/// As [`serve`], but timers do not run before `ready`.
///
/// # Errors
/// When the listener fails.
pub async fn serve_with_timers_after(
    ready: impl Future<Output = ()> + Send + 'static,
    office: Office,
    settings: Settings,
    programs: api::Settings,
    listener: tokio::net::TcpListener,
    told: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let (clocked, last) = (office.clone(), office.clone());
    let timers = tokio::spawn(async move {
        ready.await;
        // Hall forecasts are learnt from past days, so they start when these are complete.
        tokio::join!(run_timers(clocked.clone()), clocked.follow_halls());
    });
    let following = tokio::spawn(follow_editions(office.clone()));
    // Pages that listen for changes would otherwise keep the server from stopping.
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let limits = Limits { proxies: settings.proxies.clone(), ..settings.limits.clone() };
    let metrics = settings.metrics.clone();
    let programs = api::Api::new(office.clone(), programs);
    let webhooks = tokio::spawn(api::carry_webhooks(office.clone(), programs.settings.reach.clone()));
    let interface = Some(Arc::new(api::described(&programs)));
    let programs = web::for_programs(api::router(programs), &settings);
    let app =
        App { office, settings: Arc::new(Settings { stopping: Some(stopping), interface, ..settings }) };
    let told = async move {
        told.await;
        stop.send_replace(true);
    };
    // The router merged last answers unknown paths; it must be that of the pages.
    let pages = programs.merge(web::router(app));
    web::serve(listener, pages, limits, &metrics, told).await?;
    sign_off(&last).await;
    timers.abort();
    following.abort();
    webhooks.abort();
    Ok(())
}

/// Runs the timers: acceptance by silence, warnings, overruns.
async fn run_timers(office: Office) {
    const EVERY: Duration = Duration::from_secs(20);
    if let Err(error) = office.sweep_views().await {
        tracing::error!(%error, "replaced rows were not cleared away");
    }
    loop {
        if office.timers_run() {
            // Before silence acts: not on a day that has moved.
            match office.move_days().await {
                Ok(0) => {}
                Ok(cases) => tracing::info!(cases, "last days moved with the calendar"),
                Err(error) => tracing::error!(%error, "last days did not move with the calendar"),
            }
            if let Err(error) = office.tick().await {
                tracing::error!(%error, "the timers did not run");
            }
            if let Err(error) = office.tick_halls().await {
                tracing::error!(%error, "the timers of the halls did not run");
            }
            match office.upkeep_is_due().await {
                Ok(true) => keep_up(&office).await,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "it could not be looked up when things were last put in order")
                }
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Hourly upkeep; the interval is kept across restarts.
async fn keep_up(office: &Office) {
    if let Err(error) = office.checkpoint().await {
        tracing::error!(%error, "no checkpoint was signed");
    }
    if let Err(error) = office.store().kv_sweep(office.now()).await {
        tracing::error!(%error, "what has expired was not forgotten");
    }
    match office.keep_no_longer().await {
        Ok(kept) if kept.erased + kept.failed > 0 => {
            tracing::info!(
                erased = kept.erased,
                held = kept.held,
                failed = kept.failed,
                "kept as long as the pack says"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%error, "records whose time is over were not erased"),
    }
    // Files without a link for a day. The day spares a file stored before the form that links it is
    // submitted.
    let yesterday = office.now() - jiff::SignedDuration::from_hours(24);
    if let Err(error) = office.store().blob_sweep(yesterday).await {
        tracing::error!(%error, "files that were let go were not removed");
    }
}

/// Signs the length of the journal when the server stops, within the time that a stop may take.
async fn sign_off(office: &Office) {
    const WITHIN: Duration = Duration::from_secs(5);
    match tokio::time::timeout(WITHIN, office.checkpoint()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "no checkpoint was signed"),
        Err(_) => tracing::error!("no checkpoint was signed in time"),
    }
}

/// Adopts editions published by other nodes within seconds.
async fn follow_editions(office: Office) {
    const EVERY: Duration = Duration::from_secs(2);
    loop {
        tokio::time::sleep(EVERY).await;
        match office.follow_edition().await {
            Ok(true) => tracing::info!("another node has published an edition"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the current edition could not be looked up"),
        }
    }
}

/// Completes on SIGINT or SIGTERM. The handlers are set at the call, not at the first poll: a reader of the
/// printed address may signal at once.
pub fn told_to_stop() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).expect("a signal handler can be set in an ordinary process");
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt()), listen(SignalKind::terminate()));
    async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

pub fn log_to_stderr() {
    log_from("info");
}

/// Logs to standard error from this level on, or as `YICHUANG_LOG` says (`warn,office=debug`); as text, or as
/// one JSON object per line with `YICHUANG_LOG_FORMAT=json`.
pub fn log_from(level: &str) {
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::prelude::*;
    let wanted = std::env::var("YICHUANG_LOG").ok().and_then(|wanted| wanted.parse::<Targets>().ok());
    let targets = wanted.or_else(|| level.parse().ok()).unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if std::env::var("YICHUANG_LOG_FORMAT").is_ok_and(|format| format == "json") {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).boxed()
    };
    // A second call, in tests, changes nothing.
    if tracing_subscriber::registry().with(lines).with(targets).try_init().is_ok() {
        // A panic's message may quote user input; its location does not.
        std::panic::set_hook(Box::new(|panic| {
            if crate::says_closed_pipe(panic) {
                std::process::exit(0);
            }
            let at = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(at, "a bug of ours: this task ends, the others go on");
        }));
    }
}
