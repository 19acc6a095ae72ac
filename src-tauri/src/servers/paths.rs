//! What the window may ask a server for.

/// The longest path, with its query.
const LONGEST: usize = 2_048;

/// Whether a path leads into the REST interface and nowhere else. Dots that go up and characters that other programs read in other
/// ways have no place in it.
pub(super) fn is_allowed(path: &str) -> bool {
    let within = path.strip_prefix("/api/v1/").is_some_and(|rest| !rest.is_empty());
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'"' | b'<' | b'>'));
    let (route, _) = path.split_once('?').unwrap_or((path, ""));
    let decoded = route.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/");
    within && plain && path.len() <= LONGEST && decoded.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn only_the_rest_interface_is_asked() {
        for fine in ["/api/v1/server", "/api/v1/channels/1/messages?limit=50&before=7", "/api/v1/invites/a%2Db", "/api/v1/admin/users?q=a%20b"] {
            assert!(is_allowed(fine), "{fine}");
        }
        let long = format!("/api/v1/{}", "x".repeat(3_000));
        for wrong in [
            "",
            "/",
            "/ws",
            "/api/v1/",
            "/metrics",
            "api/v1/server",
            "//other.example/api/v1/server",
            "http://other.example/api/v1/server",
            "/api/v1/../../metrics",
            "/api/v1/%2e%2E/metrics",
            "/api/v1/x%2f..%2f..%2fmetrics",
            "/api/v1//server",
            "/api/v1/a b",
            "/api/v1/a\r\nHost: other",
            "/api/v1/a#b",
            "/api/v1/a\\b",
            "/api/v1/\u{2025}/x",
            &long,
        ] {
            assert!(!is_allowed(wrong), "{wrong}");
        }
    }
}
