//! The Linux desktop app: a thin shell around the web app and the engine.
//!
//! The window shows the web app that is bundled, and nothing else ever. It reaches servers through [`servers`], never by itself: so
//! a server's certificate can be compared and pinned, secrets stay out of the window, and no page from elsewhere is ever near them.

mod commands;
mod display;
mod failure;
pub mod nearby;
mod pictures;
pub mod servers;
pub mod updates;
mod voice;
mod window;

pub use failure::Problem;

use nearby::Nearby;
use servers::Servers;
use snug_engine::transport::Stack;
use std::{env, process::ExitCode, sync::Arc};
use tauri::Manager;
use updates::{Updates, Way};
use voice::Voice;

/// Runs the app until it is quit.
pub fn run() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::try_from_env("SNUG_LOG").unwrap_or_else(|_| "info".into())).init();
    let context = tauri::generate_context!();
    if let Err(error) = display::open(&context.config().identifier) {
        eprintln!("snug: {error}.\nWhat helps: {}", error.hint());
        return ExitCode::FAILURE;
    }
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_updater::Builder::new().build())
        .setup(|app| {
            let folder = app.path().app_data_dir()?;
            app.manage(Arc::new(Servers::open(&folder)?));
            app.manage(Voice::start(Stack::default())?);
            app.manage(Nearby::default());
            let updates = Updates::new(Way::of(app.handle(), env::var(updates::VARIABLE).ok().as_deref()));
            let status = updates.status(app.handle());
            tracing::info!(version = status.version, updates = ?status.way, "Snug starts");
            app.manage(updates);
            window::open(app.handle())?;
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
            commands::attach_voice,
            commands::voice,
            commands::connect,
            commands::send,
            commands::close,
            updates::updating,
            updates::check_update,
            updates::install_update,
            updates::restart_updated,
        ])
        .build(context);
    match app {
        Ok(app) => {
            app.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("snug: {error}");
            ExitCode::FAILURE
        }
    }
}
