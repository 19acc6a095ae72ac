//! The count on the app's icon in a dock (com.canonical.Unity.LauncherEntry: Ubuntu's dock, Plasma's task manager, Dash to Dock).

use std::collections::HashMap;
use zbus::{Connection, zvariant::Value};

/// The app's desktop entry.
const ENTRY: &str = "application://app.snug.Snug.desktop";

/// Shows so many; nothing at all for none.
pub async fn count(session: &Connection, mentions: u32) -> zbus::Result<()> {
    let shown = HashMap::from([("count", Value::from(i64::from(mentions))), ("count-visible", Value::from(mentions > 0))]);
    session.emit_signal(None::<&str>, "/app/snug/Snug/launcher", "com.canonical.Unity.LauncherEntry", "Update", &(ENTRY, shown)).await
}
