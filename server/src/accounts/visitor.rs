//! Who knocks at `/auth`: the device and address that a log-in remembers, and the cookie with its refresh token.

use super::refresh::LASTS;
use crate::http::{App, accept::OverTls, limit::Address};
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE, USER_AGENT},
        request::Parts,
    },
};
use std::{convert::Infallible, sync::Arc};

/// The cookie with the refresh token.
const NAME: &str = "snug_refresh";

/// The device that asks.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// Program and system, for people: `Firefox on Linux`.
    pub(super) device: String,
    /// Its address.
    pub(super) address: String,
    /// The refresh token in its cookie.
    pub(super) cookie: Option<String>,
    /// Whether it came over HTTPS.
    secure: bool,
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        // The last entry is the one that our own proxy wrote.
        let scheme =
            parts.headers.get_all("x-forwarded-proto").iter().next_back().and_then(|v| v.to_str().ok()).and_then(|list| list.rsplit(',').next());
        Ok(Self {
            device: device(header(USER_AGENT.as_str()).unwrap_or_default()),
            address: parts.extensions.get::<Address>().map(|address| address.0.to_string()).unwrap_or_default(),
            cookie: cookie(&parts.headers),
            secure: parts.extensions.get::<OverTls>().is_some()
                || app.config.trust_proxy && scheme.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https")),
        })
    }
}

impl Visitor {
    /// Headers that keep the token in a cookie that scripts cannot read and other sites cannot send.
    pub(super) fn keep(&self, token: &str) -> HeaderMap {
        self.set(token, LASTS.as_secs())
    }

    /// Headers that remove the cookie.
    pub(super) fn forget(&self) -> HeaderMap {
        self.set("", 0)
    }

    /// A device from nowhere.
    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        Self { device: "Test".into(), address: "127.0.0.1".into(), cookie: None, secure: false }
    }

    fn set(&self, token: &str, seconds: u64) -> HeaderMap {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{NAME}={token}; HttpOnly; SameSite=Strict; Path=/api/v1/auth; Max-Age={seconds}{secure}");
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, cookie.try_into().expect("tokens are base64url"));
        headers
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let lists = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lists.flat_map(|list| list.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, token)| *name == NAME && !token.is_empty()).map(|(_, token)| token.to_owned())
}

/// A device in words, from `User-Agent`.
fn device(agent: &str) -> String {
    // Most claim to be others too: the more special comes first.
    const PROGRAMS: [(&str, &str); 13] = [
        ("Snug/", "Snug"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi/", "Vivaldi"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Epiphany/", "GNOME Web"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 9] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&PROGRAMS), find(&SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.into(),
        (None, system) => {
            let product: String = agent.split(['/', ' ']).next().unwrap_or_default().chars().filter(|c| c.is_ascii_graphic()).take(40).collect();
            match (product.is_empty(), system) {
                (true, None) => "Unknown device".into(),
                (true, Some(system)) => system.into(),
                (false, None) => product,
                (false, Some(system)) => format!("{product} on {system}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_name_that_people_know() {
        let named = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("Snug/0.1.0 (Linux; desktop)", "Snug on Linux"),
            ("curl/8.5.0", "curl"),
            ("", "Unknown device"),
            ("\u{7f}/1", "Unknown device"),
        ];
        for (agent, name) in named {
            assert_eq!(device(agent), name, "{agent}");
        }
        assert!(device(&"x".repeat(5_000)).len() <= 40);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("theme=dark; snug_refreshed=no"));
        assert_eq!(cookie(&headers), None);
        headers.append(COOKIE, HeaderValue::from_static("a=b; snug_refresh=abc-_123"));
        assert_eq!(cookie(&headers).as_deref(), Some("abc-_123"));
    }

    #[test]
    fn the_cookie_is_for_us_alone() {
        let mut visitor = Visitor { secure: true, ..Visitor::for_tests() };
        assert_eq!(visitor.keep("t")[SET_COOKIE], "snug_refresh=t; HttpOnly; SameSite=Strict; Path=/api/v1/auth; Max-Age=2592000; Secure");
        visitor.secure = false;
        assert_eq!(visitor.forget()[SET_COOKIE], "snug_refresh=; HttpOnly; SameSite=Strict; Path=/api/v1/auth; Max-Age=0");
    }
}
