//! `cargo run -p xtask`: prints what in the tree breaks the house style. The same checks run as tests.

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
