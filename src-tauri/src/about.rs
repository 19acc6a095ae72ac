//! What this program is, and what it runs on: for reports of what does not work.

use snug_ipc::stats::About;
use std::{env::consts::ARCH, fs};

/// What this program is, and what it runs on.
#[tauri::command]
pub(crate) async fn about() -> About {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: snug_protocol::VERSION,
        system: format!("{}, Linux {}, {ARCH}", distribution(&release), kernel.trim()),
    }
}

/// What a distribution calls itself in its `os-release`.
fn distribution(release: &str) -> &str {
    release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map_or("an unknown distribution", |name| name.trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_is_called_what_it_calls_itself() {
        assert_eq!(distribution("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"), "Debian GNU/Linux 12 (bookworm)");
        assert_eq!(distribution("ID=odd"), "an unknown distribution");
    }
}
