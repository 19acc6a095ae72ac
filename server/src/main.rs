//! The program: reads the settings and runs what they ask for.

use clap::Parser;
use snug_server::{
    admin,
    config::{Admin, Cli, Command},
    run,
};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`: the milliseconds for which freed pages are kept.
const PURGE_DELAY: i32 = 15;

/// Gives freed pages back at once. Otherwise they wait for the next large allocation of the same thread, and a
/// password hash leaves 19 MiB behind in each thread that made one.
#[expect(unsafe_code, reason = "a setting of the allocator")]
fn keep_nothing() {
    // SAFETY: it sets a number, and no other thread is there yet to read it.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 0) }
}

fn main() -> ExitCode {
    keep_nothing();
    let cli = Cli::parse();
    let result = match cli.command {
        None => cli.settings.resolve().map_err(run::Failure::from).and_then(run::serve),
        Some(Command::Serve(settings)) => settings.resolve().map_err(run::Failure::from).and_then(run::serve),
        Some(Command::Admin { command: Admin::ResetPassword { username, settings } }) => {
            settings.resolve().map_err(run::Failure::from).and_then(|config| {
                let password = admin::offline::reset_password(&config.database, &username)?;
                println!("The new password of {username} is: {password}\nEvery session of theirs has ended.");
                Ok(())
            })
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("snug-server: {failure}.");
            if let Some(hint) = failure.hint() {
                eprintln!("{hint}");
            }
            ExitCode::FAILURE
        }
    }
}
