//! Who is in a room, what each may, who speaks, and what is passed on to whom. Without a clock, a socket or a codec.
//!
//! Invariants, which [`Room::verify_invariants`] checks:
//!
//! * nothing is passed on from or to a peer that may not, and nobody gets what is their own;
//! * a listener has a speaker in one slot at most, a slot carries one speaker, and there are at most [`SLOTS`];
//! * only shares that are there and permitted are on the m-lines for them;
//! * the numbers of an m-line rise by what was sent on it ([`stream`]);
//! * what a voice's packet carries along are frames of that voice, from since it may be heard.

mod shares;
mod slots;
pub(crate) mod stream;
#[cfg(test)]
mod tests;
mod voice;

use super::{May, PeerId};
use snug_protocol::{
    UserId,
    voice::{TrackKind, TrackRef},
};
use snug_redundancy::Copies;
use std::{collections::BTreeSet, mem, sync::Arc, time::Instant};
use stream::{Outgoing, Source};

pub(crate) use voice::{Packet, Payload};

/// How many can be heard at once by one listener.
pub(crate) const SLOTS: usize = 16;
/// Up to so many others, there is a slot for each. Every m-line costs time with every packet, so a larger room has them
/// only as it needs them: [`SPARE`] more than have ever spoken at once.
pub(crate) const EACH: usize = 5;
/// See [`EACH`]: enough for those who begin to speak while an offer is under way.
pub(crate) const SPARE: usize = 2;

/// The people of one voice channel.
#[derive(Debug, Default)]
pub(crate) struct Room {
    members: Vec<Member>,
    speaking: Vec<UserId>,
    /// The most who have spoken at once.
    most: usize,
    outputs: Vec<Output>,
}

/// What a room wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// What the m-lines of a peer carry has changed.
    Tracks(PeerId),
    /// What a peer shows has changed.
    Shares(PeerId, Vec<TrackKind>),
    /// Who is heard has changed.
    Speaking(Vec<UserId>),
    /// Whether sound of a peer arrives has changed.
    Heard(PeerId, bool),
    /// A peer is to send a whole picture.
    Keyframe(PeerId, TrackKind),
    /// What a peer's next offer should hold has changed: see [`Room::wants`].
    Wants(PeerId),
}

/// The m-lines that a peer should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    /// On which the peer sends.
    pub(crate) takes: BTreeSet<TrackKind>,
    /// For voices.
    pub(crate) slots: usize,
    /// For pictures.
    pub(crate) pictures: usize,
    /// For the sound of screens.
    pub(crate) sounds: usize,
}

/// Whom a packet is passed on to, and as what.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// To whom.
    pub(crate) forwards: Vec<Forward>,
    /// Payloads of redundant audio in place of the packet's own, each made once for all who need as many copies.
    pub(crate) payloads: Vec<(Copies, Arc<[u8]>)>,
}

impl Passed {
    /// What a listener is sent; nothing if it is the packet's own payload.
    pub(crate) fn payload(&self, forward: &Forward) -> Option<&Arc<[u8]>> {
        let copies = forward.copies?;
        self.payloads.iter().find(|(of, _)| *of == copies).map(|(_, payload)| payload)
    }

    /// Nobody, yet.
    pub(crate) fn clear(&mut self) {
        self.forwards.clear();
        self.payloads.clear();
    }
}

/// A packet for a listener, as it is to be numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Forward {
    /// Where the worker keeps the listener.
    pub(crate) seat: usize,
    /// Which of their m-lines.
    pub(crate) line: Line,
    /// Extended sequence number.
    pub(crate) seq: u64,
    /// RTP timestamp.
    pub(crate) time: u32,
    /// The first of somebody, or after a silence.
    pub(crate) first: bool,
    /// With how many earlier frames it is packed; as it came, if nothing.
    pub(crate) copies: Option<Copies>,
}

/// An m-line on which the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Line {
    /// For a voice, by number.
    Slot(usize),
    /// For pictures, by number.
    Picture(usize),
    /// For the sound of a screen, by number.
    Sound(usize),
}

#[derive(Debug)]
struct Member {
    peer: PeerId,
    user: UserId,
    may: May,
    seat: usize,
    voice: voice::Voice,
    published: BTreeSet<TrackKind>,
    shares: Vec<shares::Share>,
    slots: Vec<slots::Slot>,
    pictures: Vec<shares::Screen>,
    sounds: Vec<shares::Screen>,
    watches: BTreeSet<TrackRef>,
    wants: Wants,
    /// How many earlier frames they need to be sent, for what is lost on the way to them.
    copies: Copies,
}

impl Room {
    /// Somebody comes. `seat` is where the worker keeps them.
    pub(crate) fn join(&mut self, now: Instant, peer: PeerId, user: UserId, may: May, seat: usize) {
        self.members.push(Member {
            peer,
            user,
            may,
            seat,
            voice: voice::Voice::new(now),
            published: BTreeSet::new(),
            shares: Vec::new(),
            slots: Vec::new(),
            pictures: Vec::new(),
            sounds: Vec::new(),
            watches: BTreeSet::new(),
            wants: Wants::default(),
            copies: Copies::None,
        });
        self.fill_slots();
        self.update_wants();
    }

    /// Somebody goes.
    pub(crate) fn leave(&mut self, now: Instant, peer: PeerId) {
        let Some(at) = self.position(peer) else { return };
        let gone = self.members.remove(at);
        self.outputs.retain(|output| match output {
            Output::Tracks(of) | Output::Shares(of, _) | Output::Heard(of, _) | Output::Keyframe(of, _) | Output::Wants(of) => *of != peer,
            Output::Speaking(_) => true,
        });
        self.free_slots(gone.peer);
        self.free_screens(gone.peer, |_| true);
        if self.members.iter().all(|other| other.user != gone.user) {
            self.members.iter_mut().for_each(|other| other.watches.retain(|track| track.user_id != gone.user));
        }
        self.fill_slots();
        self.fill_screens(now);
        self.update_wants();
        self.update_speaking(now);
    }

    /// What somebody may has changed. Holds for the next packet.
    pub(crate) fn allow(&mut self, now: Instant, peer: PeerId, may: May) {
        let Some(at) = self.position(peer) else { return };
        let member = &mut self.members[at];
        let had = mem::replace(&mut member.may, may);
        if had.speak != may.speak {
            member.voice.interrupt(now);
        }
        if had.listen != may.listen {
            // What they missed is not lost, it was never theirs.
            member.slots.iter_mut().for_each(|slot| slot.out.interrupt());
            member.pictures.iter_mut().chain(&mut member.sounds).for_each(|screen| screen.out.interrupt());
        }
        if had.share && !may.share {
            for kind in mem::take(&mut self.members[at].published) {
                self.end_share(now, peer, kind);
            }
            self.update_wants();
        }
        self.update_speaking(now);
    }

    /// What has come up since the last time.
    pub(crate) fn outputs(&mut self) -> impl Iterator<Item = Output> + use<> {
        mem::take(&mut self.outputs).into_iter()
    }

    /// Whether nobody is here.
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Who is here: in the order in which they came.
    pub(crate) fn seats(&self) -> impl Iterator<Item = (PeerId, UserId, usize)> {
        self.members.iter().map(|member| (member.peer, member.user, member.seat))
    }

    /// The m-lines that a peer should have.
    pub(crate) fn wants(&self, peer: PeerId) -> Wants {
        self.member(peer).map(|member| member.wants.clone()).unwrap_or_default()
    }

    /// A peer has these m-lines now; they only become more.
    pub(crate) fn has_lines(&mut self, now: Instant, peer: PeerId, slots: usize, pictures: usize, sounds: usize) {
        let Some(at) = self.position(peer) else { return };
        let member = &mut self.members[at];
        while member.slots.len() < slots {
            member.slots.push(slots::Slot::default());
        }
        while member.pictures.len() < pictures {
            member.pictures.push(shares::Screen::new(90_000));
        }
        while member.sounds.len() < sounds {
            member.sounds.push(shares::Screen::new(48_000));
        }
        self.fill_slots();
        self.fill_screens(now);
    }

    /// What a peer's m-lines carry.
    pub(crate) fn tracks(&self, peer: PeerId) -> Vec<(Line, Option<TrackRef>)> {
        let Some(member) = self.member(peer) else { return Vec::new() };
        let track = |(peer, kind): (PeerId, TrackKind)| self.member(peer).map(|of| TrackRef { user_id: of.user, kind });
        let slots = member.slots.iter().enumerate().map(|(i, slot)| (Line::Slot(i), slot.speaker.map(|of| (of, TrackKind::Microphone))));
        let pictures = member.pictures.iter().enumerate().map(|(i, screen)| (Line::Picture(i), screen.carries));
        let sounds = member.sounds.iter().enumerate().map(|(i, screen)| (Line::Sound(i), screen.carries));
        slots.chain(pictures).chain(sounds).map(|(line, carries)| (line, carries.and_then(track))).collect()
    }

    /// How many earlier frames somebody needs to be sent: none, for those who do not take redundant audio.
    pub(crate) fn needs(&mut self, peer: PeerId, copies: Copies) {
        if let Some(at) = self.position(peer) {
            self.members[at].copies = copies;
        }
    }

    /// When something is to be done though nothing comes.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let voices = self.members.iter().filter_map(|member| member.voice_deadline());
        let keyframes = self.members.iter().flat_map(|member| &member.shares).filter_map(shares::Share::deadline);
        voices.chain(keyframes).min()
    }

    /// The time has come.
    pub(crate) fn tick(&mut self, now: Instant) {
        for member in &mut self.members {
            for share in &mut member.shares {
                if share.deadline().is_some_and(|at| at <= now) {
                    share.ask(now);
                    self.outputs.push(Output::Keyframe(member.peer, share.kind));
                }
            }
            if let Some(heard) = member.unheard(now) {
                self.outputs.push(Output::Heard(member.peer, heard));
            }
        }
        self.update_speaking(now);
    }

    /// Panics when something is not as it must be.
    #[cfg(any(test, debug_assertions))]
    pub(crate) fn verify_invariants(&self) {
        for member in &self.members {
            assert!(member.slots.len() <= SLOTS, "too many slots");
            assert!(member.wants.slots <= SLOTS);
            let mut seen = BTreeSet::new();
            for speaker in member.slots.iter().filter_map(|slot| slot.speaker) {
                let of = self.member(speaker).expect("a slot carries somebody who has gone");
                assert!(of.user != member.user, "somebody hears themselves");
                assert!(seen.insert(speaker), "a speaker is in two slots");
            }
            for (screens, sound) in [(&member.pictures, false), (&member.sounds, true)] {
                for (of, kind) in screens.iter().filter_map(|screen| screen.carries) {
                    let of = self.member(of).expect("an m-line carries somebody who has gone");
                    assert!(of.may.share, "somebody shows what they may not");
                    assert!(of.shares.iter().any(|share| share.kind == kind), "an m-line carries what is not there");
                    assert_eq!(sound, kind == TrackKind::ScreenSound);
                    assert!(member.watches.contains(&TrackRef { user_id: of.user, kind }), "shown, though not watched");
                    assert!(of.user != member.user);
                }
            }
            assert!(member.may.share || member.published.is_empty());
            assert!(member.shares.iter().all(|share| member.published.contains(&share.kind)));
        }
        for user in &self.speaking {
            assert!(self.members.iter().any(|member| member.user == *user && member.may.speak), "who may not speak does");
        }
    }

    fn position(&self, peer: PeerId) -> Option<usize> {
        self.members.iter().position(|member| member.peer == peer)
    }

    fn member(&self, peer: PeerId) -> Option<&Member> {
        self.members.iter().find(|member| member.peer == peer)
    }

    fn update_wants(&mut self) {
        let slots = match self.members.len().saturating_sub(1) {
            few @ ..=EACH => few,
            others => others.min(self.most + SPARE).min(SLOTS),
        };
        for at in 0..self.members.len() {
            let (pictures, sounds) = self.watched(at);
            let member = &mut self.members[at];
            let mut takes = member.published.clone();
            takes.insert(TrackKind::Microphone);
            let wants = Wants {
                takes,
                slots: slots.max(member.wants.slots),
                pictures: pictures.max(member.wants.pictures),
                sounds: sounds.max(member.wants.sounds),
            };
            if wants != member.wants {
                member.wants = wants;
                self.outputs.push(Output::Wants(member.peer));
            }
        }
    }

    fn changed(outputs: &mut Vec<Output>, peer: PeerId) {
        let tracks = Output::Tracks(peer);
        if !outputs.contains(&tracks) {
            outputs.push(tracks);
        }
    }
}
