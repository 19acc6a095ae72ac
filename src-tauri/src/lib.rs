//! The Linux desktop app: a thin shell around the web app and the engine.
//!
//! The window shows the web app that is bundled, and nothing else ever. It reaches servers through [`servers`], never by itself: so
//! a server's certificate can be compared and pinned, secrets stay out of the window, and no page from elsewhere is ever near them.

mod about;
mod commands;
mod display;
mod failure;
mod log;
pub mod nearby;
mod pictures;
pub mod servers;
pub mod shell;
pub mod shortcuts;
pub mod updates;
mod voice;
mod window;

pub use failure::Problem;

use nearby::Nearby;
use servers::Servers;
use shell::{
    Entered, Shell,
    autostart::{self, Autostart},
    settings::Settings,
};
use shortcuts::{Shortcuts, Surroundings};
use snug_engine::transport::Stack;
use snug_ipc::voice::VoiceCommand;
use std::{env, error::Error, path::Path, process::ExitCode, sync::Arc};
use tauri::{AppHandle, Manager, RunEvent};
use updates::{Updates, Way};
use voice::Voice;

/// Runs the app until it is quit.
pub fn run() -> ExitCode {
    log::start();
    let entered = match tauri::async_runtime::block_on(shell::enter()) {
        Ok(Some(entered)) => entered,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => return failed(&error),
    };
    let context = tauri::generate_context!();
    if let Err(error) = display::open(&context.config().identifier) {
        eprintln!("snug: {error}.\nWhat helps: {}", error.hint());
        return ExitCode::FAILURE;
    }
    let shown = !entered.start.hidden;
    let app = tauri::Builder::default()
        .plugin(window::keeper())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .setup(move |app| {
            // An error would be a panic here.
            if let Err(error) = window::open(app.handle(), shown) {
                failed(&error);
                app.handle().exit(1);
            }
            Ok(())
        })
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::answer)
        .invoke_handler(tauri::generate_handler![
            commands::servers,
            commands::find_server,
            commands::add_server,
            commands::know_server,
            commands::pin_server,
            commands::remove_server,
            commands::order_servers,
            commands::ask,
            commands::watch_nearby,
            commands::unwatch_nearby,
            about::about,
            commands::attach_voice,
            commands::voice,
            commands::connect,
            commands::send,
            commands::close,
            shell::commands::attach_shell,
            shell::commands::tell_tray,
            shell::commands::tell_note,
            shell::commands::withdraw_notes,
            shell::commands::open_link,
            shell::commands::shell,
            shell::commands::set_shell,
            shortcuts::commands::attach_shortcuts,
            shortcuts::commands::shortcuts,
            updates::commands::updating,
            updates::commands::check_update,
            updates::commands::install_update,
            updates::commands::start_updated,
        ])
        .build(context);
    let app = match app {
        Ok(app) => app,
        Err(error) => return failed(&error),
    };
    if let Err(error) = furnish(app.handle(), entered) {
        return failed(&*error);
    }
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            end(app);
        }
    });
    ExitCode::SUCCESS
}

/// Puts into the app what the window works with, before there is one.
fn furnish(app: &AppHandle, entered: Entered) -> Result<(), Box<dyn Error>> {
    let folder = app.path().app_data_dir()?;
    let autostart = Autostart::new(&app.path().config_dir()?, autostart::program()?);
    app.manage(Arc::new(Servers::open(&folder)?));
    app.manage(Voice::start(Stack::default())?);
    app.manage(Nearby::default());
    app.manage(Shell::start(app, entered, Settings::open(folder.join("shell.json"), autostart)));
    app.manage(shortcuts(app, &folder));
    app.manage(updates(app));
    Ok(())
}

/// Gives back what others may wait for: the process ends without dropping anything.
fn end(app: &AppHandle) {
    tauri::async_runtime::block_on(app.state::<Shortcuts>().end());
    app.state::<Voice>().end();
    app.state::<Updates>().start();
}

fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("snug: {error}");
    ExitCode::FAILURE
}

fn updates(app: &AppHandle) -> Updates {
    let updates = Updates::new(Way::of(app, env::var(updates::VARIABLE).ok().as_deref()));
    let status = updates.status(app);
    tracing::info!(version = status.version, updates = ?status.way, "Snug starts");
    updates
}

/// Keys that work from anywhere: talking goes to the engine at once.
fn shortcuts(app: &AppHandle, folder: &Path) -> Shortcuts {
    let surroundings = Surroundings::of_process(&app.config().identifier);
    let handle = app.clone();
    let hold = move |on| {
        if let Err(error) = handle.state::<Voice>().command(VoiceCommand::Hold { on }) {
            tracing::error!(%error, "the key for talking");
        }
    };
    tauri::async_runtime::block_on(async { Shortcuts::start(&folder.join("shortcuts.json"), surroundings, hold) })
}
