//! `cargo run -p xtask`: prints where the tree breaks the house style. The tests check the same, and also the
//! first line of every file and glob re-exports.

mod functions;
mod tree;

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    let tree = tree::Tree::read()?;
    let findings = tree.findings();
    for finding in &findings {
        println!("{finding}");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
