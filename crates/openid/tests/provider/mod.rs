//! A real provider, started for a test, and a browser that follows its redirects.

#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub const CLIENT: &str = "zone";
pub const SECRET: &str = "a secret of the zone and its provider";
pub const BACK: &str = "http://zone.test/sign-in/openid/back";

pub struct Running {
    child: Child,
    pub issuer: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the provider that `ops/test` installs; without it the test says so and passes, except in continuous
/// integration.
pub fn start() -> Option<Running> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tools = std::env::var("YICHUANG_OPENID_PROVIDER").map(PathBuf::from);
    let tools = tools.unwrap_or_else(|_| here.join("target/test-tools/oidc"));
    if !tools.join("node_modules/oidc-provider").is_dir() {
        assert!(std::env::var_os("CI").is_none(), "ops/test installs the provider that this needs");
        eprintln!("not tried: oidc-provider is not installed; ops/test does it");
        return None;
    }
    let script = here.join("crates/openid/tests/provider/provider.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .arg(tools.canonicalize().unwrap())
        .arg(BACK)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let issuer = lines.find(|line| line.starts_with("http://")).expect("the provider tells its address");
    // The provider keeps writing, and would stop if nobody read its output.
    std::thread::spawn(move || lines.for_each(drop));
    Some(Running { child, issuer })
}

impl Running {
    /// Changes the provider's behaviour: `person=…`, `spoil=…` or `rotate=1`.
    pub fn tell(&self, what: &str) {
        ureq::get(format!("{}/test?{what}", self.issuer)).call().unwrap();
    }
}

/// Follows the provider's pages from `address` until it redirects back; returns path and query of that
/// address.
pub fn walk(address: &str) -> String {
    let agent =
        ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().new_agent();
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let mut next = address.to_owned();
    let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    for _ in 0..12 {
        if let Some(back) = next.strip_prefix("http://zone.test") {
            return back.to_owned();
        }
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut answer = agent.get(&next).header("cookie", line.join("; ")).call().unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let Some(to) = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()) else {
            panic!("{next} answers {}: {}", answer.status(), answer.body_mut().read_to_string().unwrap());
        };
        next = if to.starts_with('/') { format!("{origin}{to}") } else { to };
    }
    panic!("the provider goes in circles");
}
