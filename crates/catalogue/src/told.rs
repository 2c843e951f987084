//! Ids in sentences: by the titles that an edition gives them.

use engine::{Titles, Told};

use crate::{Edition, ItemId, Lang, LineId, MaterialId, ResultId, RoleId, StepId, ThingId, WindowId};

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
    ItemId: "item", ThingId: "thing", MaterialId: "material", RoleId: "role", StepId: "step", ResultId: "result",
    LineId: "line", WindowId: "window",
}

impl Titles for Edition {
    fn title(&self, kind: &'static str, id: &str, lang: Lang) -> Option<String> {
        let mut items = self.parts().items.values();
        let title = match kind {
            "item" => self.item(&id.into())?.title.clone(),
            "thing" => self.thing(&id.into())?.title.clone(),
            "material" => self.material(&id.into())?.title.clone(),
            "role" => self.role(&id.into())?.name.clone(),
            // Steps of several items may share an id; then only the id says nothing wrong.
            "step" => {
                let mut titles = items.filter_map(|item| item.step(&id.into())).map(|step| &step.title);
                let first = titles.next()?;
                titles.all(|title| title == first).then(|| first.clone())?
            }
            "result" => items.find_map(|item| item.results.get(&ResultId::from(id)))?.title.clone(),
            "line" => self.lines().into_iter().find(|line| line.id.as_str() == id)?.name,
            "window" => self.parts().windows.get(&WindowId::from(id))?.name.clone(),
            _ => return None,
        };
        Some(title.get(lang).to_owned())
    }
}
