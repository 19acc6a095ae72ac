use super::*;
use proptest::prelude::*;
use snug_protocol::{Event, gateway::KnockUpdate};

/// Longer than any event here: makes queues fill quickly.
fn dispatch(number: u32, scope: Scope, at: Instant, padding: usize) -> Arc<Dispatch> {
    let event = Event::KnockUpdate(KnockUpdate { waiting: number });
    let mut dispatch = Arc::into_inner(Dispatch::new(&event, scope, at)).unwrap();
    dispatch.tail = format!("{}{}", dispatch.tail, " ".repeat(padding)).into();
    Arc::new(dispatch)
}

fn session() -> Session {
    Session::new(UserId::new(1).unwrap(), SessionId::new(2).unwrap(), None)
}

fn channel(number: i64) -> ChannelId {
    ChannelId::new(number).unwrap()
}

fn send(output: Output) -> Vec<String> {
    match output {
        Output::Send(frames) => frames,
        other => panic!("expected frames, got {other:?}"),
    }
}

/// `s` and the event's number of a frame.
fn read(frame: &str) -> (u64, u32) {
    let value: serde_json::Value = serde_json::from_str(frame).unwrap();
    (value["s"].as_u64().unwrap(), value["d"]["waiting"].as_u64().unwrap() as u32)
}

#[test]
fn a_resume_gives_what_was_missed_and_nothing_twice() {
    let now = Instant::now();
    let mut session = session();
    for number in 1..=5 {
        session.dispatch(now, &dispatch(number, Scope::Own, now, 0));
    }
    assert_eq!(send(session.poll(1)).len(), 5);
    session.lost(now, 1);
    session.dispatch(now, &dispatch(6, Scope::Own, now, 0));
    assert_eq!(session.resume(now, 3, |_| true), Resumption::Goes { link: 2, replayed: 3 });
    let frames = send(session.poll(2));
    assert_eq!(frames.iter().map(|f| read(f)).collect::<Vec<_>>(), [(4, 4), (5, 5), (6, 6)]);
}

#[test]
fn what_may_no_longer_be_seen_is_left_out_of_a_replay() {
    let now = Instant::now();
    let mut session = session();
    for (number, scope) in [(1, Scope::Channel(channel(1))), (2, Scope::Channel(channel(2))), (3, Scope::Fleeting(channel(2))), (4, Scope::Own)] {
        session.dispatch(now, &dispatch(number, scope, now, 0));
    }
    session.lost(now, 1);
    let resumption = session.resume(now, 0, |scope| scope != Scope::Channel(channel(1)));
    assert_eq!(resumption, Resumption::Goes { link: 2, replayed: 2 });
    assert_eq!(send(session.poll(2)).iter().map(|f| read(f)).collect::<Vec<_>>(), [(1, 2), (2, 4)]);
}

#[test]
fn a_reader_that_stops_reading_is_closed_below_a_mebibyte_and_resumes() {
    let now = Instant::now();
    let mut session = session();
    let mut number = 0;
    while session.closing(1).is_none() {
        number += 1;
        session.dispatch(now, &dispatch(number, Scope::Own, now, 10_000));
        assert!(session.unsent_bytes <= QUEUE_BYTES);
    }
    assert!((100..110).contains(&number), "{number} dispatches of 10 kB");
    assert!(matches!(session.poll(1), Output::Close(close::TOO_SLOW, _)));
    assert_eq!(session.resume(now, 0, |_| true), Resumption::Goes { link: 2, replayed: number });
}

#[test]
fn the_window_ends_after_five_minutes_or_four_mebibytes() {
    let start = Instant::now();
    let mut session = session();
    session.dispatch(start, &dispatch(1, Scope::Own, start, 0));
    session.lost(start, 1);
    assert!(matches!(session.resume(start + WINDOW, 0, |_| true), Resumption::Goes { .. }));
    session.lost(start + WINDOW, 2);
    assert!(!session.over(start + WINDOW * 2));
    assert!(session.over(start + WINDOW * 2 + Duration::from_millis(1)));
    assert!(matches!(session.resume(start + WINDOW * 3, 0, |_| true), Resumption::Not(_)));

    let mut session = self::session();
    session.lost(start, 1);
    for number in 0..500 {
        session.dispatch(start, &dispatch(number, Scope::Own, start, 10_000));
    }
    assert!(session.kept_bytes <= WINDOW_BYTES && session.kept_bytes > WINDOW_BYTES - 20_000);
    assert_eq!(session.resume(start, 0, |_| true), Resumption::Not("Too much has happened since."));
    assert!(matches!(session.resume(start, 490, |_| true), Resumption::Goes { replayed: 10, .. }));
}

#[test]
fn a_session_is_not_told_what_it_can_do_without() {
    let now = Instant::now();
    let mut session = Session::new(UserId::new(1).unwrap(), SessionId::new(2).unwrap(), Some(vec![Intent::Typing]));
    let typing = Event::TypingStart(snug_protocol::gateway::TypingStart { channel_id: channel(1), user_id: session.user });
    let presence = Event::PresenceUpdate(snug_protocol::gateway::PresenceUpdate { presences: Vec::new() });
    session.dispatch(now, &Dispatch::new(&presence, Scope::Own, now));
    session.dispatch(now, &Dispatch::new(&typing, Scope::Own, now));
    session.dispatch(now, &dispatch(7, Scope::Own, now, 0));
    let frames = send(session.poll(1));
    assert_eq!(frames.len(), 2, "numbered without a gap");
    assert!(frames[0].contains("typing_start") && frames[0].contains("\"s\":1,"));
}

#[test]
fn a_newer_connection_replaces_the_older_one() {
    let now = Instant::now();
    let mut session = session();
    assert!(matches!(session.resume(now, 0, |_| true), Resumption::Goes { link: 2, .. }));
    assert!(matches!(session.poll(1), Output::Close(close::REPLACED, _)));
    // The older one's end does not cut the newer one off.
    session.lost(now, 1);
    assert_eq!(session.poll(2), Output::Wait);
}

/// What a random history does.
#[derive(Clone, Debug)]
enum Op {
    Dispatch {
        channel: i64,
        padding: usize,
    },
    /// Everything that waits is sent; the client applies so many frames of it before the cut that may follow.
    Deliver {
        applied: usize,
    },
    Cut,
    /// The server notices nothing of the cut, and the client comes back on a new connection.
    Resume,
    /// The client lost what it applied last, and comes back with what it knew before that.
    StaleResume {
        lost: u64,
    },
    Hide {
        channel: i64,
    },
    Show {
        channel: i64,
    },
    Wait {
        seconds: u64,
    },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => (1..4i64, prop_oneof![Just(0usize), Just(3_000), Just(100_000)]).prop_map(|(channel, padding)| Op::Dispatch { channel, padding }),
        4 => (0..40usize).prop_map(|applied| Op::Deliver { applied }),
        2 => Just(Op::Cut),
        3 => Just(Op::Resume),
        2 => (0..20u64).prop_map(|lost| Op::StaleResume { lost }),
        1 => (1..4i64).prop_map(|channel| Op::Hide { channel }),
        1 => (1..4i64).prop_map(|channel| Op::Show { channel }),
        1 => (1..200u64).prop_map(|seconds| Op::Wait { seconds }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever happens to the connection, the client applies, in order and once each, exactly what was dispatched to
    /// it and what it might still see at the replay; or it is told that the session cannot go on.
    #[test]
    fn what_is_applied_is_what_was_dispatched(ops in prop::collection::vec(op(), 1..120)) {
        let mut now = Instant::now();
        let mut session = session();
        let mut hidden = std::collections::BTreeSet::new();
        // What the client will have to apply, and what it has applied: number and channel, in order.
        let mut owed: VecDeque<(u32, i64)> = VecDeque::new();
        let mut known: Vec<(u32, i64)> = Vec::new();
        let (mut link, mut connected, mut applied, mut number) = (1, true, 0, 0);
        for op in ops {
            match op {
                Op::Dispatch { channel: c, padding } => {
                    if hidden.contains(&c) { continue }
                    number += 1;
                    session.dispatch(now, &dispatch(number, Scope::Channel(channel(c)), now, padding));
                    owed.push_back((number, c));
                }
                Op::Deliver { applied: most } => {
                    let mut left = most;
                    while connected {
                        match session.poll(link) {
                            Output::Wait => break,
                            Output::Close(..) => connected = false,
                            Output::Send(frames) => for frame in frames {
                                // What is on its way when the connection is cut is lost.
                                if left == 0 { connected = false; continue }
                                left -= 1;
                                let (s, number) = read(&frame);
                                prop_assert_eq!(s, applied + 1, "numbers have no gap");
                                let due = owed.pop_front();
                                prop_assert_eq!(Some(number), due.map(|(n, _)| n));
                                known.extend(due);
                                applied = s;
                            }
                        }
                    }
                    if !connected { session.lost(now, link) }
                }
                Op::Cut => { session.lost(now, link); connected = false }
                Op::Resume | Op::StaleResume { .. } => {
                    let lost = if let Op::StaleResume { lost } = op { lost.min(applied) } else { 0 };
                    let from = applied - lost;
                    let visible = |scope: Scope| matches!(scope, Scope::Channel(c) if !hidden.contains(&c.get()));
                    match session.resume(now, from, visible) {
                        Resumption::Goes { link: new, replayed } => {
                            // What it lost comes again, before what it never had.
                            let again = known.split_off(known.len() - lost as usize);
                            again.into_iter().rev().for_each(|it| owed.push_front(it));
                            owed.retain(|(_, c)| !hidden.contains(c));
                            prop_assert_eq!(replayed as usize, owed.len());
                            (link, connected, applied) = (new, true, from);
                        }
                        Resumption::Not(_) => {
                            let oldest = session.newest + 1 - session.kept.len() as u64;
                            prop_assert!(session.over(now) || from + 1 < oldest, "it could have gone on");
                            // An explicit end: the client identifies anew, with a snapshot.
                            session = self::session();
                            owed.clear();
                            known.clear();
                            (link, connected, applied) = (1, true, 0);
                        }
                    }
                }
                Op::Hide { channel } => { hidden.insert(channel); }
                Op::Show { channel } => { hidden.remove(&channel); }
                Op::Wait { seconds } => now += Duration::from_secs(seconds),
            }
            session.verify_invariants();
        }
    }
}
