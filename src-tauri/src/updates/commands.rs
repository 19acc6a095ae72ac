//! What the window can ask for.

use super::Updates;
use crate::{commands::Told, failure::Problem, shell::Shell};
use snug_ipc::update::{CheckedUpdate, UpdateProgress, Updating};
use std::sync::Arc;
use tauri::{AppHandle, State, ipc::Channel};

/// This copy of the app, and how it is brought up to date.
#[tauri::command]
pub(crate) async fn updating(app: AppHandle, updates: State<'_, Updates>) -> Told<Updating> {
    Ok(updates.status(&app))
}

/// Looks for an update.
#[tauri::command]
pub(crate) async fn check_update(app: AppHandle, updates: State<'_, Updates>) -> Told<CheckedUpdate> {
    Ok(updates.check(&app).await?)
}

/// Installs the update that was found last, and tells how far it is.
#[tauri::command]
pub(crate) async fn install_update(updates: State<'_, Updates>, told: Channel<UpdateProgress>) -> Told<()> {
    let tell = move |progress| {
        if let Err(error) = told.send(progress) {
            tracing::debug!(%error, "the window is gone");
        }
    };
    Ok(updates.install(tell).await?)
}

/// Starts the version that was installed.
#[tauri::command]
pub(crate) async fn start_updated(app: AppHandle, updates: State<'_, Updates>, shell: State<'_, Arc<Shell>>) -> Told<()> {
    if !updates.start_at_end() {
        return Err(Problem::invalid("No update was installed"));
    }
    shell.give_way().await;
    app.exit(0);
    Ok(())
}
