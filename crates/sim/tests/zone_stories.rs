//! Every story of the shipped zone comes out as written.

mod zone;

use diagnostic::Lang;

#[tokio::test]
async fn every_story_of_the_shipped_zone_holds() {
    let compiled = zone::compiled();
    let edition = compiled.edition.expect("the shipped zone compiles");
    assert!(compiled.stories.len() >= edition.parts().items.len(), "every item has its story");
    let mut wrong = Vec::new();
    for story in &compiled.stories {
        if let Err(mismatch) = sim::stories::play(&edition, story).await {
            wrong.push(mismatch.text(Lang::En));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} stories differ:\n{}",
        wrong.len(),
        compiled.stories.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn a_story_that_is_wrong_is_told_with_its_line() {
    let compiled = zone::compiled();
    let edition = compiled.edition.expect("the shipped zone compiles");
    let mut told = 0;
    for story in &compiled.stories {
        let mut story = story.clone();
        let day = story.events.iter_mut().find_map(|event| match &mut event.act {
            catalogue::StoryAct::Expect(expected) => {
                expected.promised_on.as_mut().map(|day| (event.line, day))
            }
            _ => None,
        });
        let Some((line, day)) = day else { continue };
        *day = day.tomorrow().expect("a day in our century has a next");
        let mismatch = sim::stories::play(&edition, &story).await.expect_err("a promise that is a day off");
        assert_eq!((mismatch.line, mismatch.file.as_str()), (line, story.file.as_str()), "{mismatch}");
        told += 1;
    }
    assert!(told > 3, "{told}");
}
