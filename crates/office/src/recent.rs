//! Values that were used lately, at most twice so many as a generation holds.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Two generations: what was not asked for while the younger filled up is forgotten.
#[derive(Debug)]
pub struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    each_max: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    pub fn new(each_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), each_max }
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.put(key, value);
        }
        self.young.get(key)
    }

    pub fn take<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.young.remove(key).or_else(|| self.old.remove(key))
    }

    pub fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.each_max && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut recent = Recent::new(2);
        for (key, value) in [(1, "a"), (2, "b"), (3, "c")] {
            recent.put(key, value);
        }
        assert_eq!(recent.get(&1), Some(&"a"));
        recent.put(4, "d");
        assert_eq!(recent.get(&2), None);
        assert_eq!(recent.get(&1), Some(&"a"));
        assert_eq!(recent.get(&4), Some(&"d"));
        assert_eq!((recent.take(&1), recent.take(&1)), (Some("a"), None));
    }

    #[test]
    fn a_newer_value_hides_an_older_one_for_good() {
        let mut recent = Recent::new(1);
        recent.put(1, "old");
        recent.put(2, "other");
        recent.put(1, "new");
        assert_eq!(recent.take(&1), Some("new"));
        assert_eq!(recent.take(&1), None);
    }
}
