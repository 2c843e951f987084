//! Y8: what people read and search for.

rules! {
    item { languages_say_otherwise, steps_of_one_title }
    pack { one_title_twice, home_place_twice, language_mixed_up, feedback_for_callback }
}
