//! What a peer is offered, and when (RFC 8829). Without SDP and without a clock.
//!
//! The server alone makes offers, one at a time. What is wished for while one is under way is data, and goes into the
//! next. M-lines are never taken away or made inactive: some clients never send on such a line again.

use super::room::Wants;
use snug_protocol::voice::{OpusSettings, TrackKind};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// For how long an offer may go unanswered.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the negotiation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Negotiation {
    /// All that was wished for has been agreed on, or is about to be offered.
    Idle,
    /// An offer waits for its answer.
    Offered {
        /// Which.
        number: u32,
        /// Since when.
        at: Instant,
    },
}

/// What an offer is to hold beside what was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// From 1.
    pub(crate) number: u32,
    /// New m-lines on which the peer sends.
    pub(crate) takes: Vec<TrackKind>,
    /// How many new m-lines for voices, for pictures and for the sound of screens.
    pub(crate) slots: usize,
    pub(crate) pictures: usize,
    pub(crate) sounds: usize,
    /// How voices are to be encoded.
    pub(crate) opus: OpusSettings,
    /// With new ICE credentials (RFC 8445, 9).
    pub(crate) restart: bool,
}

/// The m-lines of a peer. `M` names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines<M> {
    pub(crate) takes: Vec<(M, TrackKind)>,
    pub(crate) slots: Vec<M>,
    pub(crate) pictures: Vec<M>,
    pub(crate) sounds: Vec<M>,
}

impl<M> Default for Lines<M> {
    fn default() -> Self {
        Self { takes: Vec::new(), slots: Vec::new(), pictures: Vec::new(), sounds: Vec::new() }
    }
}

impl<M> Lines<M> {
    fn append(&mut self, mut new: Self) {
        self.takes.append(&mut new.takes);
        self.slots.append(&mut new.slots);
        self.pictures.append(&mut new.pictures);
        self.sounds.append(&mut new.sounds);
    }
}

/// The negotiation with one peer.
#[derive(Debug)]
pub(crate) struct Negotiator<M> {
    state: Negotiation,
    number: u32,
    wants: Wants,
    opus: OpusSettings,
    restart: bool,
    /// What the last offer asked the peer to send.
    asked: BTreeSet<TrackKind>,
    /// How the last offer wanted voices encoded; nothing before the first.
    encoded: Option<OpusSettings>,
    /// Agreed on.
    lines: Lines<M>,
    /// In the offer under way.
    offered: Lines<M>,
}

impl<M: Copy + PartialEq> Negotiator<M> {
    pub(crate) fn new(opus: OpusSettings) -> Self {
        Self {
            state: Negotiation::Idle,
            number: 0,
            wants: Wants::default(),
            opus,
            restart: false,
            asked: BTreeSet::new(),
            encoded: None,
            lines: Lines::default(),
            offered: Lines::default(),
        }
    }

    /// Which m-lines there should be.
    pub(crate) fn want(&mut self, wants: Wants) {
        // Whoever stops and starts again is asked again.
        self.asked.retain(|kind| wants.takes.contains(kind));
        self.wants = wants;
    }

    /// How voices should be encoded.
    pub(crate) fn set_opus(&mut self, opus: OpusSettings) {
        self.opus = opus;
    }

    /// ICE should begin anew.
    pub(crate) fn restart(&mut self) {
        self.restart = true;
    }

    /// The next offer, when there is something to offer and none is under way. [`Self::offered`] must follow.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Plan> {
        let Negotiation::Idle = self.state else { return None };
        let has = |kind: &TrackKind| self.lines.takes.iter().any(|(_, of)| of == kind);
        let more = |wanted: usize, there: &[M]| wanted.saturating_sub(there.len());
        let plan = Plan {
            number: self.number + 1,
            takes: self.wants.takes.iter().filter(|kind| !has(kind)).copied().collect(),
            slots: more(self.wants.slots, &self.lines.slots),
            pictures: more(self.wants.pictures, &self.lines.pictures),
            sounds: more(self.wants.sounds, &self.lines.sounds),
            opus: self.opus,
            // There is nothing to begin anew before the first offer.
            restart: self.restart && self.number > 0,
        };
        let nothing = plan.slots + plan.pictures + plan.sounds == 0
            && self.wants.takes.is_subset(&self.asked)
            && self.encoded.is_none_or(|encoded| encoded == self.opus)
            && !plan.restart;
        if nothing {
            return None;
        }
        self.state = Negotiation::Offered { number: plan.number, at: now };
        self.number = plan.number;
        self.restart = false;
        self.asked.clone_from(&self.wants.takes);
        self.encoded = Some(self.opus);
        Some(plan)
    }

    /// The new m-lines of the offer.
    pub(crate) fn offered(&mut self, new: Lines<M>) {
        self.offered = new;
    }

    /// Which answer is waited for.
    pub(crate) fn waits_for(&self, number: u32) -> bool {
        matches!(self.state, Negotiation::Offered { number: of, .. } if of == number)
    }

    /// The answer waited for has come and is good.
    pub(crate) fn answered(&mut self) {
        self.state = Negotiation::Idle;
        let new = std::mem::take(&mut self.offered);
        self.lines.append(new);
    }

    /// What has been agreed on.
    pub(crate) fn lines(&self) -> &Lines<M> {
        &self.lines
    }

    /// On which m-lines the peer is asked to send, the offered ones among them.
    pub(crate) fn takes(&self) -> impl Iterator<Item = (M, TrackKind)> {
        self.lines.takes.iter().chain(&self.offered.takes).filter(|(_, kind)| self.asked.contains(kind)).copied()
    }

    /// All m-lines on which the server sends, the offered ones among them: slots, pictures, sounds.
    pub(crate) fn sends(&self) -> [impl Iterator<Item = M>; 3] {
        [(&self.lines.slots, &self.offered.slots), (&self.lines.pictures, &self.offered.pictures), (&self.lines.sounds, &self.offered.sounds)]
            .map(|(there, new)| there.iter().chain(new).copied())
    }

    /// When the offer under way has waited for too long.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.state {
            Negotiation::Idle => None,
            Negotiation::Offered { at, .. } => Some(at + PATIENCE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OPUS: OpusSettings = OpusSettings::DEFAULT;

    fn wants(slots: usize) -> Wants {
        Wants { takes: [TrackKind::Microphone].into(), slots, ..Wants::default() }
    }

    /// Does as the worker does: gives each new m-line a name.
    fn make(names: &mut u32, plan: &Plan) -> Lines<u32> {
        let mut name = || {
            *names += 1;
            *names
        };
        Lines {
            takes: plan.takes.iter().map(|kind| (name(), *kind)).collect(),
            slots: (0..plan.slots).map(|_| name()).collect(),
            pictures: (0..plan.pictures).map(|_| name()).collect(),
            sounds: (0..plan.sounds).map(|_| name()).collect(),
        }
    }

    #[test]
    fn what_is_wished_for_in_between_is_offered_next() {
        let now = Instant::now();
        let mut negotiator = Negotiator::new(OPUS);
        negotiator.want(wants(1));
        let plan = negotiator.next(now).unwrap();
        assert_eq!((plan.number, plan.slots, &plan.takes[..]), (1, 1, &[TrackKind::Microphone][..]));
        negotiator.offered(make(&mut 0, &plan));
        negotiator.want(wants(3));
        negotiator.restart();
        assert_eq!(negotiator.next(now), None, "one is under way");
        negotiator.answered();
        let plan = negotiator.next(now).unwrap();
        assert_eq!((plan.number, plan.slots, plan.takes.len(), plan.restart), (2, 2, 0, true));
    }

    #[test]
    fn a_share_begun_again_is_asked_for_on_its_old_m_line() {
        let now = Instant::now();
        let mut negotiator = Negotiator::new(OPUS);
        let with = Wants { takes: [TrackKind::Microphone, TrackKind::Screen].into(), ..Wants::default() };
        let mut names = 0;
        for (wanted, expected) in [(&with, Some(2)), (&wants(0), None), (&with, Some(0))] {
            negotiator.want(wanted.clone());
            let plan = negotiator.next(now);
            assert_eq!(plan.as_ref().map(|plan| plan.takes.len()), expected);
            if let Some(plan) = plan {
                negotiator.offered(make(&mut names, &plan));
                negotiator.answered();
            }
        }
        assert_eq!(negotiator.takes().count(), 2);
    }

    #[derive(Clone, Debug)]
    enum Op {
        Want(BTreeSet<u8>, usize, usize, usize),
        Opus(u32),
        Restart,
        Answer(u32),
        Pass(u64),
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            3 => (prop::collection::btree_set(1..4_u8, 0..3), 0..16_usize, 0..4_usize, 0..3_usize).prop_map(|(t, s, p, o)| Op::Want(t, s, p, o)),
            1 => (1..4_u32).prop_map(|n| Op::Opus(n * 16_000)),
            1 => Just(Op::Restart),
            5 => (0..3_u32).prop_map(Op::Answer),
            2 => (0..4000_u64).prop_map(Op::Pass),
        ]
    }

    proptest! {
        #[test]
        fn everything_wished_for_is_offered_once_one_offer_at_a_time(ops in prop::collection::vec(op(), 1..120)) {
            let kinds = [TrackKind::Microphone, TrackKind::Camera, TrackKind::Screen, TrackKind::ScreenSound];
            let mut now = Instant::now();
            let mut negotiator = Negotiator::new(OPUS);
            let (mut names, mut number) = (0, 0_u32);
            let mut under_way: Option<(u32, Instant)> = None;
            let mut wanted = Wants::default();
            let mut restarts = (0, 0);
            // The last ones let all come to an end.
            for op in ops.into_iter().chain([Op::Answer(0), Op::Answer(0), Op::Answer(0)]) {
                match op {
                    Op::Want(takes, slots, pictures, sounds) => {
                        let mut takes: BTreeSet<_> = takes.into_iter().map(|kind| kinds[usize::from(kind)]).collect();
                        takes.insert(TrackKind::Microphone);
                        // As the room wishes: m-lines only become more.
                        wanted = Wants { takes, slots: slots.max(wanted.slots), pictures: pictures.max(wanted.pictures), sounds: sounds.max(wanted.sounds) };
                        negotiator.want(wanted.clone());
                    }
                    Op::Opus(bitrate) => negotiator.set_opus(OpusSettings { bitrate, ..OPUS }),
                    Op::Restart => {
                        negotiator.restart();
                        restarts.0 += u32::from(number > 0);
                    }
                    Op::Answer(late) => {
                        let answer = number.saturating_sub(late);
                        let waited = under_way.is_some_and(|(number, _)| number == answer);
                        prop_assert_eq!(negotiator.waits_for(answer), waited, "a stale answer is of no use");
                        if waited {
                            negotiator.answered();
                            under_way = None;
                        }
                    }
                    Op::Pass(ms) => now += Duration::from_millis(ms),
                }
                prop_assert_eq!(negotiator.deadline(), under_way.map(|(_, at)| at + PATIENCE));
                let before = negotiator.lines().clone();
                if let Some(plan) = negotiator.next(now) {
                    prop_assert!(under_way.is_none(), "two offers at once");
                    number += 1;
                    prop_assert_eq!(plan.number, number);
                    restarts.1 += u32::from(plan.restart);
                    under_way = Some((number, now));
                    negotiator.offered(make(&mut names, &plan));
                    let sends = negotiator.sends().map(Iterator::count);
                    prop_assert_eq!(sends, [wanted.slots, wanted.pictures, wanted.sounds]);
                    prop_assert_eq!(negotiator.takes().map(|(_, kind)| kind).collect::<BTreeSet<_>>(), wanted.takes.clone());
                } else {
                    prop_assert_eq!(negotiator.lines(), &before);
                }
            }
            prop_assert!(under_way.is_none() || number > 0);
            prop_assert!(restarts.1 <= restarts.0, "nobody asked for that many");
            if under_way.is_none() && number > 0 {
                prop_assert_eq!(negotiator.takes().map(|(_, kind)| kind).collect::<BTreeSet<_>>(), wanted.takes);
            }
        }
    }
}
