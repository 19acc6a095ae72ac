//! Links in messages, opened by the system's programs after a click.

use std::{io, process::Command};
use tauri::{Manager, Url, WebviewWindow};

/// The longest link, in bytes.
const LONGEST: usize = 8_000;

/// Why a link is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It leads somewhere else than to a page or an address for mail.
    #[error("only links to pages and addresses for mail are opened")]
    Link,
    /// The system does not know how.
    #[error("the system has no program that opens it")]
    System(#[source] io::Error),
    /// There is no window.
    #[error(transparent)]
    Window(#[from] tauri::Error),
}

/// What may be opened: pages, and addresses for mail that attach nothing. Never files, nor what other programs would run.
pub fn checked(link: &str) -> Result<Url, OpenError> {
    let plain = link.len() <= LONGEST && !link.chars().any(|c| c.is_control() || c.is_whitespace());
    let url: Url = link.parse().ok().filter(|_| plain).ok_or(OpenError::Link)?;
    let fine = match url.scheme() {
        "http" | "https" => url.has_host(),
        // Some programs for mail would attach whatever file is named.
        "mailto" => !url.query_pairs().any(|(key, _)| key.to_ascii_lowercase().starts_with("attach")),
        _ => false,
    };
    if fine { Ok(url) } else { Err(OpenError::Link) }
}

/// Opens it.
pub(crate) async fn open(window: &WebviewWindow, url: Url) -> Result<(), OpenError> {
    let (told, tells) = tokio::sync::oneshot::channel();
    let above = window.clone();
    // By the toolkit first: it lets the browser take the focus, which Wayland allows to nobody else.
    window.app_handle().run_on_main_thread(move || {
        let shown = above.gtk_window().map(|above| gtk::show_uri_on_window(Some(&above), url.as_str(), gtk::current_event_time()));
        if told.send((matches!(shown, Ok(Ok(()))), url)).is_err() {
            tracing::debug!("nobody waits for the browser any more");
        }
    })?;
    match tells.await {
        Ok((true, _)) => Ok(()),
        Ok((false, url)) => by_script(&url),
        Err(_) => Err(OpenError::System(io::ErrorKind::Interrupted.into())),
    }
}

/// Desktops that GLib does not know have a script for it.
fn by_script(url: &Url) -> Result<(), OpenError> {
    let mut child = Command::new("xdg-open").arg(url.as_str()).spawn().map_err(OpenError::System)?;
    // It may live as long as the browser does.
    tauri::async_runtime::spawn_blocking(move || match child.wait() {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::warn!(%status, "xdg-open could not open a link"),
        Err(error) => tracing::warn!(%error, "xdg-open"),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn pages_and_addresses_for_mail_are_opened() {
        for fine in ["https://snug.example/a?b#c", "http://192.0.2.7:7070/", "HTTPS://snug.example", "mailto:ilse@snug.example?subject=tea"] {
            assert!(checked(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn nothing_else_is() {
        let long = format!("https://snug.example/{}", "x".repeat(8_000));
        for wrong in [
            "",
            "/etc/passwd",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,hello",
            "vbscript:x",
            "smb://host/share",
            "ssh://host",
            "snug://snug.example",
            "steam://run/1",
            "-a",
            "--version",
            "https://",
            "https:",
            "https://snug.example/\nx",
            " https://snug.example",
            "mailto:x@snug.example?attach=/etc/passwd",
            "mailto:x@snug.example?subject=a&Attachment=/etc/passwd",
            &long,
        ] {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
    }
}
