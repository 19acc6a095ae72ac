//! Brings the app up to date: asks a server for `latest.json`, and installs the package that it names.
//!
//! What is installed was signed with the key whose public half was built in, for exactly the version that the server named, and that is
//! newer than this one: a server can withhold an update, but neither change one nor bring back an old one. The signature is checked and
//! the package installed by Tauri's updater; what is fetched is fetched here, and only so much of it.

pub(crate) mod commands;
mod error;
mod fetch;
mod way;

pub use error::UpdateError;
pub use way::{VARIABLE, Way};

use fetch::Fetch;
use snug_ipc::update::{CheckedUpdate, NotItself, Update as Offer, UpdateProgress, UpdateWay, Updating};
use std::{
    process::Command,
    sync::{
        Mutex as Lock, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};
use tauri::{AppHandle, Runtime};
use tauri_plugin_updater::{RemoteRelease, Update, UpdaterExt};
use tokio::sync::Mutex;

/// What a `latest.json` may have: 256 KiB.
pub const MAX_MANIFEST: usize = 256 << 10;
/// What a package may have: 256 MiB.
pub const MAX_PACKAGE: usize = 256 << 20;

/// See the [module](self).
pub struct Updates {
    way: Result<Way, NotItself>,
    /// What was offered last. Held while something is under way: there is one look or one installation at a time.
    offered: Mutex<Option<Update>>,
    installed: Lock<Option<String>>,
    /// Whether this one ends for the one that was installed.
    starts: AtomicBool,
}

impl Updates {
    /// Does nothing yet.
    pub fn new(way: Result<Way, NotItself>) -> Self {
        Self { way, offered: Mutex::default(), installed: Lock::default(), starts: AtomicBool::new(false) }
    }

    /// This copy of the app.
    pub fn status<R: Runtime>(&self, app: &AppHandle<R>) -> Updating {
        Updating {
            version: app.package_info().version.to_string(),
            way: match &self.way {
                Ok(way) => UpdateWay::Itself { server: way.server(), package: way.package() },
                Err(why) => UpdateWay::Others { why: *why },
            },
            installed: self.installed.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// From now on this one's end is the start of the one that was installed. Answers whether one was.
    pub(crate) fn start_at_end(&self) -> bool {
        let installed = self.installed.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        self.starts.store(installed, Relaxed);
        installed
    }

    /// At the end: starts the one that was installed, if that was wanted. Not with what this one was started with, which was another wish.
    pub(crate) fn start(&self) {
        if let (true, Ok(way)) = (self.starts.load(Relaxed), &self.way)
            && let Err(error) = Command::new(way.file()).spawn()
        {
            tracing::error!(%error, "the version that was installed does not start");
        }
    }

    /// Looks for an update.
    pub async fn check<R: Runtime>(&self, app: &AppHandle<R>) -> Result<CheckedUpdate, UpdateError> {
        let way = self.way.as_ref().map_err(|why| UpdateError::NotItself(*why))?;
        let mut offered = self.offered.try_lock().map_err(|_| UpdateError::Busy)?;
        *offered = None;
        let server = way.server();
        let json = Fetch::new(way.address())?.get(way.address(), MAX_MANIFEST, |_, _| {}).await?;
        let strange = |source| UpdateError::Strange { server: server.clone(), source };
        let json: serde_json::Value = serde_json::from_slice(&json).map_err(strange)?;
        let release: RemoteRelease = serde_json::from_value(json.clone()).map_err(strange)?;
        let this = &app.package_info().version;
        if release.version < *this {
            return Ok(CheckedUpdate::Older { version: release.version.to_string() });
        }
        // Nothing is asked by this: it takes what we have fetched. It also makes the updater insist on a signed version.
        let updater = app.updater_builder().endpoints(vec![way.address().clone()])?.target(way.target()).executable_path(way.file()).build()?;
        let Some(update) = updater.restore_update(json)? else {
            return Ok(CheckedUpdate::Newest);
        };
        way::safe(&update.download_url).then_some(()).ok_or_else(|| UpdateError::Insecure { server })?;
        let offer = Offer {
            version: update.version.clone(),
            date: update.date.map(|date| date.unix_timestamp() as f64 * 1_000.0),
            notes: update.body.clone(),
        };
        *offered = Some(update);
        Ok(CheckedUpdate::Newer { update: offer })
    }

    /// Downloads and installs what was offered last.
    pub async fn install(&self, told: impl Fn(UpdateProgress) + Send) -> Result<(), UpdateError> {
        let mut offered = self.offered.try_lock().map_err(|_| UpdateError::Busy)?;
        let update = offered.clone().ok_or(UpdateError::Nothing)?;
        let package = Fetch::new(&update.download_url)?
            .get(&update.download_url, MAX_PACKAGE, |bytes, of| told(UpdateProgress::Download { bytes, of }))
            .await?;
        update.verify(&package)?;
        told(UpdateProgress::Install);
        let version = update.version.clone();
        // Somebody types a password meanwhile.
        tokio::task::spawn_blocking(move || update.install(package)).await.map_err(UpdateError::Gone)??;
        *self.installed.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
        *offered = None;
        Ok(())
    }
}
