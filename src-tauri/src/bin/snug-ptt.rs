//! The command: see [`snug_ptt`]. It names nothing of the app's own crate, so that no window's libraries are loaded for it.

use std::process::ExitCode;

fn main() -> ExitCode {
    snug_ptt::main()
}
