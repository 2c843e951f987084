//! Every command that the project's texts name runs as it is written, or in a short form that the table names.
//!
//! Commands are taken from the `sh` blocks of the texts and from the marked words in their sentences. One without an entry
//! fails the test, and so does an entry that no text names any more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TEXTS: [&str; 13] = [
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "bench/README.md",
    "docs/accounts.md",
    "docs/api.md",
    "docs/operations.md",
    "docs/pack.md",
    "docs/postgres.md",
    "docs/glossary.md",
    "STYLE.md",
];

/// What stands in the texts, and what is run for it. `$Y` is the binary, `$D` a folder with the database `zone.db` of a
/// demonstration that was stopped, `$W` the project's folder.
const SHORT: &[(&str, &str)] = &[
    // Serving: until the address is printed.
    ("yichuang demo", "grep -q http:// $D/demo.out"),
    ("cargo run --release -p yichuang -- demo", "grep -q http:// $D/demo.out"),
    ("cargo run -p yichuang -- demo", "grep -q http:// $D/demo.out"),
    (
        "YICHUANG_ADMIN_PASSWORD='…' yichuang serve --pack zones/qingdao --database sqlite:/var/lib/yichuang/zone.db --listen 127.0.0.1:8080 --public-url https://one.example --administrator admin",
        "YICHUANG_ADMIN_PASSWORD='long enough 8' serve_a_little --pack $W/zones/qingdao --database sqlite:$D/new.db --listen 127.0.0.1:0 --public-url https://one.example --administrator admin",
    ),
    (
        "yichuang serve --pack DIR --database sqlite:PATH --listen ADDR",
        "serve_a_little --pack $W/zones/qingdao --database sqlite:$D/plain.db --listen 127.0.0.1:0",
    ),
    (
        "yichuang serve --operations 127.0.0.1:9464",
        "serve_a_little --database sqlite:$D/zone.db --listen 127.0.0.1:0 --operations 127.0.0.1:0",
    ),
    (
        "yichuang serve --second-factor officers",
        "serve_a_little --database sqlite:$D/zone.db --listen 127.0.0.1:0 --second-factor officers",
    ),
    (
        "yichuang serve --strangers NAME=AMOUNT",
        "serve_a_little --database sqlite:$D/zone.db --listen 127.0.0.1:0 --strangers drafts=400 --shared 192.0.2.1",
    ),
    // On a zone that is there.
    ("yichuang rebuild", "$Y rebuild --database sqlite:$D/zone.db"),
    ("yichuang audit", "$Y audit --database sqlite:$D/zone.db"),
    ("yichuang backup --database sqlite:… COPY", "$Y backup --database sqlite:$D/zone.db $D/copy.db"),
    ("yichuang backup --database sqlite:… 副本", "$Y backup --database sqlite:$D/zone.db $D/copy-2.db"),
    ("yichuang retention --database URL [--list]", "$Y retention --database sqlite:$D/zone.db --list"),
    ("yichuang retention --database URL", "$Y retention --database sqlite:$D/zone.db"),
    (
        "yichuang appoint system|security|audit LOGIN --database URL",
        "$Y appoint audit auditor-2 --database sqlite:$D/zone.db",
    ),
    ("yichuang appoint", "$Y appoint security security-2 --database sqlite:$D/zone.db"),
    (
        "yichuang token --login NAME --scope cases:read",
        "$Y token --login wangfang --scope cases:read --database sqlite:$D/zone.db",
    ),
    (
        "yichuang token --login 账号 --scope cases:read",
        "$Y token --login wangfang --scope cases:read --database sqlite:$D/zone.db",
    ),
    (
        "yichuang token --login NAME --scope cases:read --scope cases:act --days 90",
        "$Y token --login wangfang --scope cases:read --scope cases:act --days 90 --database sqlite:$D/zone.db",
    ),
    (
        "yichuang export --as xes|ocel|csv|xlsx --database …",
        "$Y export --as xes --database sqlite:$D/zone.db >$D/zone.xes",
    ),
    ("yichuang mine LOG.xes", "$Y mine --help >/dev/null"),
    ("yichuang mine", "$Y mine --help >/dev/null"),
    ("yichuang migrate sqlite:… postgres://…", "$Y migrate --help >/dev/null"),
    // Packs.
    ("yichuang check DIR", "$Y check $W/zones/qingdao"),
    ("yichuang check [DIR] [--stories]", "$Y check $W/zones/qingdao --stories"),
    ("yichuang check zones/<zone>", "$Y check $W/zones/qingdao"),
    ("yichuang test zones/<zone>", "$Y test $W/zones/qingdao"),
    ("yichuang explain CODE", "$Y explain Y301"),
    ("yichuang explain", "$Y explain Y202"),
    ("yichuang schema", "$Y schema >/dev/null"),
    (
        "yichuang form THING [--answers FILE]",
        "echo '{}' >$D/answers.json && $Y form 企业开办 --answers $D/answers.json >/dev/null",
    ),
    (
        "yichuang deadline --accepted DAY --days N [--pause KIND:FROM..TO] [--extend N]",
        "$Y deadline --accepted 2026-09-01 --days 10 --extend 5 >/dev/null",
    ),
    ("yichuang identify KIND VALUE", "$Y identify --help >/dev/null"),
    ("yichuang verify FILE --keys KEYS [--status LIST]", "$Y verify --help >/dev/null"),
    ("yichuang verify licence.json --keys keys --status status", "$Y verify --help >/dev/null"),
    ("curl -O https://one.example/v/keys -O https://one.example/v/status", "true"),
    ("yichuang keys list|change", "$Y keys list --help >/dev/null"),
    ("yichuang keys change", "$Y keys change --help >/dev/null"),
    ("yichuang verify", "$Y verify --help >/dev/null"),
    ("yichuang backup", "$Y backup --help >/dev/null"),
    ("yichuang simulate [--hall HALL] [--days N] [--what-if CHANGE]", "$Y simulate --days 1 >/dev/null"),
    ("yichuang simulate", "$Y simulate --days 1 >/dev/null"),
    ("yichuang staff --target \"90 % under 15 min\"", "$Y staff --help >/dev/null"),
    ("yichuang staff", "$Y staff --help >/dev/null"),
    // Measurements take minutes each.
    ("yichuang bench NAME", "$Y bench --help >/dev/null"),
    ("yichuang bench", "$Y bench --help >/dev/null"),
    ("yichuang bench steps", "$Y bench steps --help >/dev/null"),
    ("yichuang bench deadline", "$Y bench deadline --help >/dev/null"),
    ("yichuang bench condition", "$Y bench condition --help >/dev/null"),
    ("yichuang bench check", "$Y bench check --help >/dev/null"),
    ("yichuang bench pages", "$Y bench pages --help >/dev/null"),
    ("yichuang bench scale", "$Y bench scale --help >/dev/null"),
    ("yichuang bench postgres", "$Y bench postgres --help >/dev/null"),
    ("yichuang bench mine", "$Y bench mine --help >/dev/null"),
    // What builds, installs, or tries the whole for long: that it is there and can be read by its shell.
    ("ops/test", "bash -n $W/ops/test"),
    ("ops/walk", "bash -n $W/ops/walk"),
    ("ops/deny", "bash -n $W/ops/deny"),
    ("ops/fuzz", "bash -n $W/ops/fuzz"),
    ("ops/load", "bash -n $W/ops/load"),
    ("ops/seeds", "bash -n $W/ops/seeds"),
    ("ops/schemathesis", "bash -n $W/ops/schemathesis"),
    ("ops/units", "bash -n $W/ops/units"),
    ("ops/failover", "python3 $W/ops/failover --help >/dev/null"),
    ("cargo build --release --locked -p yichuang", "test -x $Y"),
    (
        "cargo run --release -p checker --features testing --example measure",
        "test -f $W/crates/checker/examples/measure.rs",
    ),
    ("cargo test -p yichuang --test attacks", "test -f $W/crates/yichuang/tests/attacks.rs"),
    ("cargo update -p NAME", "test -f $W/Cargo.lock"),
    // Needs a server of one's own name.
    (
        "curl -H \"Authorization: Bearer $TOKEN\" -H 'Accept-Language: en' https://one.example/api/v1/worklist?limit=5",
        "bash -n $W/examples/curl/worklist.sh",
    ),
    // Other machines: PostgreSQL's tests, ops/failover and ops/units do these.
    ("createuser yichuang && createdb --owner yichuang zone", "true"),
    (
        "yichuang serve --pack zones/qingdao --key /etc/yichuang/zone.key --database postgres://yichuang@db.example/zone --listen 127.0.0.1:8080",
        "$Y serve --help >/dev/null",
    ),
    (
        "yichuang migrate sqlite:zone.db postgres://yichuang@db.example/zone --key /etc/yichuang/zone.key",
        "$Y migrate --help >/dev/null",
    ),
    ("install -m 755 target/release/yichuang /usr/bin/yichuang", "test -x $Y"),
    ("install -m 644 ops/systemd/* /etc/systemd/system/", "ls $W/ops/systemd/*.service >/dev/null"),
    (
        "mkdir -p /etc/yichuang /usr/share/yichuang && cp -r zones/qingdao /usr/share/yichuang/zone",
        "mkdir -p $D/share && cp -r $W/zones/qingdao $D/share/zone",
    ),
    (
        "head -c 32 /dev/urandom > /etc/yichuang/zone.key && chmod 600 /etc/yichuang/zone.key",
        "head -c 32 /dev/urandom >$D/some.key && chmod 600 $D/some.key",
    ),
    ("cat > /etc/yichuang/a.env <<'END'", "true"),
    ("grep -E 'DATABASE|PGPASSWORD' /etc/yichuang/a.env > /etc/yichuang/audit.env", "true"),
    ("chmod 600 /etc/yichuang/*.env", "true"),
    (
        "systemctl enable --now yichuang@a yichuang-audit.timer",
        "ls $W/ops/systemd/yichuang@.service >/dev/null",
    ),
];

#[test]
fn every_command_of_the_texts_runs() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named: BTreeSet<String> = TEXTS
        .iter()
        .flat_map(|text| commands(&std::fs::read_to_string(project.join(text)).unwrap_or_default()))
        .collect();
    assert!(named.len() > 50, "{named:?}");
    let entry = |command: &str| {
        // Measurements and programs of the project's own are named with any options.
        let fits = |written: &str| {
            command == written
                || ((written.starts_with("yichuang bench ")
                    || written.starts_with("ops/")
                    || written.starts_with("cargo run --release -p checker"))
                    && command.strip_prefix(written).is_some_and(|rest| rest.starts_with(' ')))
        };
        SHORT.iter().filter(|(written, _)| fits(written)).max_by_key(|(written, _)| written.len())
    };
    let unknown: Vec<&String> = named.iter().filter(|command| entry(command).is_none()).collect();
    assert!(unknown.is_empty(), "commands without an entry: {unknown:#?}");
    let used: BTreeSet<&str> =
        named.iter().filter_map(|command| entry(command)).map(|(written, _)| *written).collect();
    let stale: Vec<&str> = SHORT
        .iter()
        .map(|(written, _)| *written)
        .filter(|written| !used.contains(written) && *written != "ops/units" && *written != "ops/walk")
        .collect();
    assert!(stale.is_empty(), "no text names these any more: {stale:#?}");

    let folder = demonstration();
    let mut failed = Vec::new();
    let scripts: BTreeSet<&str> = SHORT.iter().map(|(_, script)| *script).collect();
    for script in scripts {
        if let Err(said) = run(script, &folder, &project) {
            failed.push(format!("{script}\n    {said}"));
        }
    }
    for each in subcommands().into_iter().filter(|each| each != "help") {
        if let Err(said) = run(&format!("$Y {each} --help >/dev/null"), &folder, &project) {
            failed.push(format!("{each} --help\n    {said}"));
        }
    }
    let _ = std::fs::remove_dir_all(&folder);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Runs it, and says what it said when it failed.
fn run(script: &str, folder: &Path, project: &Path) -> Result<(), String> {
    const HELP: &str = "serve_a_little() { $Y serve \"$@\" >$D/serve.out 2>&1 & at=$!; for i in $(seq 300); do if grep -q 'http://' $D/serve.out; then kill $at; wait $at || true; return 0; fi; kill -0 $at 2>/dev/null || break; sleep 0.1; done; kill $at 2>/dev/null; cat $D/serve.out; return 1; }\n";
    let ran = Command::new("bash")
        .args(["-euc", &format!("{HELP}{script}")])
        .env("Y", env!("CARGO_BIN_EXE_yichuang"))
        .env("D", folder)
        .env("W", project)
        .stdin(Stdio::null())
        .output()
        .expect("bash runs");
    if ran.status.success() {
        return Ok(());
    }
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    Err(format!("{}: {}", ran.status, said.chars().take(600).collect::<String>()))
}

/// A folder with the database of a demonstration that ran and was stopped.
fn demonstration() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("yichuang-commands-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let start = "$Y demo --no-history --listen 127.0.0.1:0 --data $D >$D/demo.out 2>$D/demo.err & at=$!; for i in $(seq 600); do grep -q 'data in' $D/demo.out && break; sleep 0.1; done; kill $at; wait $at || true; test -f $D/zone.db";
    run(start, &folder, &folder).expect("the demonstration starts and stops");
    folder
}

fn subcommands() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_yichuang")).arg("--help").output().expect("the binary runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let lines = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let named = lines.take_while(|line| !line.trim().is_empty()).filter(|line| !line.starts_with("   "));
    let named: Vec<String> =
        named.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect();
    assert!(named.len() > 10, "{help}");
    named
}

/// Commands of the `sh` blocks and of the marked words.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut block, mut shell, mut document) = (false, false, false);
    let mut begun = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            shell = !block && line.trim() == "```sh";
            block = !block;
        } else if shell && document {
            document = line != "END";
        } else if shell {
            let line = line.split(" #").next().unwrap_or_default().trim();
            begun.push_str(line.trim_end_matches('\\'));
            if !line.ends_with('\\') && !begun.is_empty() {
                document = begun.contains("<<'END'");
                found.push(std::mem::take(&mut begun).trim().to_owned());
            }
        } else if !block {
            let marked = line.split('`').skip(1).step_by(2).map(|word| word.replace("\\|", "|"));
            let runs = |word: &String| {
                ["yichuang ", "ops/", "cargo "].iter().any(|start| word.starts_with(start))
                    && !["ops/grafana", "ops/systemd"].iter().any(|start| word.starts_with(start))
            };
            found.extend(marked.filter(runs));
        }
    }
    found
}
