//! As much of STUN (RFC 8489) as tells whose a request is. Its integrity is checked where the password is.

/// The part of the USERNAME that names us (RFC 8445, 7.2.2): whose request this is.
pub(crate) fn ufrag(datagram: &[u8]) -> Option<&str> {
    const HEADER: usize = 20;
    const USERNAME: u16 = 0x0006;
    let len = usize::from(u16::from_be_bytes([*datagram.get(2)?, *datagram.get(3)?]));
    let mut attributes = datagram.get(HEADER..HEADER + len)?;
    while let [t0, t1, l0, l1, rest @ ..] = attributes {
        let len = usize::from(u16::from_be_bytes([*l0, *l1]));
        if u16::from_be_bytes([*t0, *t1]) == USERNAME {
            let name = str::from_utf8(rest.get(..len)?).ok()?;
            return Some(name.split_once(':')?.0);
        }
        attributes = rest.get(len.next_multiple_of(4)..)?;
    }
    None
}

/// Whether a datagram is STUN (RFC 7983, 7).
pub(crate) fn is_stun(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|byte| *byte < 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_of_the_username_is_found_behind_other_attributes() {
        let mut request = vec![0, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42];
        request.resize(20, 0);
        request.extend([0x80, 0x22, 0, 3, 1, 2, 3, 0]);
        request.extend([0, 6, 0, 9]);
        request.extend(b"abcd:efgh\0\0\0");
        assert!(is_stun(&request));
        assert_eq!(ufrag(&request), Some("abcd"));
        (0..request.len() - 3).for_each(|n| assert_eq!(ufrag(&request[..n]), None));
    }
}
