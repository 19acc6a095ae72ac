//! The Linux desktop app: a thin shell around the web app and the engine.
//!
//! The window shows the web app that is bundled, and nothing else ever. It reaches servers through [`servers`], never by itself: so
//! a server's certificate can be compared and pinned, secrets stay out of the window, and no page from elsewhere is ever near them.

mod about;
mod commands;
mod failure;
pub mod nearby;
mod pictures;
pub mod servers;
mod voice;
mod window;

pub use failure::Problem;

use nearby::Nearby;
use servers::Servers;
use snug_engine::transport::Stack;
use std::{process::ExitCode, sync::Arc};
use tauri::Manager;
use voice::Voice;

/// Runs the app until it is quit.
pub fn run() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::try_from_env("SNUG_LOG").unwrap_or_else(|_| "info".into())).init();
    let app = tauri::Builder::default()
        .setup(|app| {
            let folder = app.path().app_data_dir()?;
            app.manage(Arc::new(Servers::open(&folder)?));
            app.manage(Voice::start(Stack::default())?);
            app.manage(Nearby::default());
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
            about::about,
            commands::attach_voice,
            commands::voice,
            commands::connect,
            commands::send,
            commands::close,
        ])
        .build(tauri::generate_context!());
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
