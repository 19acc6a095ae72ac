//! SRTP for voices on their way out (RFC 3711, RFC 7714).
//!
//! str0m encrypts whatever is sent, and for each packet goes through its queues, pacer and timers first: five times what the cipher
//! needs. Voices need nothing of that. They are sent once and at once, and a listener in a large room gets nothing else. So their
//! packets are sealed here, with the keys that str0m's DTLS has agreed on; everything else stays str0m's.
//!
//! The same key serves both. What keeps them apart is the number of the packet, part of the nonce, which the room gives away once
//! only (RFC 7714, 8.1).

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    iv::FixedLength,
};
use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, LazyLock, OnceLock},
    time::Instant,
};
use str0m::crypto::{
    CryptoError, CryptoProvider,
    dtls::{DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion, SrtpProfile},
};

/// Bytes of the salt of a session, and of the tag of a packet.
const SALT: usize = 12;
const TAG: usize = 16;
/// Labels of the key derivation (RFC 3711, 4.3.1).
const LABEL_KEY: u8 = 0;
const LABEL_SALT: u8 = 2;

/// The header of a packet (RFC 3550, 5.1), with the extensions that voices have (RFC 8285).
pub(super) struct Header<'a> {
    pub(super) payload_type: u8,
    pub(super) marker: bool,
    /// Extended: with how often it has rolled over.
    pub(super) sequence: u64,
    pub(super) timestamp: u32,
    pub(super) ssrc: u32,
    /// The m-line (RFC 9143), and the number of the extension that says it.
    pub(super) mid: Option<(u8, &'a str)>,
    /// The level (RFC 6464), and the number of its extension.
    pub(super) level: Option<(u8, u8)>,
}

impl Header<'_> {
    fn write(&self, packet: &mut Vec<u8>) {
        let extended = self.mid.is_some() || self.level.is_some();
        packet.push(0x80 | u8::from(extended) << 4);
        packet.push(u8::from(self.marker) << 7 | self.payload_type);
        packet.extend_from_slice(&(self.sequence as u16).to_be_bytes());
        packet.extend_from_slice(&self.timestamp.to_be_bytes());
        packet.extend_from_slice(&self.ssrc.to_be_bytes());
        if !extended {
            return;
        }
        packet.extend_from_slice(&[0xbe, 0xde, 0, 0]);
        let start = packet.len();
        let mut element = |number: u8, bytes: &[u8]| {
            packet.push(number << 4 | (bytes.len() - 1) as u8);
            packet.extend_from_slice(bytes);
        };
        if let Some((number, level)) = self.level {
            element(number, &[level]);
        }
        if let Some((number, mid)) = self.mid {
            element(number, mid.as_bytes());
        }
        packet.resize(start + (packet.len() - start).next_multiple_of(4), 0);
        let words = ((packet.len() - start) / 4) as u16;
        packet[start - 2..start].copy_from_slice(&words.to_be_bytes());
    }
}

/// Encrypts what is sent to one peer.
pub(super) struct Sealer {
    key: LessSafeKey,
    salt: [u8; SALT],
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// From what DTLS has exported (RFC 5764, 4.2): the keys of client and server, then their salts. Nothing for a profile that is not
    /// AES-GCM.
    fn new(profile: SrtpProfile, exported: &[u8], client: bool) -> Option<Self> {
        let (aead, cipher, length) = match profile {
            SrtpProfile::AEAD_AES_128_GCM => (&AES_128_GCM, &AES_128, 16),
            SrtpProfile::AEAD_AES_256_GCM => (&AES_256_GCM, &AES_256, 32),
            _ => return None,
        };
        let half = |bytes: &'_ [u8], length: usize| -> Option<Vec<u8>> {
            bytes.get(if client { 0..length } else { length..2 * length }).map(<[u8]>::to_vec)
        };
        let (master, salt) = (half(exported, length)?, half(exported.get(2 * length..)?, SALT)?);
        let derive = EncryptingKey::ctr(UnboundCipherKey::new(cipher, &master).ok()?).ok()?;
        let key = UnboundKey::new(aead, &derived(&derive, &salt, LABEL_KEY, length)?).ok()?;
        let salt = derived(&derive, &salt, LABEL_SALT, SALT)?.try_into().ok()?;
        Some(Self { key: LessSafeKey::new(key), salt })
    }

    /// Writes a packet. `None` if it is longer than the cipher takes, which no packet is.
    pub(super) fn seal(&self, header: &Header<'_>, payload: &[u8]) -> Option<Vec<u8>> {
        // Fixed header, extensions with a name of a few letters, payload, tag.
        let mut packet = Vec::with_capacity(12 + 4 + 24 + payload.len() + TAG);
        header.write(&mut packet);
        let start = packet.len();
        packet.extend_from_slice(payload);
        let mut nonce = self.salt;
        let mut apply = |at: usize, bytes: &[u8]| nonce[at..].iter_mut().zip(bytes).for_each(|(nonce, byte)| *nonce ^= byte);
        apply(2, &header.ssrc.to_be_bytes());
        // How often the number has rolled over, and the number.
        apply(6, &header.sequence.to_be_bytes()[2..]);
        let (head, body) = packet.split_at_mut(start);
        let tag = self.key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&*head), body).ok()?;
        packet.extend_from_slice(tag.as_ref());
        Some(packet)
    }
}

/// A key or salt of the session (RFC 3711, 4.3.3; RFC 7714, 11).
fn derived(key: &EncryptingKey, salt: &[u8], label: u8, length: usize) -> Option<Vec<u8>> {
    let mut vector = [0; 16];
    vector[..salt.len()].copy_from_slice(salt);
    vector[7] ^= label;
    let mut bytes = vec![0; length];
    key.less_safe_encrypt(&mut bytes, EncryptionContext::Iv128(FixedLength::from(vector))).ok()?;
    Some(bytes)
}

/// Where the keys of a connection are, once there are any.
pub(super) type Exported = Arc<OnceLock<Sealer>>;

/// str0m's ciphers, with a DTLS that tells the keys too.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { dtls_provider: &Telling, ..provided().clone() }
}

fn provided() -> &'static CryptoProvider {
    static PROVIDED: LazyLock<CryptoProvider> = LazyLock::new(str0m::crypto::from_feature_flags);
    &PROVIDED
}

thread_local! {
    /// For the connection that is being made on this thread: providers are static, and know of none.
    static NEXT: RefCell<Option<Exported>> = const { RefCell::new(None) };
}

/// Makes a connection, and says where its keys will be.
pub(super) fn listening<T>(make: impl FnOnce() -> T) -> (T, Exported) {
    let exported = Exported::default();
    NEXT.set(Some(exported.clone()));
    let made = make();
    NEXT.set(None);
    (made, exported)
}

#[derive(Debug)]
struct Telling;

impl DtlsProvider for Telling {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        provided().dtls_provider.generate_certificate()
    }

    fn new_dtls(&self, cert: &DtlsCert, now: Instant, version: DtlsVersion, mtu: Option<usize>) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = provided().dtls_provider.new_dtls(cert, now, version, mtu)?;
        Ok(match NEXT.take() {
            Some(exported) => Box::new(Told { inner, exported }),
            None => inner,
        })
    }
}

#[derive(Debug)]
struct Told {
    inner: Box<dyn DtlsInstance>,
    exported: Exported,
}

impl DtlsInstance for Told {
    fn poll_output<'a>(&mut self, buf: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.inner.poll_output(buf);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output
            && let Some(sealer) = Sealer::new(*profile, material.as_ref(), self.inner.is_active())
        {
            // There is one handshake for each connection.
            let _ = self.exported.set(sealer);
        }
        output
    }

    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.inner.handle_packet(packet)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: String = hex.split_whitespace().collect();
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 3711, B.3.
    #[test]
    fn keys_are_derived_as_in_the_standard() {
        let master = bytes("E1F97A0D3E018BE0D64FA32C06DE4139");
        let salt = bytes("0EC675AD498AFEEBB6960B3AABE6");
        let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, &master).unwrap()).unwrap();
        assert_eq!(derived(&key, &salt, LABEL_KEY, 16).unwrap(), bytes("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(derived(&key, &salt, LABEL_SALT, 14).unwrap(), bytes("30CBBC08863D8C85D49DB34A9AE1"));
    }

    /// RFC 7714, 16.1.1.
    #[test]
    fn packets_are_sealed_as_in_the_standard() {
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &bytes("000102030405060708090a0b0c0d0e0f")).unwrap());
        let sealer = Sealer { key, salt: bytes("517569642070726f2071756f").try_into().unwrap() };
        let header =
            Header { payload_type: 0x40, marker: false, sequence: 0xf17b, timestamp: 0x8041_f8d3, ssrc: 0x5501_a0b2, mid: None, level: None };
        let packet = sealer.seal(&header, b"Gallia est omnis divisa in partes tres").unwrap();
        let expected = "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf \
                        8833899d 7f27beb1 6a9152cf 765ee439 0cce";
        assert_eq!(packet, bytes(expected));
    }

    #[test]
    fn extensions_fill_whole_words() {
        let mut packet = Vec::new();
        let header =
            Header { payload_type: 63, marker: true, sequence: 0x1_0002, timestamp: 3, ssrc: 4, mid: Some((4, "abc")), level: Some((1, 0x94)) };
        header.write(&mut packet);
        assert_eq!(packet, bytes("90bf0002 00000003 00000004 bede0002 10944261 62630000"));
    }
}
