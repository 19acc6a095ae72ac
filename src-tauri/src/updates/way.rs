//! Where updates come from, and what they replace.

use snug_ipc::update::{NotItself, Package};
use std::path::{Path, PathBuf};
use tauri::{
    AppHandle, Manager, Runtime, Url,
    utils::{
        config::BundleType,
        platform::{bundle_type, current_exe},
    },
};
use tauri_plugin_updater::Config;

/// Says where `latest.json` is, instead of what was built in; or `off`.
pub const VARIABLE: &str = "SNUG_UPDATES";

/// Where updates come from, and what they replace.
#[derive(Debug)]
pub struct Way {
    address: Url,
    package: Package,
    file: PathBuf,
}

impl Way {
    /// How this copy of the app is updated: `told` is what [`VARIABLE`] says.
    pub fn of<R: Runtime>(app: &AppHandle<R>, told: Option<&str>) -> Result<Self, NotItself> {
        let config = app.config().plugins.0.get("updater").cloned().unwrap_or_default();
        let config: Config = serde_json::from_value(config).map_err(|_| NotItself::NoKey)?;
        let (package, file) = installed(app).ok_or(NotItself::Built)?;
        Self::new(&config, told, package, file)
    }

    /// For a copy that was installed as this, at this file.
    pub fn new(config: &Config, told: Option<&str>, package: Package, file: PathBuf) -> Result<Self, NotItself> {
        if config.pubkey.is_empty() {
            return Err(NotItself::NoKey);
        }
        let address = match told.map(str::trim) {
            Some("off") => return Err(NotItself::Off),
            Some(told) if !told.is_empty() => told.parse().map_err(|_| NotItself::Address)?,
            _ => config.endpoints.first().cloned().ok_or(NotItself::NoServer)?,
        };
        if !safe(&address) {
            return Err(NotItself::Address);
        }
        Ok(Self { address, package, file })
    }

    /// The address of `latest.json`.
    pub(super) fn address(&self) -> &Url {
        &self.address
    }

    /// How this copy was installed.
    pub(super) fn package(&self) -> Package {
        self.package
    }

    /// The file that is replaced, and that the next start is of.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Who is asked, for people.
    pub(super) fn server(&self) -> String {
        server(&self.address)
    }

    /// What it is called in `latest.json`.
    pub(super) fn target(&self) -> String {
        let package = match self.package {
            Package::Deb => "deb",
            Package::Rpm => "rpm",
            Package::AppImage => "appimage",
        };
        format!("linux-{}-{package}", std::env::consts::ARCH)
    }
}

/// Who is at an address, for people.
pub(super) fn server(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether what comes from there is what was sent. A development build may ask itself.
pub(super) fn safe(address: &Url) -> bool {
    address.scheme() == "https" || (cfg!(debug_assertions) && is_loopback(address))
}

/// Whether it is on this machine.
pub(super) fn is_loopback(address: &Url) -> bool {
    matches!(address.host_str(), Some("127.0.0.1" | "[::1]"))
}

/// As what, and where: whoever made the package wrote that into the program.
fn installed<R: Runtime>(app: &AppHandle<R>) -> Option<(Package, PathBuf)> {
    // Not by what the environment says: it may be another program's, that started this one.
    let program = || current_exe().ok();
    Some(match bundle_type()? {
        BundleType::Deb => (Package::Deb, program()?),
        BundleType::Rpm => (Package::Rpm, program()?),
        BundleType::AppImage => (Package::AppImage, app.env().appimage?.into()),
        BundleType::Msi | BundleType::Nsis | BundleType::App | BundleType::Dmg => return None,
    })
}
