use super::*;
use proptest::prelude::*;
use snug_redundancy::History;
use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

const ALL: May = May { speak: true, listen: true, share: true };
const MS: Duration = Duration::from_millis(1);

fn user(n: u64) -> UserId {
    UserId::new(n as i64).unwrap()
}

/// A room, a clock, and people who send.
struct Stage {
    room: Room,
    now: Instant,
    passed: Passed,
    outputs: Vec<Output>,
    sent: BTreeMap<PeerId, u64>,
    /// The last payload.
    said: Vec<u8>,
}

/// Somebody's packet with that number: its frame and the two before it. A frame says whose it is, and which.
fn red(n: u64, seq: u64) -> Vec<u8> {
    let mut history = History::default();
    for seq in seq.saturating_sub(2)..=seq {
        history.take(111, seq as u32 * 960, &[[n as u8; 8], seq.to_be_bytes()].concat());
    }
    let mut payload = Vec::new();
    assert!(history.pack(seq as u32 * 960, Copies::Two, &mut payload));
    payload
}

impl Stage {
    fn new(people: u64) -> Self {
        let mut stage = Self {
            room: Room::default(),
            now: Instant::now(),
            passed: Passed::default(),
            outputs: Vec::new(),
            sent: BTreeMap::new(),
            said: Vec::new(),
        };
        (1..=people).for_each(|n| stage.join(n));
        for n in 1..=people {
            stage.lines(n);
        }
        stage.collect();
        stage
    }

    fn join(&mut self, n: u64) {
        self.room.join(self.now, PeerId(n), user(n), ALL, n as usize);
    }

    fn lines(&mut self, n: u64) {
        let wants = self.room.wants(PeerId(n));
        self.room.has_lines(self.now, PeerId(n), wants.slots, wants.pictures, wants.sounds);
        self.room.takes(self.now, PeerId(n), &wants.takes.into_iter().collect::<Vec<_>>());
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        if self.room.deadline().is_some_and(|at| at <= self.now) {
            self.room.tick(self.now);
        }
        self.collect();
    }

    fn collect(&mut self) -> Vec<Output> {
        let new: Vec<_> = self.room.outputs().collect();
        self.outputs.extend(new.clone());
        new
    }

    /// Who hears somebody's next packet.
    fn say(&mut self, n: u64, level: i8) -> Vec<Forward> {
        let seq = self.sent.entry(PeerId(n)).or_insert(n * 100);
        *seq += 1;
        self.said = red(n, *seq);
        let packet = Packet { ssrc: n as u32, seq: *seq, time: (*seq as u32) * 960, level: Some(level), payload: Payload::Red(&self.said) };
        self.passed.clear();
        self.room.voice(self.now, PeerId(n), &packet, &mut self.passed);
        self.collect();
        self.passed.forwards.clone()
    }

    /// What the last packet carries for each who gets it: whose frames, and which.
    fn carried(&self, time: u32) -> Vec<Vec<(u64, u64)>> {
        let frames = |forward: &Forward| {
            let payload = self.passed.payload(forward).map_or(&self.said[..], |packed| packed);
            let frame = |frame: snug_redundancy::payload::Frame<'_>| {
                let seq = u64::from_be_bytes(frame.payload[8..].try_into().unwrap());
                assert_eq!(frame.timestamp, seq as u32 * 960, "a frame is in the place of another");
                (u64::from(frame.payload[0]), seq)
            };
            snug_redundancy::payload::unpack(time, payload).unwrap().map(frame).collect()
        };
        self.passed.forwards.iter().map(frames).collect()
    }

    fn seats(&mut self, n: u64, level: i8) -> Vec<usize> {
        self.say(n, level).iter().map(|forward| forward.seat).collect()
    }
}

#[test]
fn who_loses_packets_is_sent_earlier_frames_and_all_others_what_came() {
    let mut stage = Stage::new(3);
    stage.room.needs(PeerId(2), Copies::Two);
    (0..5).for_each(|_| drop(stage.say(1, -20)));
    let to = |stage: &Stage, seat| {
        let forward = stage.passed.forwards.iter().find(|forward| forward.seat == seat).unwrap();
        let payload = stage.passed.payload(forward)?;
        Some(snug_redundancy::payload::unpack(forward.time, payload).unwrap().map(|frame| forward.time - frame.timestamp).collect::<Vec<_>>())
    };
    assert_eq!(to(&stage, 2), Some(vec![1920, 960, 0]));
    assert_eq!(to(&stage, 3), None, "it is passed on as it came");
}

#[test]
fn what_somebody_said_while_they_might_not_is_never_carried_along() {
    let mut stage = Stage::new(2);
    stage.room.needs(PeerId(2), Copies::Four);
    (0..3).for_each(|_| drop(stage.say(1, -20)));
    stage.room.allow(stage.now, PeerId(1), May { speak: false, ..ALL });
    assert_eq!(stage.say(1, -20), []);
    stage.room.allow(stage.now, PeerId(1), ALL);
    // The speaker's own copies are of the time before.
    let seq = stage.sent[&PeerId(1)] + 1;
    let offset = 960u32 << 10;
    let header = (0x8000_0001u32 | 111 << 24 | offset).to_be_bytes();
    let payload = [&header[..], &[111, 5, 6]].concat();
    let packet = Packet { ssrc: 1, seq, time: seq as u32 * 960, level: Some(-20), payload: Payload::Red(&payload) };
    stage.passed.clear();
    stage.room.voice(stage.now, PeerId(1), &packet, &mut stage.passed);
    let forward = stage.passed.forwards[0];
    assert_eq!(&stage.passed.payload(&forward).unwrap()[..], [111, 6]);
}

#[test]
fn all_others_hear_a_speaker_and_nobody_else_does() {
    let mut stage = Stage::new(4);
    assert_eq!(stage.seats(2, -20), [1, 3, 4]);
    assert!(stage.outputs.contains(&Output::Speaking(vec![user(2)])));
    stage.pass(HOLD_AND_MORE);
    assert_eq!(stage.outputs.last(), Some(&Output::Speaking(vec![])));
}

const HOLD_AND_MORE: Duration = Duration::from_millis(301);

#[test]
fn the_end_of_a_word_is_heard_and_silence_is_not() {
    let mut stage = Stage::new(2);
    let first = stage.say(1, -20)[0];
    stage.pass(150 * MS);
    assert_eq!(stage.seats(1, -127), [2], "the end of a word");
    stage.pass(100 * MS);
    assert_eq!(stage.seats(1, -127), [0; 0]);
    assert_eq!(stage.seats(1, -100), [0; 0]);
    let again = stage.say(1, -40)[0];
    assert_eq!(again.seq, first.seq + 2, "what was withheld is not missing");
}

#[test]
fn who_may_not_speak_is_silent_at_once_and_who_may_not_hear_hears_nothing() {
    let mut stage = Stage::new(3);
    stage.say(1, -20);
    stage.room.allow(stage.now, PeerId(1), May { speak: false, ..ALL });
    assert!(stage.collect().contains(&Output::Speaking(vec![])));
    assert_eq!(stage.seats(1, -20), [0; 0]);
    stage.room.allow(stage.now, PeerId(3), May { listen: false, ..ALL });
    assert_eq!(stage.seats(2, -20), [1]);
    stage.room.allow(stage.now, PeerId(1), ALL);
    assert_eq!(stage.seats(1, -20), [2]);
}

#[test]
fn a_person_on_two_devices_does_not_hear_themselves() {
    let mut stage = Stage::new(2);
    stage.room.join(stage.now, PeerId(9), user(1), ALL, 9);
    stage.lines(9);
    assert_eq!(stage.seats(9, -20), [2]);
    assert_eq!(stage.seats(1, -20), [0; 0], "2 has one slot, and who speaks as loud is in it");
    stage.lines(2);
    assert_eq!(stage.seats(1, -20), [2]);
}

#[test]
fn the_slot_of_the_longest_silent_is_taken_and_a_louder_one_wins_when_all_talk() {
    let people = SLOTS as u64 + 3;
    let mut stage = Stage::new(people);
    let listener = people;
    // There are slots for all who talk, as soon as they do.
    for n in 1..=SLOTS as u64 {
        stage.say(n, -30);
        (1..=people).for_each(|n| stage.lines(n));
    }
    for _ in 0..40 {
        for n in 1..=SLOTS as u64 {
            assert!(stage.seats(n, -30).contains(&(listener as usize)));
        }
        stage.pass(20 * MS);
    }
    assert!(!stage.seats(17, -30).contains(&(listener as usize)), "all slots are taken by as loud ones");
    (0..10).for_each(|_| drop(stage.say(17, -5)));
    assert!(stage.seats(17, -5).contains(&(listener as usize)), "the loudest win");
    stage.pass(300 * MS);
    assert!(stage.seats(18, -45).contains(&(listener as usize)), "the others are silent by now");
}

#[test]
fn a_large_room_has_slots_as_it_needs_them() {
    let mut stage = Stage::new(30);
    assert_eq!(stage.room.wants(PeerId(30)).slots, SPARE);
    for n in 1..=8 {
        stage.say(n, -20);
    }
    assert_eq!(stage.room.wants(PeerId(30)).slots, 8 + SPARE);
    assert_eq!(Stage::new(EACH as u64 + 1).room.wants(PeerId(1)).slots, EACH, "one for each in a small one");
}

#[test]
fn a_talker_keeps_the_slot() {
    let mut stage = Stage::new(5);
    let line = stage.say(2, -20)[0].line;
    for n in [3, 4, 5, 2, 3, 2] {
        stage.pass(400 * MS);
        stage.say(n, -20);
    }
    assert_eq!(stage.say(2, -20)[0].line, line);
}

#[test]
fn a_screen_is_shown_to_those_who_watch_and_asked_for_whole_pictures_seldom() {
    let mut stage = Stage::new(3);
    let screen = TrackRef { user_id: user(1), kind: TrackKind::Screen };
    stage.room.watch(stage.now, PeerId(2), screen);
    stage.room.publish(PeerId(1), TrackKind::Screen);
    assert!(stage.collect().contains(&Output::Wants(PeerId(1))));
    stage.lines(1);
    assert!(stage.collect().contains(&Output::Shares(PeerId(1), vec![TrackKind::Screen])));
    stage.lines(2);
    assert_eq!(stage.collect(), [Output::Tracks(PeerId(2)), Output::Keyframe(PeerId(1), TrackKind::Screen)]);
    let packet = Packet { ssrc: 5, seq: 1, time: 1, level: None, payload: Payload::Picture };
    let mut forwards = Vec::new();
    stage.room.share(stage.now, PeerId(1), TrackKind::Screen, &packet, &mut forwards);
    assert_eq!(forwards.iter().map(|f| (f.seat, f.line)).collect::<Vec<_>>(), [(2, Line::Picture(0))]);

    stage.room.wants_keyframe(stage.now, PeerId(2), Line::Picture(0));
    assert_eq!(stage.collect(), []);
    let before = stage.outputs.len();
    stage.pass(499 * MS);
    assert_eq!(stage.outputs.len(), before);
    stage.pass(MS);
    assert_eq!(stage.outputs[before..], [Output::Keyframe(PeerId(1), TrackKind::Screen)]);

    stage.room.allow(stage.now, PeerId(1), May { share: false, ..ALL });
    assert!(stage.collect().contains(&Output::Shares(PeerId(1), vec![])));
    forwards.clear();
    stage.room.share(stage.now, PeerId(1), TrackKind::Screen, &Packet { seq: 2, ..packet }, &mut forwards);
    assert_eq!(forwards, []);
}

#[test]
fn who_is_not_heard_is_told_and_told_again_when_they_are() {
    let mut stage = Stage::new(2);
    stage.room.connected(stage.now, PeerId(1), true);
    stage.pass(Duration::from_secs(3));
    assert_eq!(stage.outputs.last(), Some(&Output::Heard(PeerId(1), false)));
    stage.say(1, -90);
    assert_eq!(stage.outputs.last(), Some(&Output::Heard(PeerId(1), true)));
    stage.room.allow(stage.now, PeerId(1), May { speak: false, ..ALL });
    let before = stage.outputs.len();
    stage.pass(Duration::from_secs(9));
    assert_eq!(stage.outputs.len(), before, "who is muted is not expected to be heard");
}

#[derive(Clone, Debug)]
enum Op {
    Join(u64),
    Leave(u64),
    Allow(u64, bool, bool, bool),
    Lines(u64),
    Say(u64, i8),
    Lose(u64, u64),
    Publish(u64, usize),
    Unpublish(u64, usize),
    Watch(u64, u64, usize),
    Unwatch(u64, u64, usize),
    Show(u64, usize),
    Keyframe(u64),
    Connected(u64, bool),
    Pass(u64),
}

const KINDS: [TrackKind; 4] = [TrackKind::Microphone, TrackKind::Camera, TrackKind::Screen, TrackKind::ScreenSound];

fn op() -> impl Strategy<Value = Op> {
    let n = 0..22_u64;
    prop_oneof![
        3 => n.clone().prop_map(Op::Join),
        1 => n.clone().prop_map(Op::Leave),
        2 => (n.clone(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(n, s, l, h)| Op::Allow(n, s, l, h)),
        4 => n.clone().prop_map(Op::Lines),
        12 => (n.clone(), prop_oneof![Just(-127_i8), -100..0_i8]).prop_map(|(n, level)| Op::Say(n, level)),
        1 => (n.clone(), prop_oneof![1..20_u64, 1..40_000_u64]).prop_map(|(n, lost)| Op::Lose(n, lost)),
        2 => (n.clone(), 0..4_usize).prop_map(|(n, k)| Op::Publish(n, k)),
        1 => (n.clone(), 0..4_usize).prop_map(|(n, k)| Op::Unpublish(n, k)),
        2 => (n.clone(), n.clone(), 0..4_usize).prop_map(|(n, of, k)| Op::Watch(n, of, k)),
        1 => (n.clone(), n.clone(), 0..4_usize).prop_map(|(n, of, k)| Op::Unwatch(n, of, k)),
        3 => (n.clone(), 0..4_usize).prop_map(|(n, k)| Op::Show(n, k)),
        1 => n.clone().prop_map(Op::Keyframe),
        1 => (n, any::<bool>()).prop_map(|(n, c)| Op::Connected(n, c)),
        4 => prop_oneof![0..60_u64, 0..4000_u64].prop_map(Op::Pass),
    ]
}

/// What the room may do, kept apart from it.
#[derive(Default)]
struct Model {
    here: BTreeMap<u64, (UserId, May)>,
    numbers: BTreeMap<(u64, Line), (BTreeSet<u64>, u64)>,
}

impl Model {
    /// What came of a packet of `from`.
    fn check(&mut self, room: &Room, from: u64, kind: TrackKind, forwards: &[Forward]) {
        let Some((speaker, may)) = self.here.get(&from) else {
            assert_eq!(forwards, [], "from somebody who is not here");
            return;
        };
        let permitted = if kind == TrackKind::Microphone { may.speak } else { may.share };
        assert!(permitted || forwards.is_empty(), "from somebody who may not");
        let mut reached = BTreeSet::new();
        for forward in forwards {
            let to = forward.seat as u64;
            let (listener, may) = self.here[&to];
            assert!(may.listen, "to somebody who may not hear");
            assert_ne!(listener, *speaker, "somebody hears themselves");
            assert!(reached.insert(to), "twice to the same");
            let said = room.tracks(PeerId(to)).into_iter().find(|(line, _)| *line == forward.line).and_then(|(_, track)| track);
            assert_eq!(said, Some(TrackRef { user_id: *speaker, kind }), "not on the m-line that was told");
            let (used, highest) = self.numbers.entry((to, forward.line)).or_insert_with(|| (BTreeSet::new(), 0));
            assert!(used.insert(forward.seq), "a number is used twice");
            assert!(used.len() == 1 || forward.seq.abs_diff(*highest) < 1 << 15, "a receiver loses count");
            if forward.first {
                assert_eq!(forward.seq, *highest + 1, "a change of speaker leaves a gap");
            }
            *highest = (*highest).max(forward.seq);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_only_those_who_may_are_heard_and_by_those_who_may(ops in prop::collection::vec(op(), 1..250)) {
        let mut stage = Stage::new(0);
        let mut model = Model::default();
        // Said while its speaker might not.
        let mut unsaid = BTreeSet::new();
        for op in ops {
            let now = stage.now;
            let peer = |n: u64| PeerId(n);
            // Two devices of the first few people.
            let who = |n: u64| user(if n >= 20 { n - 19 } else { n + 1 });
            match op {
                Op::Join(n) => {
                    if let Entry::Vacant(free) = model.here.entry(n) {
                        stage.room.join(now, peer(n), who(n), ALL, n as usize);
                        free.insert((who(n), ALL));
                        model.numbers.retain(|(to, _), _| *to != n);
                    }
                }
                Op::Leave(n) => {
                    stage.room.leave(now, peer(n));
                    model.here.remove(&n);
                }
                Op::Allow(n, speak, listen, share) => {
                    let may = May { speak, listen, share };
                    stage.room.allow(now, peer(n), may);
                    if let Some((_, had)) = model.here.get_mut(&n) {
                        *had = may;
                    }
                }
                Op::Lines(n) => stage.lines(n),
                Op::Say(n, level) => {
                    for (listener, copies) in [Copies::None, Copies::One, Copies::ThreeApart, Copies::Four].into_iter().enumerate() {
                        stage.room.needs(peer(listener as u64 + 1), copies);
                    }
                    let forwards = stage.say(n, level);
                    model.check(&stage.room, n, TrackKind::Microphone, &forwards);
                    let seq = stage.sent[&peer(n)];
                    if !model.here.get(&n).is_some_and(|(_, may)| may.speak) {
                        unsaid.insert((n, seq));
                    }
                    for carried in stage.carried(seq as u32 * 960) {
                        prop_assert_eq!(carried.last(), Some(&(n, seq)));
                        prop_assert!(carried.windows(2).all(|pair| pair[0].1 < pair[1].1));
                        prop_assert!(carried.iter().all(|frame| frame.0 == n && !unsaid.contains(frame)), "{:?}", carried);
                    }
                }
                Op::Lose(n, lost) => *stage.sent.entry(peer(n)).or_insert(0) += lost,
                Op::Publish(n, kind) => stage.room.publish(peer(n), KINDS[kind]),
                Op::Unpublish(n, kind) => stage.room.unpublish(now, peer(n), KINDS[kind]),
                Op::Watch(n, of, kind) => stage.room.watch(now, peer(n), TrackRef { user_id: who(of), kind: KINDS[kind] }),
                Op::Unwatch(n, of, kind) => stage.room.unwatch(now, peer(n), TrackRef { user_id: who(of), kind: KINDS[kind] }),
                Op::Show(n, kind) => {
                    let seq = stage.sent.entry(peer(n)).or_insert(0);
                    *seq += 1;
                    let packet = Packet { ssrc: 1000 + kind as u32, seq: *seq, time: *seq as u32, level: None, payload: Payload::Picture };
                    let mut forwards = Vec::new();
                    stage.room.share(now, peer(n), KINDS[kind], &packet, &mut forwards);
                    model.check(&stage.room, n, KINDS[kind], &forwards);
                }
                Op::Keyframe(n) => stage.room.wants_keyframe(now, peer(n), Line::Picture(0)),
                Op::Connected(n, connected) => stage.room.connected(now, peer(n), connected),
                Op::Pass(ms) => {
                    stage.pass(ms as u32 * MS);
                    prop_assert!(stage.room.deadline().is_none_or(|at| at > stage.now), "a deadline that has passed would be met again and again");
                }
            }
            stage.room.verify_invariants();
            for output in stage.collect() {
                let (Output::Tracks(of) | Output::Shares(of, _) | Output::Heard(of, _) | Output::Keyframe(of, _) | Output::Wants(of)) = output else { continue };
                prop_assert!(model.here.contains_key(&of.0), "something is said to {of:?}, who is not here");
            }
        }
    }
}
