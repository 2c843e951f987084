//! What a form sent.

use uuid::Uuid;

use crate::public::visitor::local;

/// Names and values in the order of the form.
#[derive(Clone, Debug, Default)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    /// The first value under a name; empty when there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value under a name that is not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|held| held == value)
    }

    /// The id under which the office does a command once.
    pub fn command(&self) -> Option<Uuid> {
        self.one("command").parse().ok()
    }

    /// Where to go afterwards: a path of this site, else `otherwise`.
    pub fn next(&self, otherwise: &str) -> String {
        local(self.one("next")).unwrap_or(otherwise).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_this_site_only() {
        let next = |to: &str| Posted(vec![("next".into(), to.into())]).next("/desk");
        assert_eq!(next("/desk?mine=1"), "/desk?mine=1");
        for elsewhere in ["//evil", "https://evil", "/\\evil", "", "javascript:1"] {
            assert_eq!(next(elsewhere), "/desk");
        }
    }
}
