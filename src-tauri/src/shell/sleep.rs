//! The computer's sleep, as logind tells of it.

use futures_util::StreamExt;
use zbus::{Connection, proxy};

#[proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Manager {
    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

/// Says so whenever the computer woke up, until `system`, the system's bus, is gone. Nothing has to be done before the sleep: what is
/// typed and not sent is kept as it is typed.
pub async fn watch(system: &Connection, woke: impl Fn() + Send + 'static) -> zbus::Result<()> {
    let mut changes = ManagerProxy::new(system).await?.receive_prepare_for_sleep().await?;
    tokio::spawn(async move {
        while let Some(change) = changes.next().await {
            if change.args().is_ok_and(|args| !args.start) {
                tracing::info!("the computer woke up");
                woke();
            }
        }
    });
    Ok(())
}
