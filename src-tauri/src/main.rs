//! The program: see [`snug_desktop`].

use std::process::ExitCode;

fn main() -> ExitCode {
    snug_desktop::run()
}
