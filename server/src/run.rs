//! Running the server: from the settings to the last connection closed.

use crate::{
    accounts::{self, password::Passwords},
    admin,
    auth::{self, Keys},
    config::{Config, ConfigError, LogFormat, Tls},
    discovery::{Advertisement, Discoverable},
    gateway::{Hub, socket},
    http::{self, App, accept::Sockets, limit::Limits},
    images, messages,
    metrics::Metrics,
    sfu::{self, Sfu},
    store::{self, Database, StoreError},
    tls::{Fingerprint, Secure, TlsError},
    world::World,
};
use std::{
    io::{self, IsTerminal as _},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    task::JoinSet,
};
use tracing_subscriber::EnvFilter;

/// How long requests under way may take after the server was told to stop.
const GOODBYE: Duration = Duration::from_secs(5);

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The port cannot be used.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// There is no certificate to show.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Media cannot be taken.
    #[error(transparent)]
    Media(#[from] sfu::StartError),
    /// The runtime cannot be started, or broke.
    #[error("cannot run: {0}")]
    Io(#[from] io::Error),
    /// The command line's change was not made.
    #[error(transparent)]
    Offline(#[from] admin::offline::OfflineError),
}

impl Failure {
    /// What helps.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Config(_) => Some("See snug-server --help."),
            Self::Store(error) => Some(error.hint()),
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                Some("Another program has the port: stop it, or choose another with --listen.")
            }
            Self::Listen { .. } => Some("Choose another address with --listen."),
            Self::Tls(error) => Some(error.hint()),
            Self::Media(_) | Self::Io(_) => None,
            Self::Offline(error) => error.hint(),
        }
    }
}

/// Runs the server until it is told to stop.
pub fn serve(config: Config) -> Result<(), Failure> {
    log(config.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Heard from here on: a stop during the start waits for it.
        let stop = Stop::listen()?;
        let server = Server::start(config).await?;
        server.greet();
        stop.told().await;
        tracing::info!("stopping");
        server.stop().await;
        Ok(())
    })
}

fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    // A second server in the same process (a test) keeps the first one's logger.
    let _ = match format {
        LogFormat::Text => logger.try_init(),
        LogFormat::Json => logger.json().try_init(),
    };
}

/// A running server.
pub struct Server {
    /// What its handlers see.
    pub app: Arc<App>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Of a certificate that the server made for itself.
    pub fingerprint: Option<Fingerprint>,
    shutdown: tokio::sync::watch::Sender<bool>,
    tasks: JoinSet<()>,
    discoverable: Option<Discoverable>,
}

impl Server {
    /// Opens the database, loads the world and listens.
    pub async fn start(config: Config) -> Result<Self, Failure> {
        let listen = |source| Failure::Listen { address: config.listen, source };
        // Bound first: a taken port is the most common mistake, and nothing else has happened yet.
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr()?;
        let redirect = listen_for_http(&config, address).await?;
        let (media, told) = start_media(&config, address)?;
        let metrics = Arc::new(Metrics::with_media(media.counters().clone()));
        let opened = {
            let (config, metrics) = (config.clone(), metrics.clone());
            tokio::task::spawn_blocking(move || open(config, metrics)).await.map_err(io::Error::other)??
        };
        let app = Arc::new(App {
            limits: Limits::new(config.rate_limits, config.trust_proxy),
            config,
            hub: opened.hub.clone(),
            store: opened.store,
            keys: opened.keys,
            passwords: Passwords::new(metrics.password_hashes.clone()),
            metrics,
            instance: auth::random_name(),
            started: Instant::now(),
        });
        let sfu = media.clone();
        app.hub.attach_media(move |command| sfu.send(command));
        // The data folder is there by now.
        let tls = Secure::open(&app.config)?;
        let fingerprint = tls.as_ref().and_then(Secure::fingerprint);
        let (shutdown, stopped) = tokio::sync::watch::channel(false);
        let mut tasks = JoinSet::new();
        tracing::info!(%address, database = ?app.config.database, version = env!("CARGO_PKG_VERSION"), "serving");
        let sockets = Sockets { listener, redirect };
        tasks.spawn(http::accept::run(sockets, app.clone(), tls.as_ref().map(|tls| tls.config.clone()), media, stopped));
        tasks.spawn(keep_fresh(tls));
        tasks.spawn(tell(opened.hub.clone(), told));
        tasks.spawn(socket::tick(opened.hub));
        tasks.spawn(admin::offline::watch_logins(app.clone()));
        tasks.spawn(housekeeping(app.clone()));
        let discoverable = advertise(&app, address);
        Ok(Self { app, address, fingerprint, shutdown, tasks, discoverable })
    }

    /// Tells whoever started it where it is.
    fn greet(&self) {
        let host = match &self.app.config.tls {
            Tls::Acme(acme) => acme.domains[0].to_string(),
            _ if self.address.ip().is_unspecified() => "localhost".to_owned(),
            _ => self.address.ip().to_string(),
        };
        let database = match &self.app.config.database {
            Database::Sqlite(path) => std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string(),
            Database::Postgres(_) => "PostgreSQL".into(),
        };
        let scheme = if self.app.config.tls == Tls::Off { "http" } else { "https" };
        let port = if self.address.port() == 443 && scheme == "https" { String::new() } else { format!(":{}", self.address.port()) };
        println!("\n  Snug is running at   {scheme}://{host}{port}\n  It keeps its data in {database}");
        if let Some(fingerprint) = self.fingerprint {
            println!("  Browsers warn of its certificate, which it made itself. Trust it if it is this one (SHA-256):\n    {fingerprint}");
        }
        if let Tls::Acme(acme) = &self.app.config.tls {
            let authority = acme.directory.as_deref().unwrap_or("Let's Encrypt");
            println!("  {authority} gives it a certificate, now and whenever one runs out: for that, port 443 of {host} has to lead here.");
        }
        if scheme == "http" && !self.address.ip().is_loopback() && !self.app.config.trust_proxy {
            println!("  On other machines, browsers give the microphone to https:// only. For a few friends --tls self-signed will");
            println!("  do, though they warn of it once. If you have a domain that leads here, --acme-domain gets a certificate that no");
            println!("  browser warns of; --tls-cert and --tls-key take one that you have.");
        }
        if self.app.hub.read().people.is_empty() {
            println!("  Open the page and register: the first account owns the server.");
        }
        println!("  Ctrl+C stops it.\n");
    }

    /// Lets requests under way finish, closes every connection, and saves nothing, for everything is saved.
    pub async fn stop(mut self) {
        self.app.hub.close_all();
        // Waits for a moment, so not on the runtime.
        let goodbye = self.discoverable.take().map(|discoverable| tokio::task::spawn_blocking(|| drop(discoverable)));
        let _ = self.shutdown.send(true);
        let first = tokio::time::timeout(GOODBYE, self.tasks.join_next());
        if first.await.is_err() {
            tracing::warn!("requests were still under way");
        }
        self.tasks.shutdown().await;
        if let Some(goodbye) = goodbye
            && let Err(error) = goodbye.await
        {
            tracing::debug!(%error, "no goodbye to the local network");
        }
    }
}

/// Tells the local network, where that is wanted. It is no reason not to run.
fn advertise(app: &App, address: SocketAddr) -> Option<Discoverable> {
    let domain = match &app.config.tls {
        Tls::Acme(acme) => Some(acme.domains[0].to_string()),
        Tls::Off | Tls::SelfSigned | Tls::Files { .. } => None,
    };
    let world = app.hub.read();
    let what =
        Advertisement { name: &world.settings.name, instance: &app.instance, address, secure: app.config.tls != Tls::Off, domain: domain.as_deref() };
    app.config.discovery.then(|| Discoverable::start(&what)).and_then(|started| {
        started.unwrap_or_else(|error| {
            tracing::warn!(%error, "apps on the local network do not find this server by themselves");
            None
        })
    })
}

/// Where whoever comes by `http://` is led to `https://`: where the settings say, or at the usual port beside the usual one.
async fn listen_for_http(config: &Config, address: SocketAddr) -> Result<Option<TcpListener>, Failure> {
    let usual = SocketAddr::new(address.ip(), 80);
    match config.redirect {
        Some(address) => Ok(Some(TcpListener::bind(address).await.map_err(|source| Failure::Listen { address, source })?)),
        None if config.tls == Tls::Off || address.port() != 443 => Ok(None),
        None => Ok(TcpListener::bind(usual)
            .await
            .inspect_err(|error| tracing::warn!(%error, "nobody is led from http:// to https://: port 80 cannot be used"))
            .ok()),
    }
}

/// Starts the media server, at the server's own port if no others are named. What it tells comes out of the channel.
fn start_media(config: &Config, address: SocketAddr) -> Result<(Arc<Sfu>, mpsc::UnboundedReceiver<sfu::Event>), sfu::StartError> {
    let ports = if config.media_ports.is_empty() { vec![address.port()] } else { config.media_ports.clone() };
    let shared_tcp = ports.contains(&address.port()).then_some(address.port());
    // Who is reached by another address than they see is reached through a router, or sits behind a proxy.
    let everywhere = if address.is_ipv4() { IpAddr::from([0; 4]) } else { IpAddr::from([0; 16]) };
    let listen = if config.public_ip.is_empty() { address.ip() } else { everywhere };
    let settings = sfu::Config { listen, ports, shared_tcp, public: config.public_ip.clone(), ..sfu::Config::default() };
    // As much as the hub has not got to yet: its lock is never held for long.
    let (sender, told) = mpsc::unbounded_channel();
    let sfu = Sfu::start(&settings, move |event| _ = sender.send(event))?;
    Ok((Arc::new(sfu), told))
}

/// Tells the hub what the media server tells.
async fn tell(hub: Arc<Hub>, mut told: mpsc::UnboundedReceiver<sfu::Event>) {
    while let Some(event) = told.recv().await {
        hub.media(Instant::now(), event);
    }
}

/// Looks after the certificate, where there is one.
async fn keep_fresh(tls: Option<Secure>) {
    match tls {
        Some(secure) => secure.keep_fresh().await,
        None => std::future::pending().await,
    }
}

struct Open {
    hub: Arc<Hub>,
    store: store::Store,
    keys: Keys,
}

fn open(config: Config, metrics: Arc<Metrics>) -> Result<Open, StoreError> {
    let mut opened = config.database.open()?;
    let keys = Keys::load(opened.sql())?;
    let hub = Arc::new(Hub::new(World::load(opened.sql())?, metrics));
    Ok(Open { store: opened.start(hub.clone())?, hub, keys })
}

/// What is to be tidied up now and then.
async fn housekeeping(app: Arc<App>) {
    let mut every = tokio::time::interval(Duration::from_secs(60));
    loop {
        every.tick().await;
        app.limits.tidy();
        let swept = app.store.write(|tx| {
            accounts::sweep(tx)?;
            messages::sweep(tx)?;
            images::sweep(tx)
        });
        if let Err(error) = swept.await {
            tracing::warn!(%error, "could not tidy up");
        }
    }
}

/// What tells a server to stop: Ctrl+C, or whoever started it.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn told(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
