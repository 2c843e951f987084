//! Finding cases by the numbers that people type, and telling whether one has changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::case::{CaseId, LoadedCase};
use crate::error::Result;
use crate::office::Office;

/// Which case a number means. A number is given once and means the same case for ever, so what was found once needs no
/// second look; what was not found is looked for again. Two generations, as in the cache of cases.
#[derive(Debug)]
pub struct Numbers {
    generations: Mutex<Generations>,
    each_max: usize,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, CaseId>,
    old: HashMap<String, CaseId>,
}

impl Numbers {
    pub fn new(each_max: usize) -> Self {
        Self { generations: Mutex::default(), each_max }
    }

    fn get(&self, number: &str) -> Option<CaseId> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = generations.young.get(number) {
            return Some(*id);
        }
        let (number, id) = generations.old.remove_entry(number)?;
        generations.put(number, id, self.each_max);
        Some(id)
    }

    fn put(&self, number: String, id: CaseId) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.put(number, id, self.each_max);
    }
}

impl Generations {
    fn put(&mut self, number: String, id: CaseId, each_max: usize) {
        if self.young.len() >= each_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(number, id);
    }
}

impl Office {
    /// As [`Office::case_by_number`], mostly from memory. Who asks may know the number and still not see the case.
    pub async fn case_numbered(&self, number: &str) -> Result<CaseId> {
        if let Some(id) = self.inner.numbers.get(number) {
            return Ok(id);
        }
        let id = self.case_by_number(number).await?;
        self.inner.numbers.put(number.to_owned(), id);
        Ok(id)
    }
}

impl LoadedCase {
    /// How many events it rests on: with the same number of them it is the same case.
    pub fn events(&self) -> u64 {
        self.version.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn numbers_asked_for_stay_and_the_rest_is_forgotten_in_the_end() {
        let numbers = Numbers::new(10);
        let id = |n: u128| CaseId(Uuid::from_u128(n));
        for n in 0..100 {
            numbers.put(n.to_string(), id(n));
            assert_eq!(numbers.get("0"), Some(id(0)));
        }
        assert_eq!(numbers.get("99"), Some(id(99)));
        assert_eq!(numbers.get("1"), None);
        let generations = numbers.generations.lock().unwrap();
        assert!(generations.young.len() <= 10 && generations.old.len() <= 10);
    }
}
