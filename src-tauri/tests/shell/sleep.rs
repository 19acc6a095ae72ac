//! Sleep, as a logind of the test's own tells of it.

use crate::{PATIENCE, bus::Bus};
use snug_desktop::shell::sleep;
use tokio::{sync::mpsc, time::timeout};
use zbus::{interface, object_server::SignalEmitter};

struct Manager;

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

#[tokio::test]
async fn who_wakes_up_is_told_so_and_who_falls_asleep_is_not() {
    let bus = Bus::start();
    let logind = bus.connect().await;
    logind.object_server().at("/org/freedesktop/login1", Manager).await.unwrap();
    logind.request_name("org.freedesktop.login1").await.unwrap();
    let manager = logind.object_server().interface::<_, Manager>("/org/freedesktop/login1").await.unwrap();

    let app = bus.connect().await;
    let (woke, mut wakes) = mpsc::unbounded_channel();
    sleep::watch(&app, move || woke.send(()).unwrap()).await.unwrap();
    for _ in 0..2 {
        manager.signal_emitter().prepare_for_sleep(true).await.unwrap();
        manager.signal_emitter().prepare_for_sleep(false).await.unwrap();
        timeout(PATIENCE, wakes.recv()).await.unwrap().unwrap();
        assert!(wakes.is_empty());
    }
}
