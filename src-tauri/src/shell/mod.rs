//! What is around the window: the tray, notifications, links, one app at a time, the start with the session, sleep and networks.
//!
//! Clicks outside of the window are [`Wish`]es, and one task carries them out. What the window has to do about one, it is told.

pub mod autostart;
pub(crate) mod commands;
pub mod instance;
pub mod launcher;
pub mod links;
pub mod network;
pub mod notices;
pub mod opener;
mod pace;
pub mod settings;
pub mod sleep;
mod told;
pub mod tray;
mod wish;

pub use wish::{Wish, Wishes};

use crate::{servers::EntryId, window};
use instance::Instance;
use links::Start;
use notices::Notices;
use settings::Settings;
use snug_ipc::shell::{self as wire, Note, NoteTold, ShellSettings, ShellUpdate, TrayState};
use snug_protocol::ChannelId;
use std::{
    env, io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tauri::AppHandle;
use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, sleep_until},
};
use told::Told;
use tray::Tray;
use zbus::Connection;

/// A hidden window waits so long for a tray: at the session's start the app may be earlier, and panels start again now and then.
const TRAYLESS: Duration = Duration::from_secs(10);

/// The app before it has a window.
pub(crate) struct Entered {
    /// What it was started with.
    pub(crate) start: Start,
    session: Option<Connection>,
    wishes: Wishes,
    wished: mpsc::Receiver<Wish>,
}

/// Begins, unless the app runs already and has been told.
pub(crate) async fn enter() -> Result<Option<Entered>, instance::InstanceError> {
    // What is no text is no link either.
    let start = Start::read(env::args_os().skip(1).filter_map(|word| word.into_string().ok()));
    let token = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].into_iter().find_map(|name| env::var(name).ok());
    let (wishes, wished) = Wishes::new();
    let session = match Connection::session().await {
        Ok(session) => session,
        Err(error) => {
            tracing::warn!(%error, "there is no session bus: no tray, no notifications, and nobody knows whether Snug runs already");
            return Ok(Some(Entered { start, session: None, wishes, wished }));
        }
    };
    match instance::enter(&session, wishes.clone(), &start, token).await? {
        Instance::First => Ok(Some(Entered { start, session: Some(session), wishes, wished })),
        Instance::Another => Ok(None),
    }
}

/// See the [module](self).
pub(crate) struct Shell {
    settings: Settings,
    told: Told,
    there: AtomicBool,
    session: Option<Connection>,
    state: Mutex<TrayState>,
    tray: OnceLock<Tray>,
    notices: OnceLock<Notices>,
}

impl Shell {
    /// Begins to listen to what is around the window. The window is opened by who calls.
    pub(crate) fn start(app: &AppHandle, entered: Entered, settings: Settings) -> Arc<Self> {
        let Entered { start, session, wishes, wished } = entered;
        let shell = Arc::new(Self {
            settings,
            told: Told::default(),
            there: AtomicBool::new(false),
            session,
            state: Mutex::default(),
            tray: OnceLock::new(),
            notices: OnceLock::new(),
        });
        if let Some(link) = start.link {
            shell.told.tell(ShellUpdate::Open { link });
        }
        tauri::async_runtime::spawn(shell.clone().listen(wishes));
        tauri::async_runtime::spawn(shell.clone().serve(app.clone(), wished, start.hidden));
        shell
    }

    /// Whether closing the window leaves the app in the tray.
    pub(crate) fn stays(&self) -> bool {
        self.there.load(Relaxed) && self.settings.get().close_to_tray
    }

    /// The window was closed into the tray. The first time, that is told.
    pub(crate) fn stayed(self: &Arc<Self>) {
        let shell = self.clone();
        tauri::async_runtime::spawn(async move {
            if let Some(notices) = shell.notices.get()
                && !shell.settings.is_tray_told()
                && matches!(notices.tell_of_tray().await, NoteTold::Heard | NoteTold::Shown)
                && let Err(error) = shell.settings.tray_told()
            {
                tracing::warn!(%error, "the settings cannot be written");
            }
        });
    }

    /// The next start of the app is the one, though this one has not ended yet.
    pub(crate) async fn give_way(&self) {
        if let Some(session) = &self.session
            && let Err(error) = instance::leave(session).await
        {
            tracing::warn!(%error, "the app's name on the bus is kept until the end");
        }
    }

    /// The page that listened is gone.
    pub(crate) fn detach(&self) {
        self.told.detach();
    }

    fn attach(&self, told: impl Fn(ShellUpdate) + Send + 'static) {
        self.told.attach(told);
    }

    async fn show(&self, state: TrayState) {
        let mut shown = self.state.lock().await;
        *shown = state.clone();
        if let Some(session) = &self.session
            && let Err(error) = launcher::count(session, state.mentions).await
        {
            tracing::debug!(%error, "the dock is not told");
        }
        if let Some(tray) = self.tray.get() {
            tray.show(state).await;
        }
    }

    async fn tell(&self, note: Note) -> NoteTold {
        match self.notices.get() {
            Some(notices) => notices.tell(note).await,
            None => NoteTold::Nobody,
        }
    }

    async fn withdraw(&self, account: &EntryId, channel: ChannelId) {
        if let Some(notices) = self.notices.get() {
            notices.withdraw(account.as_str(), channel).await;
        }
    }

    fn describe(&self) -> wire::Shell {
        wire::Shell { settings: self.settings.get(), tray: self.there.load(Relaxed) }
    }

    fn set(&self, settings: ShellSettings) -> io::Result<()> {
        self.settings.set(settings)
    }

    /// Begins to hear of clicks, sleep and networks; what of it this system does not have is left out.
    async fn listen(self: Arc<Self>, wishes: Wishes) {
        let wake = || {
            let wishes = wishes.clone();
            move || wishes.wish(Wish::Window(ShellUpdate::Wake))
        };
        if let Err(error) = network::watch(wake()) {
            tracing::warn!(%error, "changes of the network are not told");
        }
        match Connection::system().await {
            Ok(system) => {
                if let Err(error) = sleep::watch(&system, wake()).await {
                    tracing::warn!(%error, "sleep is not told");
                }
            }
            Err(error) => tracing::warn!(%error, "there is no system bus, and so sleep is not told"),
        }
        let Some(session) = &self.session else {
            return;
        };
        match Notices::start(session, wishes.clone()).await {
            Ok(notices) => drop(self.notices.set(notices)),
            Err(error) => tracing::warn!(%error, "there are no notifications"),
        }
        let shown = self.state.lock().await;
        match Tray::start(wishes).await {
            Ok(tray) => {
                tray.show(shown.clone()).await;
                drop(self.tray.set(tray));
            }
            Err(error) => tracing::warn!(%error, "there is no tray"),
        }
    }

    /// Carries out what people want. A window that waits for a tray in vain shows itself: nobody would find it.
    async fn serve(self: Arc<Self>, app: AppHandle, mut wished: mpsc::Receiver<Wish>, hidden: bool) {
        let mut lost = hidden.then(|| Instant::now() + TRAYLESS);
        loop {
            let waited = async {
                match lost {
                    Some(lost) => sleep_until(lost).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                wish = wished.recv() => match wish {
                    Some(Wish::Raise { token }) => window::raise(&app, token),
                    Some(Wish::Toggle { token }) => window::toggle(&app, token),
                    Some(Wish::Quit) => app.exit(0),
                    Some(Wish::Window(update)) => self.told.tell(update),
                    Some(Wish::Tray(there)) => {
                        self.there.store(there, Relaxed);
                        lost = (!there).then(|| Instant::now() + TRAYLESS);
                    }
                    None => return,
                },
                () = waited => {
                    lost = None;
                    window::show_lost(&app);
                }
            }
        }
    }
}
