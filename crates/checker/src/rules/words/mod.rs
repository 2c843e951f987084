//! Y8: what people read and search for.

rules! {
    pack { one_title_twice, home_place_twice, language_mixed_up }
}
