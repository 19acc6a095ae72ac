//! The desktop's keyring: whatever is its Secret Service.
//!
//! What it keeps must never look as if it had never been kept: a log-in that is not found is a log-in that is over. So there is nothing
//! only where there is no service at all, or one that has never kept anything. Everything else is an error, and is tried again when something is wanted the next time.

use super::vault::VaultError;
use oo7::{
    Keyring,
    dbus::{self, ServiceError},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use zbus::{Connection, DBusError as _, fdo::DBusProxy, names::WellKnownName};

/// So long whoever sits there may take to unlock the keyring. An answer that comes later is good for the next time.
const ANSWER: Duration = Duration::from_secs(120);
/// So long whoever did not unlock it is left in peace, for the window asks again by itself. It is found when it is unlocked elsewhere.
const PEACE: Duration = Duration::from_secs(60);
/// How long the bus may take to say who is there.
const PATIENCE: Duration = Duration::from_secs(5);
/// The service's name on the bus.
const NAME: WellKnownName<'static> = WellKnownName::from_static_str_unchecked("org.freedesktop.secrets");

/// See the [module](self). Opened when something is wanted of it: a locked keyring asks for its password then.
#[derive(Debug, Default)]
pub(super) struct Service(Mutex<State>);

/// What was found the last time.
#[derive(Debug, Default)]
enum State {
    /// Nobody has looked, or it did not answer as it should.
    #[default]
    Unknown,
    /// There was none. One may have started since.
    Absent,
    /// There is one that has never kept anything, and whoever sits there did not want that changed.
    Declined,
    /// It works.
    Open(Arc<Keyring>),
    /// Whoever sits there did not unlock it then.
    Refused(Option<Arc<Keyring>>, Instant),
    /// It has worked, and what it keeps is there, though it does not answer.
    Lost,
}

impl Service {
    /// Does something with the keyring: nothing where there is none. One that has started anew since is opened anew.
    pub(super) async fn with<T, F>(&self, act: impl Fn(Arc<Keyring>) -> F) -> Result<Option<T>, VaultError>
    where
        F: Future<Output = Result<T, oo7::Error>>,
    {
        // One after the other: all wait for the same password.
        let mut state = self.0.lock().await;
        let known = match &*state {
            State::Refused(keyring, since) if since.elapsed() < PEACE && is_locked(keyring.as_deref()).await => return Err(VaultError::Locked),
            State::Declined if !is_made().await => return Ok(None),
            State::Unknown | State::Absent | State::Declined => false,
            State::Open(_) | State::Refused(..) | State::Lost => true,
        };
        if let State::Open(keyring) = &*state {
            match used(keyring.clone(), &act).await {
                Ok(done) => return Ok(Some(done)),
                Err(VaultError::Store(error)) => tracing::debug!(%error, "the keyring is opened anew"),
                Err(error) => return Err(refused(&mut state, error)),
            }
            *state = State::Lost;
        }
        let keyring = match patient(Keyring::new()).await {
            Ok(keyring) => Arc::new(keyring),
            Err(VaultError::Store(error)) if !known && is_absence(&error) => {
                if matches!(*state, State::Unknown) {
                    tracing::warn!(%error, "there is no Secret Service: secrets are kept in a file");
                }
                *state = State::Absent;
                return Ok(None);
            }
            // That was the question for the password of a new one.
            Err(VaultError::Locked) if !known => {
                tracing::warn!("nobody wants a keyring to be made: secrets are kept in a file");
                *state = State::Declined;
                return Ok(None);
            }
            Err(error) => return Err(refused(&mut state, error)),
        };
        *state = State::Open(keyring.clone());
        match used(keyring, &act).await {
            Ok(done) => Ok(Some(done)),
            Err(error) => Err(refused(&mut state, error)),
        }
    }

    /// Whether there is one. Nobody is asked for a password, and nobody's answer is waited for.
    pub(super) async fn is_there(&self) -> bool {
        let starts = match self.0.try_lock().as_deref() {
            Ok(State::Open(_) | State::Refused(..) | State::Lost) => return true,
            // One that could be started would have been.
            Ok(State::Absent) => false,
            Ok(State::Declined) => return false,
            Ok(State::Unknown) | Err(_) => true,
        };
        match timeout(PATIENCE, is_named(starts)).await {
            Ok(Ok(there)) => there,
            Ok(Err(error)) => {
                tracing::debug!(%error, "nobody knows whether there is a Secret Service");
                false
            }
            Err(_) => {
                tracing::warn!("the session bus does not say whether there is a Secret Service");
                false
            }
        }
    }
}

/// Notes how the keyring stands after it did not work.
fn refused(state: &mut State, error: VaultError) -> VaultError {
    *state = match (std::mem::take(state), &error) {
        (State::Open(keyring), VaultError::Locked) => State::Refused(Some(keyring), Instant::now()),
        (_, VaultError::Locked) => State::Refused(None, Instant::now()),
        (State::Unknown | State::Absent | State::Declined, _) => State::Unknown,
        (State::Open(_) | State::Refused(..) | State::Lost, _) => State::Lost,
    };
    error
}

async fn used<T, F>(keyring: Arc<Keyring>, act: &impl Fn(Arc<Keyring>) -> F) -> Result<T, VaultError>
where
    F: Future<Output = Result<T, oo7::Error>>,
{
    // Nobody is asked where it is unlocked. It may have been locked since the last time, and some find nothing then instead of saying so.
    patient(keyring.unlock()).await?;
    Ok(act(keyring).await?)
}

/// Waits for whoever may have to answer first.
async fn patient<T>(answer: impl Future<Output = Result<T, oo7::Error>>) -> Result<T, VaultError> {
    Ok(timeout(ANSWER, answer).await.map_err(|_| VaultError::Locked)??)
}

async fn is_locked(keyring: Option<&Keyring>) -> bool {
    match keyring {
        // One that does not answer is asked as if it were another.
        Some(keyring) => keyring.is_locked().await.unwrap_or(false),
        None => true,
    }
}

/// Whether the service has a keyring by now. Nobody is asked to make one.
async fn is_made() -> bool {
    let made = async { dbus::Service::new().await?.with_alias(dbus::Service::DEFAULT_COLLECTION).await };
    matches!(made.await, Ok(Some(_)))
}

/// Whether somebody has the service's name, or would have it if asked.
async fn is_named(starts: bool) -> zbus::Result<bool> {
    let session = Connection::session().await?;
    let bus = DBusProxy::new(&session).await?;
    Ok(bus.name_has_owner(NAME.into()).await? || (starts && bus.list_activatable_names().await?.iter().any(|name| name.as_str() == NAME.as_str())))
}

/// Whether an error says that nobody keeps secrets here: that there is no bus, or nobody with that name who is there or can be started.
fn is_absence(error: &oo7::Error) -> bool {
    let oo7::Error::DBus(dbus::Error::ZBus(error) | dbus::Error::Service(ServiceError::ZBus(error))) = error else {
        return false;
    };
    match error {
        zbus::Error::Address(_) | zbus::Error::Connection(..) | zbus::Error::Handshake(_) | zbus::Error::Unsupported => true,
        // So a service that is there and silent is told of, too.
        zbus::Error::InputOutput(error) => error.kind() != std::io::ErrorKind::TimedOut,
        zbus::Error::MethodError(name, ..) => is_nobody(name),
        zbus::Error::FDO(error) => is_nobody(&error.name()),
        _ => false,
    }
}

fn is_nobody(name: &str) -> bool {
    let name = name.strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default();
    matches!(name, "ServiceUnknown" | "NameHasNoOwner") || name.starts_with("Spawn.")
}
