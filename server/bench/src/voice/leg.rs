//! One leg of a call, between a client and the server: says of each datagram when it goes on. The time is an argument.
//!
//! Everything passes until the leg is [armed](Leg::arm): ICE and DTLS are not what is measured. Then it waits for the first word,
//! which it knows by the level in the packets (RFC 6464), and from it on each 20 ms of speech have a place, by their
//! RTP timestamp. So the same syllables are lost for whoever talks, although some send silence and some do not.

use super::network::{Conditions, Direction, Fate, Plan};

/// What went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Packets with sound, since the first word.
    pub(crate) packets: u64,
    /// Of them, those that were lost.
    pub(crate) lost: u64,
    /// Bytes in UDP of all media, RTP and RTCP, since the first word, those that were lost too.
    pub(crate) bytes: u64,
    /// From the first word to the last, in samples at 48 kHz.
    pub(crate) samples: u32,
}

/// Both ways of a leg.
#[derive(Debug)]
pub(crate) struct Leg {
    armed: bool,
    /// Whether somebody has spoken since.
    begun: bool,
    ways: [Way; 2],
}

#[derive(Debug)]
struct Way {
    sound: Plan,
    control: Plan,
    /// The timestamp of the first word.
    begun: Option<u32>,
    controls: u64,
    counts: Counts,
}

/// What a datagram is (RFC 7983).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// RTP, with its timestamp, and whether something is heard in it.
    Sound { timestamp: u32, audible: bool },
    /// RTCP (RFC 5761, 4).
    Control,
    /// STUN, DTLS and what else there is.
    Other,
}

/// The header extension with the level, as the server's offers number it.
const LEVEL: u8 = 1;
/// Silence, in -dBov.
const SILENT: u8 = 90;
/// Samples of a packet.
const FRAME: u32 = 960;

impl Leg {
    pub(crate) fn new(conditions: &Conditions, seed: u64) -> Self {
        let way = |direction| Way {
            sound: Plan::new(conditions, seed, direction),
            control: Plan::new(conditions, !seed, direction),
            begun: None,
            controls: 0,
            counts: Counts::default(),
        };
        Self { armed: false, begun: false, ways: [way(Direction::Up), way(Direction::Down)] }
    }

    /// The call stands: the next word is the first.
    pub(crate) fn arm(&mut self) {
        self.armed = true;
    }

    /// What becomes of a datagram.
    pub(crate) fn pass(&mut self, direction: Direction, datagram: &[u8]) -> Fate {
        if !self.armed {
            return Fate::GOOD;
        }
        let way = &mut self.ways[index(direction)];
        let fate = match kind(datagram) {
            Kind::Sound { timestamp, audible } if audible || way.begun.is_some() => {
                self.begun = true;
                let begun = *way.begun.get_or_insert(timestamp);
                way.sound(timestamp.wrapping_sub(begun))
            }
            Kind::Control if self.begun => {
                way.controls += 1;
                way.control.fate(way.controls - 1)
            }
            Kind::Sound { .. } | Kind::Control | Kind::Other => return Fate::GOOD,
        };
        way.counts.bytes += datagram.len() as u64;
        fate
    }

    /// What went one way.
    pub(crate) fn counts(&self, direction: Direction) -> Counts {
        self.ways[index(direction)].counts
    }
}

impl Way {
    /// `since` is in samples since the first word.
    fn sound(&mut self, since: u32) -> Fate {
        // What was sent before the first word and comes after it.
        if since > u32::MAX / 2 {
            return Fate::GOOD;
        }
        let fate = self.sound.fate((since / FRAME).into());
        self.counts.packets += 1;
        self.counts.lost += u64::from(fate == Fate::default());
        self.counts.samples = self.counts.samples.max(since + FRAME);
        fate
    }
}

fn index(direction: Direction) -> usize {
    match direction {
        Direction::Up => 0,
        Direction::Down => 1,
    }
}

fn kind(datagram: &[u8]) -> Kind {
    match *datagram {
        [128..=191, 192..=223, ..] => Kind::Control,
        [128..=191, _, _, _, a, b, c, d, _, _, _, _, ..] => {
            Kind::Sound { timestamp: u32::from_be_bytes([a, b, c, d]), audible: level(datagram).is_some_and(|level| level < SILENT) }
        }
        _ => Kind::Other,
    }
}

/// The level of a packet, in -dBov: extensions are not encrypted. RFC 3550, 5.3.1, and RFC 8285, 4.2.
fn level(packet: &[u8]) -> Option<u8> {
    if packet[0] & 0x10 == 0 {
        return None;
    }
    let start = 12 + 4 * usize::from(packet[0] & 15);
    let &[0xbe, 0xde, high, low] = packet.get(start..start + 4)? else {
        return None;
    };
    let mut rest = packet.get(start + 4..start + 4 + 4 * usize::from(u16::from_be_bytes([high, low])))?;
    while let [head, tail @ ..] = rest {
        // Padding is a byte of its own.
        let length = if *head == 0 { 0 } else { usize::from(head & 15) + 1 };
        if head >> 4 == LEVEL {
            return tail.first().map(|level| level & 0x7f);
        }
        rest = tail.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::network::Loss;

    /// RTP with a level, after an extension of two bytes and a byte of padding.
    fn rtp(timestamp: u32, level: u8) -> Vec<u8> {
        let mut packet = vec![0x90, 111, 0, 1];
        packet.extend(timestamp.to_be_bytes());
        packet.extend([0, 0, 0, 9, 0xbe, 0xde, 0, 2, 0x41, 7, 7, 0, LEVEL << 4, 0x80 | level, 0, 0]);
        packet.extend([0xaa; 30]);
        packet
    }

    const RTCP: [u8; 12] = [0x80, 201, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0];
    const STUN: [u8; 20] = [0; 20];

    fn all_is_lost() -> Leg {
        let mut leg = Leg::new(&Conditions::losing(Loss::Uniform(1.0)), 1);
        leg.arm();
        leg
    }

    #[test]
    fn everything_passes_until_the_first_word() {
        let mut leg = Leg::new(&Conditions::losing(Loss::Uniform(1.0)), 1);
        assert_eq!(leg.pass(Direction::Down, &rtp(0, 20)), Fate::GOOD);
        leg.arm();
        assert_eq!(leg.pass(Direction::Down, &rtp(960, 127)), Fate::GOOD);
        assert_eq!(leg.pass(Direction::Down, &RTCP), Fate::GOOD);
        assert_eq!(leg.pass(Direction::Down, &rtp(1_920, 20)), Fate::default());
        assert_eq!(leg.pass(Direction::Down, &rtp(2_880, 127)), Fate::default());
        assert_eq!(leg.pass(Direction::Down, &RTCP), Fate::default());
        assert_eq!(leg.counts(Direction::Down), Counts { packets: 2, lost: 2, bytes: 2 * 54 + 12, samples: 1_920 });
        // Nobody speaks the other way.
        assert_eq!(leg.pass(Direction::Up, &rtp(7, 127)), Fate::GOOD);
        assert_eq!(leg.pass(Direction::Up, &RTCP), Fate::default());
    }

    #[test]
    fn what_keeps_the_connection_passes_always() {
        let mut leg = all_is_lost();
        leg.pass(Direction::Up, &rtp(0, 20));
        assert_eq!(leg.pass(Direction::Up, &STUN), Fate::GOOD);
        assert_eq!(leg.pass(Direction::Up, &[22, 254, 253]), Fate::GOOD);
    }

    #[test]
    fn a_packet_has_its_place_by_its_time_and_not_by_how_many_were_sent() {
        let conditions = Conditions::losing(Loss::Uniform(0.5));
        let fates = |silence_is_sent: bool| -> Vec<Fate> {
            let mut leg = Leg::new(&conditions, 4);
            leg.arm();
            let sent = (0..400u32).filter(|place| silence_is_sent || !(100..200).contains(place));
            sent.filter_map(|place| {
                let fate = leg.pass(Direction::Down, &rtp((u32::MAX - 50_000).wrapping_add(place * 960), 30));
                (!(100..200).contains(&place)).then_some(fate)
            })
            .collect()
        };
        assert_eq!(fates(true), fates(false));
    }
}
