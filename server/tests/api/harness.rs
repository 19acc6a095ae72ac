//! What every scenario needs: a server of its own, people, and their devices.

mod api;
mod device;
mod media;
mod people;
mod proxy;
mod replica;
mod server;

pub use api::{Answer, Api};
pub use device::{Device, Heard, Resumption, Socket};
pub use media::{Media, join};
pub use people::{PASSWORD, Person, Scene, overwrite_path, permissions, picture};
pub use proxy::Proxy;
pub use replica::Replica;
pub use server::{Backend, TestServer};

use std::{
    env,
    io::{self, Write as _},
    time::{Duration, Instant},
};

/// How long anything that is to happen may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The variable that names the PostgreSQL cluster.
const CLUSTER: &str = "SNUG_TEST_POSTGRES";

/// Makes two tests of each scenario (`async fn(TestServer)`): `sqlite::name` and `postgres::name`.
macro_rules! each_database {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::harness::on_sqlite(super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::harness::on_postgres(concat!(module_path!(), "::", stringify!($name)), super::$name); })+
        }
    };
}
pub(crate) use each_database;

/// Runs a scenario on a server with a file of its own.
pub fn on_sqlite<F: Future<Output = ()>>(scenario: impl FnOnce(TestServer) -> F) {
    block_on(async { scenario(TestServer::start(Backend::Sqlite).await).await });
}

/// Runs a scenario on a server with a PostgreSQL database of its own, or says that it was not run.
pub fn on_postgres<F: Future<Output = ()>>(name: &str, scenario: impl FnOnce(TestServer) -> F) {
    if let Some(cluster) = postgres(name) {
        block_on(async { scenario(TestServer::start(cluster).await).await });
    }
}

/// The cluster to run the test with this name on. If there is none, it says so.
pub fn postgres(name: &str) -> Option<Backend> {
    needed(name, CLUSTER).map(Backend::Postgres)
}

/// What a variable says that the test with this name needs. If it says nothing, it is told that the test was not run.
pub fn needed(name: &str, variable: &str) -> Option<String> {
    let value = env::var(variable).ok();
    if value.is_none() {
        // Straight to the terminal: what a passing test prints is swallowed.
        writeln!(io::stderr(), "NOT RUN, for {variable} is not set: {name}").expect("a terminal");
    }
    value
}

/// Runs what a test does, on its own thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

/// Looks again and again until something is there.
#[track_caller]
pub fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(started.elapsed() < PATIENCE, "{caller}: still waiting for {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[test]
fn nothing_is_left_out_where_it_counts() {
    let ci = env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci || env::var(CLUSTER).is_ok(), "CI is true, but {CLUSTER} is not set: PostgreSQL would not be tested");
}
