//! The engine on real devices: those of a PipeWire of the test's own, in real time.

mod common;

use common::energy;
use snug_engine::{
    call::Settings,
    device::{Choice, Devices, Direction, pipewire::PipeWire},
    engine::{Clock, Command, Config, Engine, Handle, Stats, Update},
    health::Health,
    sound::BLOCK,
    state::{State, Use},
    transport::{
        Link,
        memory::{Memory, Weather},
    },
};
use snug_protocol::{
    ChannelId,
    voice::{TrackKind, VoiceOffer, VoiceTake},
};
use snug_session::{
    Class, Session,
    sound::{Place, Sound},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// For what takes a second on a machine with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(40);

struct Person {
    engine: Handle,
    state: State,
    health: Vec<Health>,
    stats: Stats,
}

fn choice(name: &str) -> Choice {
    Choice::Id(name.to_owned())
}

fn person(session: &Session, memory: &Memory, microphone: Choice, speaker: Choice) -> Person {
    let settings = Settings::untouched();
    let engine = Engine::spawn(Config {
        devices: Box::new(PipeWire::at(session.socket())),
        network: Box::new(memory.clone()),
        clock: Clock::System,
        settings,
        microphone,
        speaker,
    })
    .unwrap();
    Person { engine, state: State::default(), health: Vec::new(), stats: Stats::default() }
}

impl Person {
    fn look(&mut self) {
        while let Some(update) = self.engine.try_update() {
            match update {
                Update::Delta(delta) => self.state.apply(delta),
                // Other tests run beside this one.
                Update::Health(Health::Overloaded { .. }) => {}
                Update::Health(health) => self.health.push(health),
                Update::Stats(stats) => self.stats = *stats,
                Update::Answer(_) | Update::Meters(_) => {}
            }
        }
    }

    fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.look();
            if holds(self) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "waiting until {what}: {:?} {:?}", self.state, self.health);
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn join(&mut self) {
        let sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\na=mid:up\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n";
        let takes = vec![VoiceTake { mid: "up".into(), kind: TrackKind::Microphone }];
        let offer = VoiceOffer { channel_id: ChannelId::new(7).unwrap(), connection: 1, negotiation: 1, sdp: sdp.into(), takes, tracks: Vec::new() };
        self.engine.command(Command::Offer(offer)).unwrap();
        self.wait("the devices are open", |person| is_open(&person.state.microphone) && is_open(&person.state.speaker));
    }

    fn choose(&mut self, direction: Direction, device: Choice) {
        self.engine.command(Command::Choose(direction, device)).unwrap();
    }
}

fn is_open(used: &Use) -> bool {
    matches!(used, Use::Open { .. })
}

fn is(used: &Use, wanted: &str, stands_in: bool) -> bool {
    matches!(used, Use::Open { name, instead } if name == wanted && *instead == stands_in)
}

/// Somebody who does not stop talking.
fn voice() -> Vec<f32> {
    common::speech("en-us", "The birch canoe slid on the smooth planks.").into_iter().cycle().take(120 * 48_000).collect()
}

/// Waits until speech comes out of a loudspeaker, from now on.
fn heard_on(session: &Session, speaker: &str) {
    let monitor = Sound::record(&session.socket(), Place::Monitor(speaker.to_owned())).unwrap();
    let begun = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(50));
        let samples = monitor.tape().samples;
        // Of two sentences a second apart, at least a second is speech.
        let loud = samples.chunks_exact(BLOCK).filter(|block| energy(block) > 1e-5).count();
        if loud > 50 {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "no speech on `{speaker}`: {loud} of {} blocks", samples.len() / BLOCK);
    }
}

fn microphone(session: &Session, name: &str, description: &str, sound: Vec<f32>) -> Sound {
    let place = Place::Microphone { name: name.to_owned(), description: description.to_owned() };
    Sound::play(&session.socket(), place, sound).unwrap()
}

#[test]
fn microphones_of_every_class_are_listed_by_name_and_heard() {
    let mut session = Session::start().unwrap();
    session.plug(Class::Sink, "speaker", "A loudspeaker").unwrap();
    session.plug(Class::VirtualSource, "effects", "An effects microphone").unwrap();
    let _card = microphone(&session, "card", "A sound card", Vec::new());
    let _headset = microphone(&session, "headset", "A headset", voice());
    let _effects = Sound::play(&session.socket(), Place::Unlinked("into-effects".into()), voice()).unwrap();
    session.link("into-effects", "effects").unwrap();

    let mut devices = PipeWire::at(session.socket());
    let mut listed: Vec<_> = devices.list().unwrap().into_iter().map(|device| (device.id, device.name, device.direction)).collect();
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [
        ("card", "A sound card", Direction::Input),
        ("effects", "An effects microphone", Direction::Input),
        ("headset", "A headset", Direction::Input),
        ("speaker", "A loudspeaker", Direction::Output),
    ];
    assert_eq!(listed, expected.map(|(id, name, direction)| (id.to_owned(), name.to_owned(), direction)));

    for (id, speaks) in [("card", false), ("effects", true), ("headset", true)] {
        let mut microphone = devices.microphone(&choice(id)).unwrap();
        let (mut loud, mut blocks) = (0, 0);
        // Two seconds, in which somebody speaks for more than one.
        while blocks < 200 {
            thread::sleep(Duration::from_millis(10));
            let mut block = [0.0; BLOCK];
            microphone.read(&mut block);
            loud += usize::from(energy(&block) > 1e-5);
            blocks += 1;
        }
        assert_eq!(loud > 40, speaks, "{loud} of {blocks} blocks of `{id}` are speech");
        assert_eq!(microphone.fault(), None, "{id}");
    }
}

#[test]
fn devices_are_changed_while_somebody_talks() {
    let mut session = Session::start().unwrap();
    session.plug(Class::Sink, "speaker", "A loudspeaker").unwrap();
    session.plug(Class::Sink, "phones", "Headphones").unwrap();
    let _card = microphone(&session, "card", "A sound card", Vec::new());
    let talks = microphone(&session, "headset", "A headset", voice());
    session.set_default_sink("speaker").unwrap();
    session.set_default_source("card").unwrap();
    let memory = Memory::new(Weather::default(), 1);
    let mut talker = person(&session, &memory, choice("headset"), Choice::Default);
    let mut listener = person(&session, &memory, Choice::Default, choice("phones"));
    talker.join();
    listener.join();
    assert!(is(&talker.state.microphone, "A headset", false), "{:?}", talker.state.microphone);
    assert!(is(&listener.state.speaker, "Headphones", false), "{:?}", listener.state.speaker);
    heard_on(&session, "phones");
    listener.wait("both devices have moved something", |person| {
        [person.stats.microphone, person.stats.speaker].iter().all(|buffer| buffer.is_some_and(|buffer| (16..=8_192).contains(&buffer.callback)))
    });

    listener.choose(Direction::Output, choice("speaker"));
    listener.wait("the other loudspeaker is used", |person| is(&person.state.speaker, "A loudspeaker", false));
    heard_on(&session, "speaker");
    assert_eq!(listener.health, []);

    listener.choose(Direction::Output, choice("phones"));
    listener.wait("the headphones are used", |person| is(&person.state.speaker, "Headphones", false));
    session.unplug("phones").unwrap();
    listener.wait("the default one stands in", |person| is(&person.state.speaker, "A loudspeaker", true));
    heard_on(&session, "speaker");
    session.plug(Class::Sink, "phones", "Headphones").unwrap();
    listener.wait("the headphones are back", |person| is(&person.state.speaker, "Headphones", false));
    heard_on(&session, "phones");
    assert_eq!(listener.health, gone_and_back(Direction::Output, "Headphones", "A loudspeaker"));

    drop(talks);
    talker.wait("the default microphone stands in", |person| is(&person.state.microphone, "A sound card", true));
    let _talks = microphone(&session, "headset", "A headset", voice());
    talker.wait("the headset is back", |person| is(&person.state.microphone, "A headset", false));
    heard_on(&session, "phones");
    assert_eq!(talker.health, gone_and_back(Direction::Input, "A headset", "A sound card"));
    assert_eq!((talker.state.link, listener.state.link), (Some(Link::Up), Some(Link::Up)));
}

#[test]
fn one_hears_oneself_without_a_call() {
    let mut session = Session::start().unwrap();
    session.plug(Class::Sink, "speaker", "A loudspeaker").unwrap();
    let _talks = microphone(&session, "headset", "A headset", voice());
    let memory = Memory::new(Weather::default(), 1);
    let mut person = person(&session, &memory, choice("headset"), choice("speaker"));
    person.engine.command(Command::Test(true)).unwrap();
    person.engine.command(Command::HearYourself(true)).unwrap();
    person.wait("the devices are open", |person| is_open(&person.state.microphone) && is_open(&person.state.speaker));
    heard_on(&session, "speaker");
    assert_eq!(person.health, []);
}

fn gone_and_back(direction: Direction, name: &str, other: &str) -> [Health; 3] {
    [
        Health::DeviceLost { direction, name: name.into() },
        Health::DeviceReplaced { direction, name: other.into() },
        Health::DeviceBack { direction, name: name.into() },
    ]
}

#[test]
fn a_call_goes_on_when_pipewire_is_killed_and_started_again() {
    let mut session = Session::start().unwrap();
    session.plug(Class::Sink, "speaker", "A loudspeaker").unwrap();
    session.plug(Class::VirtualSource, "effects", "An effects microphone").unwrap();
    let talks = Sound::play(&session.socket(), Place::Unlinked("voice".into()), voice()).unwrap();
    session.link("voice", "effects").unwrap();
    let memory = Memory::new(Weather::default(), 1);
    let mut talker = person(&session, &memory, choice("effects"), Choice::Default);
    let mut listener = person(&session, &memory, Choice::Default, choice("speaker"));
    talker.join();
    listener.join();
    heard_on(&session, "speaker");

    session.kill();
    drop(talks);
    let lost = |health: &Health| matches!(health, Health::DeviceLost { .. });
    let none = |health: &Health| matches!(health, Health::NoDevice { .. });
    for person in [&mut talker, &mut listener] {
        person.wait("both devices are gone", |person| {
            person.health.iter().filter(|health| lost(health)).count() == 2 && person.health.iter().filter(|health| none(health)).count() == 2
        });
        assert_eq!(person.state.link, Some(Link::Up));
    }

    session.restart().unwrap();
    let _talks = Sound::play(&session.socket(), Place::Unlinked("voice".into()), voice()).unwrap();
    session.link("voice", "effects").unwrap();
    talker.wait("the microphone is back", |person| is(&person.state.microphone, "An effects microphone", false));
    listener.wait("the loudspeaker is back", |person| is(&person.state.speaker, "A loudspeaker", false));
    heard_on(&session, "speaker");
}
