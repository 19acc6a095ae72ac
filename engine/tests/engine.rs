//! The engine as a whole, with synthetic devices, a server in memory and time as the test says.

mod common;

use common::energy;
use snug_engine::{
    call::Settings,
    cue::Cue,
    device::{Choice, Direction, synthetic::Synthetic},
    engine::{Clock, Command, Config, Engine, Handle, Stats, Ticker, Update},
    health::Health,
    state::{Delta, State, Use},
    transport::{
        Link,
        memory::{Memory, Weather},
    },
};
use snug_protocol::{
    ChannelId,
    voice::{TrackKind, VoiceOffer, VoiceTake},
};
use std::time::{Duration, Instant};

struct Person {
    // Before the engine, which waits for its thread, which waits for ticks.
    ticker: Ticker,
    engine: Handle,
    devices: Synthetic,
    state: State,
    health: Vec<Health>,
    answers: usize,
    stats: Vec<Stats>,
}

fn person(memory: &Memory, microphone: Choice) -> Person {
    let devices = Synthetic::default();
    let (clock, ticker) = Clock::manual();
    let settings = Settings::untouched();
    let config = Config {
        devices: Box::new(devices.clone()),
        network: Box::new(memory.clone()),
        clock,
        settings: settings.clone(),
        microphone: microphone.clone(),
        speaker: Choice::Default,
    };
    let engine = Engine::spawn(config).unwrap();
    let state = State { settings, microphone_choice: microphone, ..State::default() };
    Person { engine, ticker, devices, state, health: Vec::new(), answers: 0, stats: Vec::new() }
}

impl Person {
    fn tick(&mut self) {
        assert!(self.ticker.tick());
        while let Some(update) = self.engine.try_update() {
            match update {
                Update::Delta(delta) => self.state.apply(delta),
                Update::Health(health) => self.health.push(health),
                Update::Answer(_) => self.answers += 1,
                Update::Stats(stats) => self.stats.push(*stats),
                Update::Meters(_) => {}
            }
        }
    }

    fn command(&self, command: Command) {
        self.engine.command(command).unwrap();
    }

    /// Ticks until something holds. Devices are opened by another thread: the time until then is real.
    fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < Duration::from_secs(20), "waiting until {what}: {:?} {:?}", self.state, self.health);
            self.tick();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn join(&mut self) {
        let sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:up\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n";
        let takes = vec![VoiceTake { mid: "up".into(), kind: TrackKind::Microphone }];
        self.command(Command::Offer(VoiceOffer {
            channel_id: ChannelId::new(7).unwrap(),
            connection: 1,
            negotiation: 1,
            sdp: sdp.into(),
            takes,
            tracks: Vec::new(),
        }));
        self.wait("the devices are open", |person| is_open(&person.state.microphone) && is_open(&person.state.speaker));
    }
}

fn is_open(used: &Use) -> bool {
    matches!(used, Use::Open { .. })
}

#[test]
fn two_engines_hear_each_other() {
    let memory = Memory::new(Weather::default(), 1);
    let mut one = person(&memory, Choice::Default);
    let mut other = person(&memory, Choice::Default);
    one.join();
    other.join();
    assert_eq!((one.answers, one.state.link), (1, Some(Link::Up)));
    let voice = common::speech("en-us", "The birch canoe slid on the smooth planks.");
    one.devices.hear(&voice);
    let before = other.devices.played().len();
    for _ in 0..400 {
        one.tick();
        other.tick();
    }
    let heard = &other.devices.played()[before..];
    let ratio = energy(heard) * heard.len() as f64 / (energy(&voice) * voice.len() as f64);
    assert!((0.5..1.5).contains(&ratio), "{ratio} of the energy is heard");
}

#[test]
fn a_microphone_that_is_pulled_out_is_replaced_and_taken_back() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Id("headset".into()));
    person.devices.plug("headset", Direction::Input);
    person.join();
    assert_eq!(person.state.microphone, Use::Open { name: "headset".into(), instead: false });
    person.devices.unplug("headset");
    person.wait("another one stands in", |person| person.state.microphone == Use::Open { name: "default".into(), instead: true });
    person.devices.plug("headset", Direction::Input);
    person.wait("it is back", |person| person.state.microphone == Use::Open { name: "headset".into(), instead: false });
    let direction = Direction::Input;
    assert_eq!(
        person.health,
        [
            Health::DeviceLost { direction, name: "headset".into() },
            Health::DeviceReplaced { direction, name: "default".into() },
            Health::DeviceBack { direction, name: "headset".into() },
        ]
    );
    assert_eq!(person.state.link, Some(Link::Up));
}

#[test]
fn a_call_goes_on_without_a_sound_server() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.join();
    person.devices.set_server_down(true);
    person.wait("both are told to be gone", |person| person.health.iter().filter(|health| matches!(health, Health::NoDevice { .. })).count() == 2);
    assert_eq!(person.state.link, Some(Link::Up));
    person.devices.set_server_down(false);
    person.wait("both are back", |person| is_open(&person.state.microphone) && is_open(&person.state.speaker));
}

#[test]
fn devices_are_open_only_while_somebody_talks_or_tests() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.tick();
    assert_eq!(person.state.microphone, Use::Off);
    person.command(Command::Test(true));
    person.wait("the microphone is open", |person| is_open(&person.state.microphone));
    person.command(Command::Test(false));
    person.wait("it is closed", |person| person.state.microphone == Use::Off);
    person.join();
    person.command(Command::Leave);
    person.wait("the call is over", |person| person.state.link.is_none() && person.state.microphone == Use::Off);
}

#[test]
fn a_cue_is_played_with_and_without_a_call() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.command(Command::Cue(Cue::Leave));
    person.wait("the loudspeaker is open", |person| is_open(&person.state.speaker));
    person.wait("it is closed", |person| person.state.speaker == Use::Off);
    assert_eq!(person.state.microphone, Use::Off, "nobody listens");
    assert!(energy(&person.devices.take_played()) > 1e-5);
    person.join();
    person.command(Command::Deafen(true));
    person.command(Command::Cue(Cue::Mute));
    person.devices.take_played();
    (0..30).for_each(|_| person.tick());
    assert!(energy(&person.devices.take_played()) > 1e-5);
    person.wait("it has died away", |person| energy(&person.devices.take_played()) == 0.0);
    assert!(is_open(&person.state.speaker), "the call goes on");
}

#[test]
fn a_cue_does_not_wait_for_ever() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.devices.set_server_down(true);
    person.command(Command::Cue(Cue::Leave));
    person.wait("a loudspeaker is looked for", |person| person.state.speaker == Use::Opening);
    person.wait("it is not any more", |person| person.state.speaker == Use::Off);
}

#[test]
fn a_broken_network_is_told() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.join();
    memory.set_link(Link::Broken);
    person.tick();
    memory.set_link(Link::Up);
    person.tick();
    assert_eq!(person.health, [Health::NetworkLost, Health::NetworkBack]);
}

#[test]
fn whoever_asks_gets_the_whole_state() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    person.command(Command::Mute(true));
    person.join();
    let before = std::mem::take(&mut person.state);
    person.command(Command::Replicate);
    person.tick();
    person.tick();
    assert_eq!(person.state, before);
    assert!(person.state.muted);
    assert!(before.replicate().contains(&Delta::Muted(true)));
}

#[test]
fn what_is_measured_is_what_the_network_does() {
    let weather = Weather { loss: 0.1, delay: Duration::from_millis(40), jitter: Duration::from_millis(30) };
    let memory = Memory::new(weather, 5);
    let mut one = person(&memory, Choice::Default);
    let mut other = person(&memory, Choice::Default);
    one.join();
    other.join();
    one.devices.hear(&common::speech("en-us", common::SENTENCES));
    (one.stats, other.stats) = (Vec::new(), Vec::new());
    for _ in 0..1_200 {
        one.tick();
        other.tick();
    }
    let (first, last) = (&one.stats[1], one.stats.last().unwrap());
    assert_eq!(one.stats.len(), 12);
    assert_eq!(last.sent.packets - first.sent.packets, 50 * 10);
    assert_eq!(last.sent.bitrate, 64_000);
    let bitrate = (last.sent.encoded - first.sent.encoded) * 8 / 10;
    assert!((30_000..80_000).contains(&bitrate), "{bitrate} bits per second");
    assert_eq!(last.open, 1.0);
    assert!(one.stats.iter().any(|stats| stats.loudest.heard_db > -30.0 && stats.loudest.processed_db > -30.0), "{last:?}");
    assert!(last.work_longest >= last.work_median && !last.work_median.is_zero());
    assert!(last.path.is_some());

    let heard = other.stats.last().unwrap();
    assert!(other.stats.iter().any(|stats| stats.loudest.played_db > -30.0), "{heard:?}");
    assert_eq!(heard.lines.len(), 1);
    let line = heard.lines[0].2;
    let lost = line.lost as f64 / (line.lost + line.received) as f64;
    assert!((0.06..0.14).contains(&lost), "{lost} is lost: {line:?}");
    // With the copies of one frame, a hundredth would be missing.
    let concealed = line.concealed as f64 / line.played as f64;
    assert!((0.001..0.1).contains(&concealed), "{concealed} is made up: {line:?}");
    assert!(line.from_red > 20, "{line:?}");
    // A copy comes 20 ms later.
    assert!((Duration::from_millis(15)..Duration::from_millis(90)).contains(&line.target), "{line:?}");
    assert!(line.delay.abs_diff(line.target) < Duration::from_millis(60), "{line:?}");
    assert!((Duration::from_millis(3)..Duration::from_millis(30)).contains(&line.jitter), "{line:?}");
}

#[test]
fn nothing_is_measured_while_nobody_talks_or_tests() {
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&memory, Choice::Default);
    for _ in 0..250 {
        person.tick();
    }
    assert!(person.stats.is_empty());
    person.command(Command::Test(true));
    person.wait("something is measured", |person| !person.stats.is_empty());
}
