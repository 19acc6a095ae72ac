//! Pictures, and the sound that goes with them: passed on to those who watch.

use super::{Forward, Line, Member, Outgoing, Output, Packet, Room, Source};
use crate::sfu::PeerId;
use snug_protocol::voice::{TrackKind, TrackRef};
use std::time::{Duration, Instant};

/// How often a sender is asked for a whole picture.
const KEYFRAMES: Duration = Duration::from_millis(500);

/// What somebody shows, once there is an m-line for it.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) kind: TrackKind,
    source: Source,
    keyframe: Keyframe,
}

/// When the sender was last asked for a whole picture.
#[derive(Debug)]
enum Keyframe {
    Never,
    Asked(Instant),
    /// Somebody has asked again since.
    Wanted(Instant),
}

/// An m-line for pictures or for the sound of a screen.
#[derive(Debug)]
pub(super) struct Screen {
    pub(super) carries: Option<(PeerId, TrackKind)>,
    pub(super) out: Outgoing,
}

impl Screen {
    pub(super) fn new(clock: u32) -> Self {
        Self { carries: None, out: Outgoing::new(clock, 1, 0) }
    }
}

impl Share {
    fn new(kind: TrackKind) -> Self {
        Self { kind, source: Source::default(), keyframe: Keyframe::Never }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.keyframe {
            Keyframe::Wanted(asked) => Some(asked + KEYFRAMES),
            Keyframe::Never | Keyframe::Asked(_) => None,
        }
    }

    pub(super) fn ask(&mut self, now: Instant) {
        self.keyframe = Keyframe::Asked(now);
    }

    /// Somebody wants a whole picture: whether the sender is asked at once.
    fn want(&mut self, now: Instant) -> bool {
        match self.keyframe {
            Keyframe::Asked(at) | Keyframe::Wanted(at) if now.saturating_duration_since(at) < KEYFRAMES => {
                self.keyframe = Keyframe::Wanted(at);
                false
            }
            Keyframe::Never | Keyframe::Asked(_) | Keyframe::Wanted(_) => {
                self.ask(now);
                true
            }
        }
    }
}

impl Room {
    /// Somebody wants to show something.
    pub(crate) fn publish(&mut self, peer: PeerId, kind: TrackKind) {
        let Some(at) = self.position(peer) else { return };
        let member = &mut self.members[at];
        if member.may.share && kind != TrackKind::Microphone && member.published.insert(kind) {
            self.update_wants();
        }
    }

    /// Somebody shows something no more.
    pub(crate) fn unpublish(&mut self, now: Instant, peer: PeerId, kind: TrackKind) {
        let Some(at) = self.position(peer) else { return };
        if self.members[at].published.remove(&kind) {
            self.end_share(now, peer, kind);
            self.update_wants();
        }
    }

    /// A peer has m-lines to send these on.
    pub(crate) fn takes(&mut self, now: Instant, peer: PeerId, kinds: &[TrackKind]) {
        let Some(at) = self.position(peer) else { return };
        let member = &mut self.members[at];
        let before = member.shares.len();
        for kind in kinds {
            if member.published.contains(kind) && member.shares.iter().all(|share| share.kind != *kind) {
                member.shares.push(Share::new(*kind));
            }
        }
        if member.shares.len() > before {
            member.shares.sort_by_key(|share| share.kind);
            self.outputs.push(Output::Shares(peer, self.shown(peer)));
            self.update_wants();
            self.fill_screens(now);
        }
    }

    /// Somebody wants to be sent what another one shows, now or when they do.
    pub(crate) fn watch(&mut self, now: Instant, peer: PeerId, track: TrackRef) {
        let Some(at) = self.position(peer) else { return };
        // Bounded by what is there: nobody can pile up wishes for those who are not.
        let there = self.members.iter().any(|other| other.user == track.user_id);
        let member = &mut self.members[at];
        if there && track.kind != TrackKind::Microphone && track.user_id != member.user && member.watches.insert(track) {
            self.update_wants();
            self.fill_screens(now);
        }
    }

    /// And no more.
    pub(crate) fn unwatch(&mut self, now: Instant, peer: PeerId, track: TrackRef) {
        let Some(at) = self.position(peer) else { return };
        if self.members[at].watches.remove(&track) {
            let of = self.members.iter().find(|other| other.user == track.user_id).map(|other| other.peer);
            let member = &mut self.members[at];
            for screen in member.pictures.iter_mut().chain(&mut member.sounds) {
                if screen.carries.is_some_and(|(peer, kind)| Some(peer) == of && kind == track.kind) {
                    screen.carries = None;
                    Self::changed(&mut self.outputs, member.peer);
                }
            }
            self.fill_screens(now);
        }
    }

    /// A packet of what somebody shows has come; `forwards` gets who sees it.
    pub(crate) fn share(&mut self, now: Instant, peer: PeerId, kind: TrackKind, packet: &Packet<'_>, forwards: &mut Vec<Forward>) {
        let Some(at) = self.position(peer) else { return };
        let member = &mut self.members[at];
        if !member.may.share {
            return;
        }
        let Some(share) = member.shares.iter_mut().find(|share| share.kind == kind) else { return };
        let Some(place) = share.source.pass(packet.ssrc, packet.seq) else { return };
        let carried = Some((peer, kind));
        for viewer in self.members.iter_mut().filter(|viewer| viewer.may.listen) {
            let (screens, line): (_, fn(usize) -> Line) = match kind {
                TrackKind::ScreenSound => (&mut viewer.sounds, Line::Sound),
                TrackKind::Camera | TrackKind::Screen | TrackKind::Microphone => (&mut viewer.pictures, Line::Picture),
            };
            let Some(at) = screens.iter().position(|screen| screen.carries == carried) else { continue };
            if let Some(stamp) = screens[at].out.stamp(now, peer, place, packet.time) {
                let line = line(at);
                forwards.push(Forward { seat: viewer.seat, line, seq: stamp.seq, time: stamp.time, first: stamp.first, copies: None });
            }
        }
    }

    /// A viewer needs a whole picture on an m-line.
    pub(crate) fn wants_keyframe(&mut self, now: Instant, viewer: PeerId, line: Line) {
        let carries = self.member(viewer).and_then(|viewer| match line {
            Line::Picture(at) => viewer.pictures.get(at)?.carries,
            Line::Slot(_) | Line::Sound(_) => None,
        });
        if let Some((of, kind)) = carries {
            self.ask_keyframe(now, of, kind);
        }
    }

    /// What somebody shows.
    pub(super) fn shown(&self, peer: PeerId) -> Vec<TrackKind> {
        self.member(peer).map(|member| member.shares.iter().map(|share| share.kind).collect()).unwrap_or_default()
    }

    pub(super) fn end_share(&mut self, now: Instant, peer: PeerId, kind: TrackKind) {
        let Some(at) = self.position(peer) else { return };
        let shares = &mut self.members[at].shares;
        let before = shares.len();
        shares.retain(|share| share.kind != kind);
        if shares.len() < before {
            self.outputs.push(Output::Shares(peer, self.shown(peer)));
            self.free_screens(peer, |of| of == kind);
            self.fill_screens(now);
        }
    }

    pub(super) fn free_screens(&mut self, peer: PeerId, which: impl Fn(TrackKind) -> bool) {
        for viewer in &mut self.members {
            for screen in viewer.pictures.iter_mut().chain(&mut viewer.sounds) {
                if screen.carries.is_some_and(|(of, kind)| of == peer && which(kind)) {
                    screen.carries = None;
                    Self::changed(&mut self.outputs, viewer.peer);
                }
            }
        }
    }

    /// How many m-lines for pictures and for sounds a member needs.
    pub(super) fn watched(&self, at: usize) -> (usize, usize) {
        let tracks = self.tracks_to_watch(&self.members[at]);
        let sounds = tracks.iter().filter(|(_, kind)| *kind == TrackKind::ScreenSound).count();
        (tracks.len() - sounds, sounds)
    }

    /// What is watched and there gets a free m-line.
    pub(super) fn fill_screens(&mut self, now: Instant) {
        let mut begun = Vec::new();
        for at in 0..self.members.len() {
            if self.members[at].watches.is_empty() {
                continue;
            }
            for track in self.tracks_to_watch(&self.members[at]) {
                let member = &mut self.members[at];
                let screens = if track.1 == TrackKind::ScreenSound { &mut member.sounds } else { &mut member.pictures };
                if screens.iter().any(|screen| screen.carries == Some(track)) {
                    continue;
                }
                if let Some(free) = screens.iter_mut().find(|screen| screen.carries.is_none()) {
                    free.carries = Some(track);
                    free.out.interrupt();
                    Self::changed(&mut self.outputs, member.peer);
                    begun.push(track);
                }
            }
        }
        for (of, kind) in begun {
            self.ask_keyframe(now, of, kind);
        }
    }

    fn tracks_to_watch(&self, viewer: &Member) -> Vec<(PeerId, TrackKind)> {
        let shares = |member: &Member| member.shares.iter().map(|share| (member.peer, share.kind)).collect::<Vec<_>>();
        self.members
            .iter()
            .flat_map(|member| {
                shares(member).into_iter().filter(|(_, kind)| viewer.watches.contains(&TrackRef { user_id: member.user, kind: *kind }))
            })
            .collect()
    }

    fn ask_keyframe(&mut self, now: Instant, of: PeerId, kind: TrackKind) {
        let Some(at) = self.position(of) else { return };
        let share = self.members[at].shares.iter_mut().find(|share| share.kind == kind && kind != TrackKind::ScreenSound);
        if share.is_some_and(|share| share.want(now)) {
            self.outputs.push(Output::Keyframe(of, kind));
        }
    }
}
