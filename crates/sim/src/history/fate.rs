//! The course of a case, drawn on arrival.

use crate::dice::Dice;

/// The course of a case, as far as its items allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    Plain,
    /// Asked for a correction.
    Corrected,
    /// Corrected at the counter.
    OnTheSpot,
    /// The window does not answer until silence counts as acceptance.
    Silent,
    Refused,
    NotRequired,
    NotOurs,
    Withdrawn,
    Extended,
    /// Slower than promised.
    Late,
}

/// How the people of one case behave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub course: Course,
    /// Share of the promised time that the departments take.
    pub speed: f64,
    /// The applicant supplies what is asked for.
    pub supplies: bool,
    /// The applicant does the applicant's own steps.
    pub confirms: bool,
    pub rates: bool,
    /// An overdue case is explained in public.
    pub explains: bool,
    /// The applicant writes a message.
    pub writes: bool,
    /// What the report complains of is corrected by a new edition.
    pub mends: bool,
    /// The applicant chooses to promise, or to bring papers later, where that is offered.
    pub chooses_modes: bool,
}

const COURSES: [(Course, u32); 10] = [
    (Course::Plain, 62),
    (Course::Corrected, 10),
    (Course::OnTheSpot, 3),
    (Course::Silent, 3),
    (Course::Refused, 5),
    (Course::NotRequired, 1),
    (Course::NotOurs, 1),
    (Course::Withdrawn, 3),
    (Course::Extended, 5),
    (Course::Late, 4),
];

impl Fate {
    pub fn draw(dice: &mut Dice) -> Self {
        let course = COURSES[dice.weighted(&COURSES.map(|(_, weight)| weight))].0;
        let speed = match course {
            Course::Late => dice.between(1.3, 1.9),
            Course::Extended => dice.between(0.9, 1.3),
            _ => dice.between(0.15, 0.7),
        };
        Self {
            course,
            speed,
            supplies: dice.chance(0.85),
            confirms: dice.chance(0.93),
            rates: dice.chance(0.65),
            explains: dice.chance(0.5),
            writes: dice.chance(0.1),
            mends: false,
            chooses_modes: dice.chance(0.35),
        }
    }

    /// An ordinary course, in which everything is done in time.
    pub fn plain() -> Self {
        Self {
            course: Course::Plain,
            speed: 0.4,
            supplies: true,
            confirms: true,
            rates: true,
            explains: true,
            writes: false,
            mends: false,
            chooses_modes: false,
        }
    }
}
