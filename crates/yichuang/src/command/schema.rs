//! `yichuang schema`.

use std::process::ExitCode;

pub fn run() -> anyhow::Result<ExitCode> {
    crate::command::print_json(&checker::schema())?;
    Ok(ExitCode::SUCCESS)
}
