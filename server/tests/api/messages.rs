//! Messages.

mod history;
mod marks;
mod writing;
