//! `bench check`: how long compiling takes as a pack grows.

use std::time::Instant;

use anyhow::Result;

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Items per pack.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    items: Vec<usize>,
}

impl Check {
    pub fn run(self) -> Result<()> {
        for items in self.items {
            let files = checker::testing::big_pack(items);
            let rounds = if items <= 10_000 { 5 } else { 1 };
            let mut seconds: Vec<f64> = (0..rounds)
                .map(|_| {
                    let begun = Instant::now();
                    let compiled = checker::compile(&files);
                    assert!(compiled.edition.is_some(), "the generated pack has errors");
                    begun.elapsed().as_secs_f64()
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            super::line(&format!("check_{items}_items"), seconds[seconds.len() / 2], "s");
            super::line(&format!("check_{items}_peak_memory"), super::peak_mib(), "MiB");
        }
        Ok(())
    }
}
