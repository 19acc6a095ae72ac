//! The one window.

use crate::{nearby::Nearby, servers::Servers, shortcuts::Shortcuts, voice::Voice};
use std::sync::Arc;
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{NewWindowResponse, PageLoadEvent},
};

/// The window's name, as capabilities name it.
pub(crate) const MAIN: &str = "main";

/// Opens it.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let handle = app.clone();
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Snug")
        .inner_size(1_280.0, 800.0)
        .min_inner_size(360.0, 480.0)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(move |_, page| {
            // Whoever listened is gone.
            if page.event() == PageLoadEvent::Started {
                handle.state::<Arc<Servers>>().sockets().close_all();
                handle.state::<Nearby>().unwatch_all();
                handle.state::<Voice>().detach();
                handle.state::<Shortcuts>().detach();
            }
        })
        .build()
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
