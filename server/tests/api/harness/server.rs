//! A server for one test.

use super::{PATIENCE, api::Api, people::Scene};
use snug_server::{
    config::{Config, LogFormat, Tls},
    http::App,
    run::{Failure, Server},
    store::{Database, Sql, StoreError},
    tls::Fingerprint,
};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, task::spawn_blocking};

/// Where a server keeps what it knows.
pub enum Backend {
    /// In a file.
    Sqlite,
    /// In a database of the cluster with this address.
    Postgres(String),
}

/// A server on data of its own, which go with it.
pub struct TestServer {
    config: Config,
    running: Option<Running>,
    _data: Data,
}

/// A server's tasks have a runtime of their own, so that nothing of a server that was killed goes on.
struct Running {
    server: Server,
    runtime: Runtime,
}

/// Removed when dropped.
struct Data {
    folder: TempDir,
    /// The cluster's address, and the name of our database there.
    postgres: Option<(String, String)>,
}

impl TestServer {
    /// A server without rate limits.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| {}).await
    }

    /// A server with other settings.
    pub async fn start_with(backend: Backend, settings: impl FnOnce(&mut Config)) -> Self {
        let data = Data::new(backend).await;
        let mut config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.folder.path().into(),
            database: data.database(),
            media_ports: vec![0],
            public_ip: Vec::new(),
            tls: Tls::Off,
            redirect: None,
            trust_proxy: false,
            rate_limits: false,
            discovery: false,
            log_format: LogFormat::Text,
        };
        settings(&mut config);
        let mut server = Self { config, running: None, _data: data };
        server.start_again().await;
        server
    }

    /// Starts it on what is there, at the address it had.
    pub async fn start_again(&mut self) {
        assert!(self.running.is_none(), "it runs already");
        let started = Instant::now();
        self.running = Some(loop {
            match self.try_start().await {
                Ok(running) => break running,
                // The one before is going: its last commit, its connection to the database.
                Err(Failure::Store(StoreError::InUse(_)) | Failure::Listen { .. }) if started.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(failure) => panic!("the server does not start: {failure}"),
            }
        });
        self.config.listen = self.address();
    }

    async fn try_start(&self) -> Result<Running, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        match runtime.spawn(Server::start(self.config.clone())).await.expect("a start does not panic") {
            Ok(server) => Ok(Running { server, runtime }),
            Err(failure) => {
                runtime.shutdown_background();
                Err(failure)
            }
        }
    }

    /// Starts a second server on the same data; what comes of it.
    pub async fn start_second(&self) -> Result<(), Failure> {
        let second = Self::second(self).try_start().await?;
        second.runtime.shutdown_background();
        Ok(())
    }

    fn second(&self) -> Self {
        let config = Config { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..self.config.clone() };
        let data = Data { folder: tempfile::tempdir().expect("a folder"), postgres: None };
        Self { config, running: None, _data: data }
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(&mut self) {
        let Running { server, runtime } = self.running.take().expect("it runs");
        runtime.spawn(server.stop()).await.expect("a stop does not panic");
        end(runtime).await;
    }

    /// Ends it in the middle of what it does.
    pub async fn kill(&mut self) {
        let Running { server, runtime } = self.running.take().expect("it runs");
        end(runtime).await;
        drop(server);
    }

    /// Stops it and starts it again.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_again().await;
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().map_or(self.config.listen, |running| running.server.address)
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.config.data
    }

    /// Of the certificate that it made itself.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.running.as_ref().and_then(|running| running.server.fingerprint)
    }

    /// What its handlers see.
    pub fn app(&self) -> &Arc<App> {
        &self.running.as_ref().expect("it runs").server.app
    }

    /// Whoever is not logged in.
    pub fn anyone(&self) -> Api {
        Api::new(self.address(), None)
    }

    /// Ada, who owns the server, in its first space.
    pub async fn scene(&self) -> Scene {
        Scene::set(self).await
    }

    /// Looks into the database, or changes it behind the server's back.
    pub async fn sql<T: Send + 'static>(&self, work: impl FnOnce(&mut dyn Sql) -> T + Send + 'static) -> T {
        let database = self.config.database.clone();
        let work = move || work(&mut *database.connect().expect("the database is there"));
        spawn_blocking(work).await.expect("it does not panic")
    }

    /// Gives somebody a new password, as the command line does.
    pub async fn reset_password(&self, username: &str) -> String {
        let (database, username) = (self.config.database.clone(), username.to_owned());
        let reset = move || snug_server::admin::offline::reset_password(&database, &username).expect("there is such an account");
        spawn_blocking(reset).await.expect("it does not panic")
    }

    /// A number that a query finds.
    pub async fn number(&self, query: &'static str) -> i64 {
        self.sql(move |sql| snug_server::store::scalar(sql, query, &[]).expect("a good query").expect("a row")).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(Running { server, runtime }) = self.running.take() {
            runtime.shutdown_background();
            drop(server);
        }
    }
}

/// Ends a runtime with all that runs on it.
async fn end(runtime: Runtime) {
    spawn_blocking(move || runtime.shutdown_timeout(PATIENCE)).await.expect("it does not panic");
}

impl Data {
    async fn new(backend: Backend) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);

        let folder = tempfile::tempdir().expect("a folder");
        let postgres = match backend {
            Backend::Sqlite => None,
            Backend::Postgres(cluster) => {
                let name = format!("snug_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
                let (address, command) = (cluster.clone(), format!("CREATE DATABASE {name} TEMPLATE template0"));
                spawn_blocking(move || on_cluster(&address, &command)).await.expect("it does not panic");
                Some((cluster, name))
            }
        };
        Self { folder, postgres }
    }

    fn database(&self) -> Database {
        match &self.postgres {
            None => Database::Sqlite(self.folder.path().join("snug.db")),
            Some((cluster, name)) => Database::Postgres(named(cluster, name)),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let Some((cluster, name)) = self.postgres.take() else { return };
        // The client blocks, which a thread of a runtime must not.
        let dropped = std::thread::spawn(move || on_cluster(&cluster, &format!("DROP DATABASE {name} WITH (FORCE)")));
        if dropped.join().is_err() && !std::thread::panicking() {
            panic!("the database could not be dropped");
        }
    }
}

fn on_cluster(address: &str, command: &str) {
    let mut sql = Database::Postgres(address.into()).connect().expect("the cluster answers");
    sql.batch(command).expect("databases may be made there");
}

/// The address of another database of the same cluster.
fn named(cluster: &str, name: &str) -> String {
    let (address, options) = cluster.split_once('?').map_or((cluster, String::new()), |(address, options)| (address, format!("?{options}")));
    let (server, _) = address.rsplit_once('/').expect("an address ends in a database's name");
    format!("{server}/{name}{options}")
}

#[test]
fn a_database_of_the_cluster_keeps_the_rest_of_its_address() {
    assert_eq!(named("postgres://snug@%2Ftmp%2Fx/snug", "a"), "postgres://snug@%2Ftmp%2Fx/a");
    assert_eq!(named("postgres://snug@host:5432/snug?sslmode=disable", "a"), "postgres://snug@host:5432/a?sslmode=disable");
}
