//! The office: what people do, one use case at a time.
//!
//! A use case loads what it needs, lets an engine decide, appends the events and changes the rows that pages read, all
//! in one commit. It must not know HTTP, HTML or SQL, and it reads time and chance only from its [`Surroundings`].
//! Start at [`Office`]; [`Office::act`] is what most things people do to a case come down to.

mod account;
mod bounds;
mod case;
mod clock;
mod document;
mod draft;
mod edition;
mod error;
mod figures;
mod hall;
mod keeping;
mod keys;
mod lists;
mod networks;
mod office;
mod once;
mod process;
mod proof;
mod recent;
mod record;
mod recorded;
mod surroundings;
mod views;
mod vitals;
mod webhook;

pub use account::{
    AccountId, AccountRow, Again, ApiToken, Appointed, Bearer, ByIdentity, DeviceToken, Duty, Enrolment,
    Entered, Erasure, FactorSecret, Forgotten, Ground, IDLE_MINUTES, IdentityToken, NewAccount, NewToken,
    OwnSession, OwnToken, PASSWORD_CHARS_MIN, PendingToken, RECOVERY_CODES, Restricted, SESSION_HOURS,
    STAFF_PASSWORD_CHARS_MIN, Scope, SecondFactor, SessionToken, SignedIn, Standing, TOKEN_DAYS_MAX, Viewer,
    Visit, Vouched, WithinPeriod,
};
pub use bounds::{Bounds, BoundsFault, CountedBy, Enough, Making, coming_from};
pub use case::wire::{Burden, MovedDay, OfficeEvent};
pub use case::{
    Access, AccessKey, Act, By, CONSENT_DAYS_MAX, CaseId, Checklist, Colleague, Consent, Corrected,
    Correction, Done, Entrusted, LoadedCase, Looked, OpenedCase, Party, Shown, Ticked, Trace, asked_of,
    is_masked, masked, unmet,
};
pub use clock::ClockDoubt;
pub use document::{DocumentRow, NoticeText, Proof, VerifiedOnline};
pub use draft::{
    Attachment, CameFrom, Draft, DraftId, OpenDraft, ResumeCode, SeenPaper, StartDraft, Submitted, TEXT_GB,
    Upload, papers_alike, sniff,
};
pub use edition::{
    Checked, EditionUse, Mismatch, OpenCaseImpact, PACK_ARCHIVE_BYTES_MAX, Published, Rehearsed, StartFault,
};
pub use error::{Fault, NotPossible, OfficeError, Refused, Result};
pub use figures::{Counted, FigureFilter, Figures, Grouped, MatterLine, MatterList, Month, Period, Totals};
pub use hall::{
    AboutPart, AboutRead, Booked, Booking, BookingPlace, BookingView, FreeDay, HallFilter, HallForecasts,
    HallGroup, HallNumbers, HallTotals, HallsTicked, LoadedDay, OnFloor, RateVisit, Scored, TakeTicket,
    Taken, TicketAbout, TicketForecast, TicketKey, TicketLine, TicketRef, ToldReason, WindowAct,
};
pub use keeping::{DueRecord, Held, Kept};
pub use keys::{
    DerivedKeys, KeyChange, Keys, change_keys, keep_keys, kept_ring, public_ring, signed_the_newest,
};
pub use lists::{
    CaseFilter, CaseLine, CaseList, PublicReport, TrailFilter, TrailLine, Worklist, WorklistFilter,
};
pub use networks::Networks;
pub use office::{Office, Surroundings};
pub use process::{KeptLog, LOGS_MAX, OwnLog, STEP_KIND, declare, said, working_hours};
pub use proof::audit_store;
pub use record::{
    AppointmentRecord, CaseRecord, HallEvent, HallRecord, MatterRecord, Outcome, Phase, RecordedEvent,
    Records, Side, TicketRecord,
};
pub use surroundings::{Clock, Entropy};
pub use views::cases::CaseRow;
pub use views::hall::appointments::AppointmentRow;
pub use views::matters::MatterRow;
pub use views::tasks::TaskRow;
pub use vitals::{Readiness, Vitals};
pub use webhook::{
    Carried, DeliveryLine, DeliveryState, DueDelivery, Hook, HookQueue, HookSecret, NewHook, Reach, Replay,
    message_name,
};
