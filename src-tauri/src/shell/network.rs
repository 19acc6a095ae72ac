//! Changes of the network, as the kernel tells of them (rtnetlink(7)).

use rustix::{
    io::Errno,
    net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, netlink::SocketAddrNetlink, recv, socket_with},
};
use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket},
    os::fd::OwnedFd,
    thread,
    time::Duration,
};

/// `RTMGRP_LINK`, `RTMGRP_IPV4_IFADDR`, `RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_IFADDR`, `RTMGRP_IPV6_ROUTE`.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;
/// A change comes in many parts. So long after the first of them it is looked what came of it.
const SETTLED: Duration = Duration::from_millis(300);
/// Somewhere far away: addresses for examples, which nobody has (RFC 5737, RFC 3849). Nothing is sent there.
const FAR: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))];

/// From where one is reached and reaches others.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// The addresses that the system would send from.
    ways: [Option<IpAddr>; 2],
    /// All addresses but those that lead nowhere.
    addresses: BTreeSet<IpAddr>,
}

impl Place {
    fn now() -> io::Result<Self> {
        let all = if_addrs::get_if_addrs()?.into_iter();
        let addresses = all.filter(|one| !one.is_loopback() && !one.is_link_local()).map(|one| one.ip()).collect();
        Ok(Self { ways: FAR.map(way), addresses })
    }
}

fn way(to: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    // Sends nothing: it only looks up the route.
    socket.connect((to, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Says so whenever this machine is somewhere else in the network than before, for as long as the app runs.
pub fn watch(changed: impl Fn() + Send + 'static) -> io::Result<()> {
    // No protocol is protocol 0, which is `NETLINK_ROUTE`.
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
    bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
    let mut before = Place::now()?;
    thread::Builder::new().name("snug-network".to_owned()).spawn(move || {
        loop {
            if let Err(error) = told(&socket) {
                return tracing::warn!(%error, "changes of the network are not told any more");
            }
            match Place::now() {
                Ok(now) if now != before => {
                    tracing::info!("the network changed");
                    before = now;
                    changed();
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the machine's addresses cannot be read"),
            }
        }
    })?;
    Ok(())
}

/// Waits until something is told, and until it has settled: what it says does not matter.
fn told(socket: &OwnedFd) -> io::Result<()> {
    let mut flags = RecvFlags::empty();
    loop {
        match recv(socket, &mut [0_u8; 8_192], flags) {
            Err(Errno::INTR) => {}
            // More was told than there was room for: something was.
            Ok(_) | Err(Errno::NOBUFS) if flags.is_empty() => {
                flags = RecvFlags::DONTWAIT;
                thread::sleep(SETTLED);
            }
            Ok(_) | Err(Errno::NOBUFS) => {}
            Err(Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
