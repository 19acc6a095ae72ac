//! Calls over a network in memory, in virtual time.

mod common;

use common::{db, energy};
use snug_engine::{
    call::{Call, Settings},
    gate::Mode,
    sound::{BLOCK, BLOCK_TIME},
    transport::{
        Event, Network, Transport,
        memory::{Memory, Weather},
    },
};
use snug_protocol::voice::OpusSettings;
use std::time::{Duration, Instant};

/// Somebody in a call.
struct Peer {
    call: Call,
    transport: Box<dyn Transport>,
    voice: Vec<f32>,
    heard: Vec<f32>,
}

fn raw() -> Settings {
    Settings::untouched()
}

fn join(memory: &mut Memory, settings: Settings, voice: &[f32]) -> Peer {
    let mut call = Call::new(settings).unwrap();
    let mut transport = memory.connect().unwrap();
    transport.answer(Instant::now(), "", &[]).unwrap();
    call.send_on(Some(("up".into(), OpusSettings::DEFAULT)));
    Peer { call, transport, voice: voice.to_vec(), heard: Vec::new() }
}

fn run(peers: &mut [Peer], time: Duration) {
    let start = Instant::now();
    for tick in 0..time.as_millis() as usize / 10 {
        let now = start + BLOCK_TIME * tick as u32;
        for peer in &mut *peers {
            while let Some(event) = peer.transport.poll(now) {
                if let Event::Packet(packet) = event {
                    peer.call.handle(packet.at, &packet);
                }
            }
            let mut block = [0.0; BLOCK];
            if let Some(voice) = peer.voice.get(tick * BLOCK..(tick + 1) * BLOCK) {
                block.copy_from_slice(voice);
            }
            let result = peer.call.tick(now, &block).unwrap();
            peer.heard.extend_from_slice(&result.playout);
            if let Some(packet) = result.packet {
                peer.transport.send(now, packet).unwrap();
            }
        }
    }
}

/// How much later `heard` is than `said`, in samples, and how alike they are then: for each quarter of a second by itself, since the jitter
/// buffer may shorten or lengthen, weighed by how loud it is. Opus keeps the sound and not the shape: the same voice is at 0.7 and more, two
/// different ones are below 0.3.
fn compare(said: &[f32], heard: &[f32]) -> (usize, f64) {
    const PART: usize = 12_000;
    const LATEST: usize = 9_600;
    let (mut weights, mut delays, mut likenesses) = (0.0, 0.0, 0.0);
    for (index, part) in said.chunks_exact(PART).enumerate() {
        let Some(window) = heard.get(index * PART..(index + 1) * PART + LATEST) else {
            break;
        };
        let at = |shift: usize| {
            let window = &window[shift..shift + PART];
            let dot: f64 = part.iter().zip(window).map(|(x, y)| f64::from(x * y)).sum();
            dot / PART as f64 / (energy(part) * energy(window)).sqrt().max(1e-12)
        };
        let best = |shifts: &mut dyn Iterator<Item = usize>| shifts.max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap();
        let coarse = best(&mut (0..LATEST).step_by(12));
        let shift = best(&mut (coarse.saturating_sub(12)..(coarse + 12).min(LATEST)));
        let weight = energy(part);
        weights += weight;
        delays += weight * shift as f64;
        likenesses += weight * at(shift);
    }
    ((delays / weights) as usize, likenesses / weights)
}

#[test]
fn three_people_hear_each_other_and_not_themselves() {
    let voices = [
        common::speech("en-us", "The birch canoe slid on the smooth planks."),
        common::speech("en-gb+f3", "Glue the sheet to the dark blue background."),
        common::speech("en-gb", "It is easy to tell the depth of a well."),
    ];
    let mut memory = Memory::new(Weather::default(), 1);
    // One after the other, so that each can be told from the rest.
    let mut peers: Vec<Peer> = voices
        .iter()
        .enumerate()
        .map(|(index, voice)| {
            let mut own = vec![0.0; index * 4 * 48_000];
            own.extend_from_slice(voice);
            join(&mut memory, raw(), &own)
        })
        .collect();
    run(&mut peers, Duration::from_secs(13));
    for (listener, peer) in peers.iter().enumerate() {
        for (speaker, voice) in voices.iter().enumerate() {
            let part = &peer.heard[speaker * 4 * 48_000..][..4 * 48_000];
            if speaker == listener {
                assert!(db(energy(part) / energy(voice)) < -50.0, "{listener} hears themselves");
            } else {
                let (delay, alike) = compare(voice, part);
                assert!(alike > 0.6, "{speaker} to {listener}: {alike:.2}");
                assert!(delay < 48 * 60, "{speaker} to {listener}: {delay} samples late");
            }
        }
    }
}

#[test]
fn speech_comes_through_when_a_fifth_is_lost() {
    let voice = common::speech("en-us", common::SENTENCES);
    let weather = Weather { loss: 0.2, delay: Duration::from_millis(40), jitter: Duration::from_millis(20) };
    let mut memory = Memory::new(weather, 3);
    let mut peers = [join(&mut memory, raw(), &voice), join(&mut memory, raw(), &[])];
    let now = Instant::now();
    for peer in &mut peers {
        (0..10).for_each(|_| peer.call.take_report(now, 0.2));
    }
    run(&mut peers, Duration::from_secs(14));
    let stats: Vec<_> = peers[1].call.speakers().heard().map(|(_, heard)| heard.stats).collect();
    let stats = stats[0];
    let concealed = stats.concealed as f32 / stats.played as f32;
    assert!(concealed < 0.02, "{concealed} of it was made up: {stats:?}");
    assert!(stats.from_red > 80, "{stats:?}");
}

#[test]
fn copies_are_counted_where_something_is_lost() {
    let voice = common::speech("en-us", "Rice is often served in round bowls.");
    let sent = |loss: f32| {
        let mut memory = Memory::new(Weather::default(), 1);
        let mut peers = [join(&mut memory, raw(), &voice)];
        let start = Instant::now();
        // As many reports as there are in 15 s: nothing was lost for long, or much.
        (0..30).for_each(|report| peers[0].call.take_report(start + Duration::from_millis(500) * report - Duration::from_secs(15), loss));
        run(&mut peers, Duration::from_secs(3));
        peers[0].call.sent()
    };
    let clean = sent(0.0);
    assert_eq!((clean.packets, clean.with_copies), (150, 0));
    assert_eq!(clean.payload, clean.encoded + clean.packets, "a packet without copies has a header of one byte");
    let lossy = sent(0.1);
    assert!(lossy.with_copies > 140, "{lossy:?}");
    assert!(lossy.payload > 2 * lossy.encoded, "{lossy:?}");
}

#[test]
fn who_is_muted_sends_nothing() {
    let voice = common::speech("en-us", "Rice is often served in round bowls.");
    let mut memory = Memory::new(Weather::default(), 1);
    let mut peers = [join(&mut memory, raw(), &voice), join(&mut memory, raw(), &[])];
    peers[0].call.set_muted(true);
    run(&mut peers, Duration::from_secs(3));
    assert_eq!(peers[0].transport.traffic().sent, 0);
    assert_eq!(energy(&peers[1].heard), 0.0);
}

#[test]
fn who_is_silent_sends_nothing_with_voice_activity() {
    let mut voice = vec![0.0; 96_000];
    voice.extend(common::speech("en-us", "Rice is often served in round bowls."));
    let mut memory = Memory::new(Weather::default(), 1);
    let settings = Settings { mode: Mode::VoiceActivity { threshold_db: -45.0 }, ..raw() };
    let mut peers = [join(&mut memory, settings, &voice), join(&mut memory, raw(), &[])];
    peers[1].call.set_muted(true);
    run(&mut peers[..], Duration::from_millis(1_900));
    assert_eq!(peers[0].transport.traffic().sent, 0);
    peers[0].voice.drain(..91_200);
    run(&mut peers[..], Duration::from_secs(4));
    let (_, alike) = compare(&voice[91_200..], &peers[1].heard[91_200..]);
    assert!(alike > 0.6, "{alike:.2}");
}
