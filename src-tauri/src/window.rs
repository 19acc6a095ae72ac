//! The one window.

use crate::{nearby::Nearby, servers::Servers, shell::Shell, shortcuts::Shortcuts, voice::Voice};
use gtk::prelude::*;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
    plugin::TauriPlugin,
    webview::{NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::{AppHandleExt, StateFlags, WindowExt};

/// The window's name, as capabilities name it.
pub(crate) const MAIN: &str = "main";

/// A click on the tray may take the focus from the window before it is told.
const JUST_NOW: Duration = Duration::from_millis(400);

/// What is kept of it from one start to the next. Not whether it was visible: who starts the app wants to see it.
fn kept() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// Who keeps it.
pub(crate) fn keeper<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_window_state::Builder::new().with_state_flags(kept()).with_filename("window.json").build()
}

/// Opens it.
pub(crate) fn open(app: &AppHandle, shown: bool) -> tauri::Result<WebviewWindow> {
    let handle = app.clone();
    let focus = Focus::default();
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Snug")
        .inner_size(1_280.0, 800.0)
        .min_inner_size(360.0, 480.0)
        .visible(shown)
        .focused(shown)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(move |_, page| {
            // Whoever listened is gone.
            if page.event() == PageLoadEvent::Started {
                handle.state::<Arc<Servers>>().sockets().close_all();
                handle.state::<Nearby>().unwatch_all();
                handle.state::<Voice>().detach();
                handle.state::<Arc<Shell>>().detach();
                handle.state::<Shortcuts>().detach();
            }
        })
        .build()?;
    app.manage(focus.clone());
    let here = window.as_ref().window();
    window.on_window_event(move |event| match event {
        WindowEvent::Focused(false) => focus.lost(),
        WindowEvent::CloseRequested { api, .. } => {
            let shell = here.state::<Arc<Shell>>();
            if shell.stays() {
                api.prevent_close();
                noted(hide(&here));
                shell.stayed();
            }
        }
        _ => {}
    });
    Ok(window)
}

/// When the window last had the focus.
#[derive(Clone, Default)]
struct Focus(Arc<Mutex<Option<Instant>>>);

impl Focus {
    fn lost(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn was_just_now(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|lost| lost.elapsed() < JUST_NOW)
    }
}

/// Brings it before all others. `token` says which click is the reason: without one, Wayland may only mark it as wanting attention.
pub(crate) fn raise(app: &AppHandle, token: Option<String>) {
    with(app, |window| show(window, token));
}

/// Hides it from who looks at it, and brings it to who does not.
pub(crate) fn toggle(app: &AppHandle, token: Option<String>) {
    with(app, |window| {
        let seen = window.is_visible()? && !window.is_minimized()?;
        if seen && (window.is_focused()? || window.state::<Focus>().was_just_now()) { hide(window) } else { show(window, token) }
    });
}

/// Shows it to who would not find it any more, and in nobody's way.
pub(crate) fn show_lost(app: &AppHandle) {
    with(app, |window| {
        if !window.is_visible()? {
            window.minimize()?;
            window.show()?;
        }
        Ok(())
    });
}

fn show(window: &Window, token: Option<String>) -> tauri::Result<()> {
    if let Some(token) = token {
        window.gtk_window()?.set_startup_id(&token);
    }
    let hidden = !window.is_visible()?;
    window.unminimize()?;
    window.show()?;
    // Window managers put a window somewhere new when it comes back.
    if hidden {
        window.restore_state(kept() & StateFlags::POSITION)?;
    }
    window.set_focus()
}

fn hide(window: &Window) -> tauri::Result<()> {
    if let Err(error) = window.app_handle().save_window_state(kept()) {
        tracing::warn!(%error, "where the window was is not kept");
    }
    window.hide()
}

fn with(app: &AppHandle, act: impl FnOnce(&Window) -> tauri::Result<()> + Send + 'static) {
    let handle = app.clone();
    noted(app.run_on_main_thread(move || match handle.get_webview_window(MAIN) {
        Some(window) => noted(act(&window.as_ref().window())),
        None => tracing::debug!("the window is gone"),
    }));
}

fn noted(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "the window");
    }
}

/// Whether a page is the bundled app: nothing else is ever shown.
fn is_ours(url: &Url) -> bool {
    let ours = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    if !ours {
        tracing::warn!(host = url.host_str(), "a page from elsewhere is not shown");
    }
    ours
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_the_bundled_app_is_shown() {
        let ours = |url: &str| is_ours(&url.parse().unwrap());
        assert!(ours("tauri://localhost/spaces/1"));
        for strange in [
            "https://snug.example/",
            "http://localhost/",
            "tauri://evil.example/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "javascript:1",
        ] {
            assert!(!ours(strange), "{strange}");
        }
    }
}
