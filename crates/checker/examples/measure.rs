//! `cargo run --release -p checker --features testing --example measure -- 1000`: seconds and memory to check a generated pack.

use std::time::Instant;

fn main() {
    let items = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let pack = checker::testing::big_pack(items);
    let bytes: usize = pack.values().map(|file| file.len()).sum();
    let start = Instant::now();
    let compiled = checker::compile(&pack);
    let seconds = start.elapsed().as_secs_f64();
    assert!(compiled.edition.is_some(), "the generated pack is correct");
    assert_eq!(compiled.diagnostics.len(), 0);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    println!("check_{items}_items {seconds:.3} s");
    println!("pack_bytes {bytes} B");
    println!("{peak}");
}
