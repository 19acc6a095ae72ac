//! What the app says of itself: on its standard output, as much as `SNUG_LOG` asks for.

use tracing_subscriber::{EnvFilter, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// Libraries that write everything down that they send and receive, tokens and messages too, where they are asked for all they have.
const TELL_ALL: [&str; 2] = ["tungstenite", "tokio_tungstenite"];

/// Begins.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("SNUG_LOG").unwrap_or_else(|_| "info".into());
    let discreet = filter_fn(|metadata| is_discreet(metadata.target(), *metadata.level()));
    tracing_subscriber::fmt().with_env_filter(filter).finish().with(discreet).init();
}

/// Whether there can be no secrets in what is said, whoever asks for it.
fn is_discreet(target: &str, level: tracing::Level) -> bool {
    let speaker = target.split("::").next().unwrap_or_default();
    level != tracing::Level::TRACE || !TELL_ALL.contains(&speaker)
}

#[cfg(test)]
mod tests {
    use super::is_discreet;
    use tracing::Level;

    #[test]
    fn frames_are_never_written_down() {
        for target in ["tungstenite", "tungstenite::protocol::frame", "tokio_tungstenite::compat"] {
            assert!(!is_discreet(target, Level::TRACE), "{target}");
            assert!(is_discreet(target, Level::DEBUG), "{target}");
        }
        assert!(is_discreet("snug_desktop::servers", Level::TRACE));
    }
}
