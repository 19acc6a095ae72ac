//! Accounts: getting one, logging in, staying so, and what becomes of it.

mod administration;
mod entrance;
mod logins;
mod profile;
mod refresh;
