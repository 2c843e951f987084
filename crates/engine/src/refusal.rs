//! Refusals: a closed list for each engine with stable codes, and messages that say what to do next.

use diagnostic::Lang;
use jiff::Timestamp;

/// Why an engine refuses a command. The state is unchanged.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The stable code, by which programs tell refusals apart.
    fn code(&self) -> &'static str;

    /// The article of law that this kind of refusal comes from, if any.
    fn statute(&self) -> Option<&'static str>;

    /// What is wrong, and what to do next, in ids.
    fn message(&self, lang: Lang) -> String;

    /// As [`Refusal::message`], in titles: for people.
    fn message_in(&self, lang: Lang, titles: &dyn Titles) -> String;
}

/// The names by which people know what ids stand for.
pub trait Titles {
    /// `kind` is the id's own word for what it names, such as `item`.
    fn title(&self, kind: &'static str, id: &str, lang: Lang) -> Option<String>;
}

/// How a detail reads in a sentence of [`refusals!`](crate::refusals): by its title where titles are there, because
/// people know no ids.
pub trait Told {
    fn told(&self, lang: Lang, titles: Option<&dyn Titles>) -> String;
}

macro_rules! told_as_is {
    ($($type:ty),*) => {$(
        impl Told for $type {
            fn told(&self, _: Lang, _: Option<&dyn Titles>) -> String {
                self.to_string()
            }
        }
    )*};
}

told_as_is!(u8, u32, usize, i128, Timestamp, jiff::civil::Date);

impl<T: Told> Told for Vec<T> {
    fn told(&self, lang: Lang, titles: Option<&dyn Titles>) -> String {
        let parts: Vec<String> = self.iter().map(|part| part.told(lang, titles)).collect();
        parts.join(match lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        })
    }
}

/// Declares the closed enum `Refusal`. A line names the variant with its details, its code, the statute if there is one,
/// and the sentence in both languages: `NotGranted { item: ItemId } "not-granted" => "…{item}…", "…{item}…";`
#[macro_export]
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* $(,)? })? $code:literal $($cite:literal)? => $zh:literal, $en:literal;)*) => {
        /// Why an act is not done. The state stays as it was.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $name $({ $($field: $type),* })?,)*
        }

        impl Refusal {
            /// Every code there is: each is a contract.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name $({ $($field: _),* })? => $code,)*
                }
            }

            /// The article that the kind of refusal comes from, where it comes from one.
            pub const fn statute(&self) -> Option<&'static str> {
                match self {
                    $(Self::$name $({ $($field: _),* })? => $crate::refusals!(@cite $($cite)?),)*
                }
            }

            /// What is wrong, and what to do next, in ids.
            pub fn message(&self, lang: ::diagnostic::Lang) -> String {
                self.worded(lang, None)
            }

            /// As [`Self::message`], in titles: for people.
            pub fn message_in(&self, lang: ::diagnostic::Lang, titles: &dyn $crate::Titles) -> String {
                self.worded(lang, Some(titles))
            }

            #[allow(unused_variables, reason = "not every sentence tells every detail")]
            fn worded(&self, lang: ::diagnostic::Lang, titles: Option<&dyn $crate::Titles>) -> String {
                use $crate::Told as _;
                match self {
                    $(Self::$name $({ $($field),* })? => {
                        $($(let $field = $field.told(lang, titles);)*)?
                        match lang {
                            ::diagnostic::Lang::Zh => format!($zh),
                            ::diagnostic::Lang::En => format!($en),
                        }
                    })*
                }
            }
        }

        impl $crate::Refusal for Refusal {
            fn code(&self) -> &'static str {
                self.code()
            }

            fn statute(&self) -> Option<&'static str> {
                self.statute()
            }

            fn message(&self, lang: ::diagnostic::Lang) -> String {
                self.message(lang)
            }

            fn message_in(&self, lang: ::diagnostic::Lang, titles: &dyn $crate::Titles) -> String {
                self.message_in(lang, titles)
            }
        }

        /// For logs: the code alone, which names nobody.
        impl ::std::fmt::Display for Refusal {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl ::std::error::Error for Refusal {}
    };
    (@cite) => { None };
    (@cite $cite:literal) => { Some($cite) };
}
