//! Y8: what people read and search for.

rules! {
    item { languages_say_otherwise }
    pack { one_title_twice, home_place_twice, language_mixed_up }
}
