//! What the window can ask for about shortcuts.

use super::Shortcuts;
use snug_ipc::shortcuts::{ShortcutCommand, ShortcutUpdate};
use tauri::{State, ipc::Channel};

/// Tells how shortcuts are, all of it first and then what changes.
#[tauri::command]
pub(crate) async fn attach_shortcuts(shortcuts: State<'_, Shortcuts>, told: Channel<ShortcutUpdate>) -> crate::commands::Told<()> {
    let tell = move |update| {
        if let Err(error) = told.send(update) {
            tracing::debug!(%error, "the window is gone");
        }
    };
    shortcuts.attach(tell).await;
    Ok(())
}

/// Sets something about shortcuts.
#[tauri::command]
pub(crate) async fn shortcuts(shortcuts: State<'_, Shortcuts>, command: ShortcutCommand) -> crate::commands::Told<()> {
    shortcuts.command(command).await;
    Ok(())
}
