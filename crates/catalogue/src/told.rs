//! Ids in sentences: by the titles that an edition gives them.

use engine::{Titles, Told};

use crate::{
    Edition, ItemId, ItemResult, Lang, LineId, MaterialId, ResultId, RoleId, StepId, ThingId, WindowId,
};

macro_rules! told_by_title {
    ($($type:ty: $kind:literal),* $(,)?) => {$(
        impl Told for $type {
            fn told(&self, lang: Lang, titles: Option<&dyn Titles>) -> String {
                let title = titles.and_then(|titles| titles.title($kind, self.as_str(), lang));
                title.unwrap_or_else(|| self.to_string())
            }
        }
    )*};
}

told_by_title! {
    ItemId: "item", ThingId: "thing", MaterialId: "material", RoleId: "role", ResultId: "result",
    LineId: "line", WindowId: "window",
}

/// A step by its item: steps of several items share ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOf {
    pub item: ItemId,
    pub step: StepId,
}

impl StepOf {
    pub fn new(item: &ItemId, step: &StepId) -> Self {
        Self { item: item.clone(), step: step.clone() }
    }
}

/// Stands between the ids of what belongs to an item.
const OF: char = '\u{1f}';

impl Told for StepOf {
    fn told(&self, lang: Lang, titles: Option<&dyn Titles>) -> String {
        let id = format!("{}{OF}{}", self.item, self.step);
        titles.and_then(|titles| titles.title("step-of", &id, lang)).unwrap_or_else(|| self.step.to_string())
    }
}

impl Told for ItemResult {
    fn told(&self, lang: Lang, titles: Option<&dyn Titles>) -> String {
        let id = format!("{}{OF}{}", self.item, self.result);
        titles
            .and_then(|titles| titles.title("result-of", &id, lang))
            .unwrap_or_else(|| self.result.to_string())
    }
}

impl Titles for Edition {
    fn title(&self, kind: &'static str, id: &str, lang: Lang) -> Option<String> {
        let mut items = self.parts().items.values();
        let title = match kind {
            "item" => self.item(&id.into())?.title.clone(),
            "thing" => self.thing(&id.into())?.title.clone(),
            "material" => self.material(&id.into())?.title.clone(),
            "role" => self.role(&id.into())?.name.clone(),
            "step-of" => {
                let (item, step) = id.split_once(OF)?;
                self.item(&item.into())?.step(&step.into())?.title.clone()
            }
            "result-of" => {
                let (item, result) = id.split_once(OF)?;
                self.item(&item.into())?.results.get(&ResultId::from(result))?.title.clone()
            }
            "result" => items.find_map(|item| item.results.get(&ResultId::from(id)))?.title.clone(),
            "line" => self.lines().into_iter().find(|line| line.id.as_str() == id)?.name,
            "window" => self.parts().windows.get(&WindowId::from(id))?.name.clone(),
            _ => return None,
        };
        Some(title.get(lang).to_owned())
    }
}
