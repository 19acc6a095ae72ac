//! Changes of the network, in a network of the test's own.

use crate::{PATIENCE, bus};
use snug_desktop::shell::network;
use std::{env, process::Command};
use tokio::{sync::mpsc, time::timeout};

fn ip(words: &str) {
    let done = Command::new("ip").args(words.split(' ')).output().expect("iproute2 is installed");
    assert!(done.status.success(), "ip {words}: {}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn another_address_is_another_network() {
    if !bus::is_inside() {
        let mut program = Command::new("unshare");
        return bus::again(
            program.args(["--map-root-user", "--net"]).arg(env::current_exe().unwrap()),
            "network::another_address_is_another_network",
        );
    }
    ip("link add here type veth peer name there");
    ip("link set there up");
    ip("link set here up");
    let (changed, mut changes) = mpsc::unbounded_channel();
    network::watch(move || changed.send(()).unwrap()).unwrap();
    for change in
        ["address add 192.0.2.7/24 dev here", "route add default via 192.0.2.1", "address add 198.51.100.7/24 dev here", "link set here down"]
    {
        ip(change);
        timeout(PATIENCE, changes.recv()).await.unwrap_or_else(|_| panic!("{change} is told")).unwrap();
    }
}
