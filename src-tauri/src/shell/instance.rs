//! One app at a time (org.freedesktop.Application): a second start hands over what it was started with, and ends.

use super::{
    links::{self, Start},
    wish::{Wish, Wishes},
};
use snug_ipc::shell::ShellUpdate;
use std::{collections::HashMap, time::Duration};
use tokio::time::timeout;
use zbus::{
    Connection,
    fdo::{RequestNameFlags, RequestNameReply},
    interface, proxy,
    zvariant::{OwnedValue, Value},
};

/// The app's name on the session's bus.
const NAME: &str = "app.snug.Snug";
const PATH: &str = "/app/snug/Snug";
/// How long the first one may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most links in one call.
const MOST: usize = 4;

/// Which one this is.
#[derive(Debug, PartialEq, Eq)]
pub enum Instance {
    /// The first: it goes on.
    First,
    /// Another: what it was started with has been handed over.
    Another,
}

/// Why it is not known.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The bus.
    #[error("the session's bus does not work")]
    Bus(#[from] zbus::Error),
    /// The first one hangs.
    #[error("Snug runs already, and does not answer")]
    Hangs,
}

/// What a program says of who started it.
type Platform = HashMap<String, OwnedValue>;

#[proxy(interface = "org.freedesktop.Application", default_service = "app.snug.Snug", default_path = "/app/snug/Snug", gen_blocking = false)]
trait Application {
    fn activate(&self, platform_data: HashMap<&str, Value<'_>>) -> zbus::Result<()>;
    fn open(&self, uris: &[&str], platform_data: HashMap<&str, Value<'_>>) -> zbus::Result<()>;
}

/// Where others knock.
struct Door(Wishes);

#[interface(name = "org.freedesktop.Application")]
impl Door {
    fn activate(&self, platform_data: Platform) {
        self.0.wish(Wish::Raise { token: token(&platform_data) });
    }

    fn open(&self, uris: Vec<String>, platform_data: Platform) {
        self.0.wish(Wish::Raise { token: token(&platform_data) });
        for link in uris.iter().take(MOST).filter_map(|uri| links::read(uri)) {
            self.0.wish(Wish::Window(ShellUpdate::Open { link }));
        }
    }
}

fn token(platform: &Platform) -> Option<String> {
    ["activation-token", "desktop-startup-id"].iter().find_map(|key| platform.get(*key)?.downcast_ref::<&str>().ok().map(str::to_owned))
}

/// Is the one no more: the next start is.
pub async fn leave(session: &Connection) -> zbus::Result<()> {
    session.release_name(NAME).await.map(drop)
}

/// Becomes the one, or tells the one. `link` and `token` are what this one was started with: a `snug://` link, and what Wayland wants to
/// know of the click that started it.
pub async fn enter(session: &Connection, wishes: Wishes, start: &Start, token: Option<String>) -> Result<Instance, InstanceError> {
    // First the door, then the name on it: whoever calls by the name finds it open.
    session.object_server().at(PATH, Door(wishes)).await?;
    match session.request_name_with_flags(NAME, RequestNameFlags::DoNotQueue.into()).await {
        Ok(RequestNameReply::PrimaryOwner | RequestNameReply::AlreadyOwner) => return Ok(Instance::First),
        Ok(RequestNameReply::Exists | RequestNameReply::InQueue) | Err(zbus::Error::NameTaken) => {}
        Err(error) => return Err(error.into()),
    }
    if start.hidden && start.link.is_none() {
        return Ok(Instance::Another);
    }
    let platform = HashMap::from_iter(token.map(|token| ("activation-token", Value::from(token))));
    let first = ApplicationProxy::new(session).await?;
    let told = async {
        match &start.link {
            Some(link) => first.open(&[&links::written(link)], platform).await,
            None => first.activate(platform).await,
        }
    };
    timeout(PATIENCE, told).await.map_err(|_| InstanceError::Hangs)??;
    Ok(Instance::Another)
}
