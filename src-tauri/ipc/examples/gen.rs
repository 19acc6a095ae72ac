//! Writes the TypeScript types of the window's side into the folder given. `scripts/gen` calls it.

use snug_ipc::{failure::IpcError, server::*, shell::*, shortcuts::*, stats::About, update::*, voice::*};
use std::{env, error::Error, path::PathBuf};
use ts_rs::{Config, TS};

macro_rules! export {
    ($config:expr; $($name:ty)*) => { $( <$name as TS>::export_all($config)?; )* };
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("name the folder to write to")?);
    let config = Config::new().with_out_dir(&folder).with_large_int("number");
    export! { &config; IpcError Servers FoundServer Answer SocketEvent NearbyServer VoiceCommand VoiceUpdate ShellUpdate TrayState Note NoteTold Shell ShortcutCommand ShortcutUpdate About Updating CheckedUpdate UpdateProgress }
    Ok(())
}
