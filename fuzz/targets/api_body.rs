//! Anybody's bytes as the body of an operation of the interface for programs: never our own fault, and what is refused is
//! told as a problem that programs can read. The first byte chooses the operation; the second who asks, and from 128 on
//! with a key by which what was asked before is known again.

#![no_main]

use std::cell::RefCell;

use fuzz::site::Site;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// Inputs after which the zone starts anew, so that what earlier ones left behind does not fill the memory.
const INPUTS_MAX: u32 = 4_000;

struct Zone {
    runtime: Runtime,
    site: Site,
    inputs: u32,
}

impl Zone {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let site = runtime.block_on(Site::new());
        Self { runtime, site, inputs: 0 }
    }
}

thread_local! {
    static ZONE: RefCell<Option<Zone>> = const { RefCell::new(None) };
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let [which, who, body @ ..] = input else { return };
    ZONE.with_borrow_mut(|zone| {
        if zone.as_ref().is_some_and(|zone| zone.inputs >= INPUTS_MAX) {
            *zone = None;
        }
        let zone = zone.get_or_insert_with(Zone::new);
        zone.inputs += 1;
        let site = &zone.site;
        let operation = &site.operations[usize::from(*which) % site.operations.len()];
        let person = &site.people[usize::from(*who & 0x7f) % site.people.len()];
        let key = (*who >= 0x80).then_some("once");
        let (method, path) = (operation.method.clone(), operation.path.as_str());
        let answer = zone.runtime.block_on(site.send(method, path, person, key, body.to_vec()));
        let told = || format!("{operation:?} {}: {}", answer.status, String::from_utf8_lossy(&answer.bytes));
        assert!(answer.status < 500, "{}", told());
        if answer.status >= 400 {
            assert_eq!(answer.kind, "application/problem+json", "{}", told());
            let problem: Value = serde_json::from_slice(&answer.bytes).expect("a problem is JSON");
            assert_eq!(problem["status"], answer.status, "{}", told());
            assert!(problem["code"].as_str().is_some_and(|code| !code.is_empty()), "{}", told());
        }
    });
});
