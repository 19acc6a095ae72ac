//! One call to RealtimeKit by D-Bus (specification 0.43): `MakeThreadRealtime`. A library for D-Bus would be larger than the engine.

use std::{
    env,
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    time::Duration,
};

/// Where the system's bus listens unless `DBUS_SYSTEM_BUS_ADDRESS` says otherwise.
const BUS: &str = "/run/dbus/system_bus_socket";
/// How long the bus may take to answer. The voice thread does not live yet.
const PATIENCE: Duration = Duration::from_millis(500);
const SERVICE: &str = "org.freedesktop.RealtimeKit1";
const PATH: &str = "/org/freedesktop/RealtimeKit1";
/// More than any answer to what is asked here.
const LONGEST: usize = 65_536;

/// Types of messages.
const CALL: u8 = 1;
const ANSWER: u8 = 2;
const ERROR: u8 = 3;

/// Makes a thread of this process a real-time one.
pub(super) fn raise(thread: u64, priority: u32) -> io::Result<()> {
    let mut bus = UnixStream::connect(socket())?;
    bus.set_read_timeout(Some(PATIENCE))?;
    bus.set_write_timeout(Some(PATIENCE))?;
    sign_in(&mut bus)?;
    // The bus demands a hello before anything else.
    ask(&mut bus, &Call { serial: 1, service: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", member: "Hello", signature: "", body: &[] })?;
    let mut body = thread.to_le_bytes().to_vec();
    body.extend(priority.to_le_bytes());
    ask(&mut bus, &Call { serial: 2, service: SERVICE, path: PATH, member: "MakeThreadRealtime", signature: "tu", body: &body })
}

fn socket() -> String {
    let address = env::var("DBUS_SYSTEM_BUS_ADDRESS").unwrap_or_default();
    let path = address.split(';').find_map(|one| one.strip_prefix("unix:path=")).and_then(|rest| rest.split(',').next());
    path.unwrap_or(BUS).to_owned()
}

/// SASL EXTERNAL: the socket itself says who one is.
fn sign_in(bus: &mut UnixStream) -> io::Result<()> {
    let user = rustix::process::getuid().as_raw().to_string();
    let hex: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
    bus.write_all(format!("\0AUTH EXTERNAL {hex}\r\n").as_bytes())?;
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        let mut byte = [0];
        bus.read_exact(&mut byte)?;
        line.push(byte[0]);
        if line.len() > LONGEST {
            return Err(garbled());
        }
    }
    if !line.starts_with(b"OK ") {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the system's bus does not let one in"));
    }
    bus.write_all(b"BEGIN\r\n")
}

/// What is asked.
struct Call<'a> {
    serial: u32,
    service: &'a str,
    path: &'a str,
    member: &'a str,
    signature: &'a str,
    body: &'a [u8],
}

impl Call<'_> {
    /// As it goes over the wire, in little endian.
    fn bytes(&self) -> Vec<u8> {
        // Path, interface, member, destination, signature: each a struct of a code and a variant.
        let mut fields = Vec::new();
        let text = |fields: &mut Vec<u8>, code: u8, kind: u8, value: &str| {
            pad(fields, 8);
            fields.extend([code, 1, kind, 0]);
            if kind == b'g' {
                fields.push(value.len() as u8);
            } else {
                fields.extend((value.len() as u32).to_le_bytes());
            }
            fields.extend(value.bytes());
            fields.push(0);
        };
        text(&mut fields, 1, b'o', self.path);
        text(&mut fields, 2, b's', self.service);
        text(&mut fields, 3, b's', self.member);
        text(&mut fields, 6, b's', self.service);
        if !self.signature.is_empty() {
            text(&mut fields, 8, b'g', self.signature);
        }
        let mut bytes = vec![b'l', CALL, 0, 1];
        for number in [self.body.len() as u32, self.serial, fields.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(fields);
        pad(&mut bytes, 8);
        bytes.extend(self.body);
        bytes
    }
}

fn pad(bytes: &mut Vec<u8>, to: usize) {
    bytes.resize(bytes.len().next_multiple_of(to), 0);
}

/// Sends a call, and waits for what answers it.
fn ask(bus: &mut UnixStream, call: &Call<'_>) -> io::Result<()> {
    bus.write_all(&call.bytes())?;
    loop {
        let mut head = [0; 16];
        bus.read_exact(&mut head)?;
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) as usize;
        let (body, fields) = (number(4), number(12));
        if head[0] != b'l' || body > LONGEST || fields > LONGEST {
            return Err(garbled());
        }
        let mut rest = vec![0; fields.next_multiple_of(8) + body];
        bus.read_exact(&mut rest)?;
        if answered(&rest[..fields]) != Some(call.serial) {
            // A signal: the bus tells one's own name.
            continue;
        }
        return match head[1] {
            ANSWER => Ok(()),
            ERROR => {
                // Its first argument is what went wrong, in words.
                let words = rest.get(fields.next_multiple_of(8) + 4..).unwrap_or_default();
                let words = String::from_utf8_lossy(words).trim_end_matches('\0').to_owned();
                Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("RealtimeKit refuses: {words}")))
            }
            _ => Err(garbled()),
        };
    }
}

/// The serial number that a message answers, from its fields: field 5, a `u32`.
fn answered(fields: &[u8]) -> Option<u32> {
    let at = fields.windows(4).step_by(8).position(|field| field == [5, 1, b'u', 0])? * 8 + 4;
    fields.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn garbled() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the system's bus speaks in other words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_as_dbus_has_it() {
        let bytes = Call { serial: 1, service: "a.b", path: "/a", member: "C", signature: "u", body: &[1, 0, 0, 0] }.bytes();
        assert_eq!(bytes[..16], [b'l', 1, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 71, 0, 0, 0]);
        assert_eq!(bytes[16..28], [1, 1, b'o', 0, 2, 0, 0, 0, b'/', b'a', 0, 0]);
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(bytes[bytes.len() - 4..], [1, 0, 0, 0]);
    }

    #[test]
    fn an_answer_says_what_it_answers() {
        let fields = [6, 1, b's', 0, 1, 0, 0, 0, b'x', 0, 0, 0, 0, 0, 0, 0, 5, 1, b'u', 0, 2, 0, 0, 0];
        assert_eq!(answered(&fields), Some(2));
        assert_eq!(answered(&[]), None);
    }
}
