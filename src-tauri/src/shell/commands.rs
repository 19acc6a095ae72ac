//! What the window asks of what is around it.

use super::{Shell, opener};
use crate::{commands::Told, failure::Problem, servers::EntryId};
use snug_ipc::{
    failure::Code,
    shell::{self as wire, Note, NoteTold, ShellSettings, ShellUpdate, TrayState},
};
use snug_protocol::ChannelId;
use std::sync::Arc;
use tauri::{State, WebviewWindow, ipc::Channel};

type Here<'a> = State<'a, Arc<Shell>>;

/// Tells what people do outside of the window.
#[tauri::command]
pub(crate) async fn attach_shell(here: Here<'_>, told: Channel<ShellUpdate>) -> Told<()> {
    here.attach(move |update| {
        if let Err(error) = told.send(update) {
            tracing::debug!(%error, "the window is gone");
        }
    });
    Ok(())
}

/// Shows how one is in the tray, and in the dock.
#[tauri::command]
pub(crate) async fn tell_tray(here: Here<'_>, state: TrayState) -> Told<()> {
    here.show(state).await;
    Ok(())
}

/// Tells of a message by the system's notifications.
#[tauri::command]
pub(crate) async fn tell_note(here: Here<'_>, note: Note) -> Told<NoteTold> {
    if EntryId::parse(&note.account).is_none() {
        return Err(Problem::new(Code::Unknown, "There is no such server"));
    }
    Ok(here.tell(note).await)
}

/// Takes back what was told of a channel: it was read.
#[tauri::command]
pub(crate) async fn withdraw_notes(here: Here<'_>, account: EntryId, channel: ChannelId) -> Told<()> {
    here.withdraw(&account, channel).await;
    Ok(())
}

/// Opens a link of a message in the system's browser.
#[tauri::command]
pub(crate) async fn open_link(window: WebviewWindow, link: String) -> Told<()> {
    let url = opener::checked(&link)?;
    Ok(opener::open(&window, url).await?)
}

/// How the app stands on this computer.
#[tauri::command]
pub(crate) async fn shell(here: Here<'_>) -> Told<wire::Shell> {
    Ok(here.describe())
}

/// Changes what is set for it.
#[tauri::command]
pub(crate) async fn set_shell(here: Here<'_>, settings: ShellSettings) -> Told<()> {
    here.set(settings).map_err(|error| Problem::new(Code::Failed, format!("The settings cannot be written: {error}")))
}
