//! The program: reads the settings and runs what they ask for.

use clap::Parser;
use snug_server::{
    admin,
    config::{Admin, Cli, Command},
    run,
};
use std::process::ExitCode;

fn main() -> ExitCode {
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
