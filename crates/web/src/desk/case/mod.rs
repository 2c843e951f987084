//! The case on one page, and everything that this officer may do to it now.

mod acts;
mod facts;
mod forms;
mod gather;
mod history;
mod matter;
mod on_the_spot;
mod page;
mod perform;
mod receipt;

pub use gather::Desk;
pub use on_the_spot::{correct, show as correcting};
pub use page::show;
pub use perform::{act, add_paper, original, reveal};
pub use receipt::{renew, show as receipt};
