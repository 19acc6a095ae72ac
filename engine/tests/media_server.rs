//! Engines in calls through the real media server, over real sockets on this machine, in real time, by each transport.

mod common;

use common::{energy, likeness, relay::Relay};
use snug_engine::{
    call::Settings,
    device::{Choice, synthetic::Synthetic},
    engine::{Clock, Command, Config, Engine, Handle, Update},
    state::State,
    transport::{Link, Stack},
};
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, VoiceOffer, VoiceTracks},
};
use snug_server::sfu::{self, May, PeerId, Sfu};
use std::{
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

struct Server {
    sfu: Sfu,
    events: Receiver<sfu::Event>,
}

struct Person {
    peer: PeerId,
    engine: Handle,
    devices: Synthetic,
    state: State,
    lines: usize,
    /// What is between them and the server.
    relay: Option<Relay>,
}

const ROOM: i64 = 7;
const EVERYTHING: May = May { speak: true, listen: true, share: true };

impl Server {
    fn start() -> Self {
        let (told, events) = mpsc::channel();
        let config = sfu::Config { listen: [127, 0, 0, 1].into(), public: vec![[127, 0, 0, 1].into()], ..sfu::Config::default() };
        // Whoever listens may be gone at the end of a test.
        let sfu = Sfu::start(&config, move |event| drop(told.send(event))).unwrap();
        Self { sfu, events }
    }

    fn join(&self, number: u64, stack: Stack) -> Person {
        let devices = Synthetic::default();
        let settings = Settings::untouched();
        let engine = Engine::spawn(Config {
            devices: Box::new(devices.clone()),
            network: stack.network().unwrap(),
            clock: Clock::System,
            settings,
            microphone: Choice::Default,
            speaker: Choice::Default,
        })
        .unwrap();
        let peer = PeerId(number);
        let user = UserId::new(number.cast_signed()).unwrap();
        self.sfu.send(sfu::Command::Join { peer, room: ChannelId::new(ROOM).unwrap(), user, may: EVERYTHING, opus: OpusSettings::DEFAULT });
        Person { peer, engine, devices, state: State::default(), lines: 0, relay: None }
    }

    /// Carries signals between them until something holds.
    fn run(&self, people: &mut [Person], patience: Duration, mut holds: impl FnMut(&[Person]) -> bool) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if holds(people) {
                return true;
            }
            if let Ok(event) = self.events.recv_timeout(Duration::from_millis(5)) {
                forward(event, people);
            }
            for person in &mut *people {
                while let Some(update) = person.engine.try_update() {
                    match update {
                        Update::Answer(answer) => {
                            self.sfu.send(sfu::Command::Answer { peer: person.peer, negotiation: answer.negotiation, sdp: answer.sdp })
                        }
                        Update::Delta(delta) => person.state.apply(delta),
                        Update::Meters(meters) => person.lines = meters.lines.iter().filter(|(_, _, level_db)| *level_db > -60.0).count(),
                        Update::Health(_) | Update::Stats(_) => {}
                    }
                }
            }
        }
        false
    }
}

fn forward(event: sfu::Event, people: &mut [Person]) {
    let command = match event {
        sfu::Event::Offer { peer, negotiation, sdp, takes, tracks } => {
            (peer, Command::Offer(VoiceOffer { channel_id: ChannelId::new(ROOM).unwrap(), connection: peer.0, negotiation, sdp, takes, tracks }))
        }
        sfu::Event::Tracks(peer, tracks) => (peer, Command::Tracks(VoiceTracks { tracks })),
        sfu::Event::Heard(peer, heard) => (peer, Command::Heard(heard)),
        sfu::Event::Gone(peer, reason) => panic!("{peer:?} is out: {reason}"),
        sfu::Event::Shares(..) | sfu::Event::Speaking(..) | sfu::Event::Stats(..) => return,
    };
    if let Some(person) = people.iter().find(|person| person.peer == command.0) {
        let command = match (command.1, &person.relay) {
            (Command::Offer(offer), Some(relay)) => Command::Offer(VoiceOffer { sdp: relay.stand_in(&offer.sdp), ..offer }),
            (command, _) => command,
        };
        person.engine.command(command).unwrap();
    }
}

fn all_up(people: &[Person]) -> bool {
    people.iter().all(|person| person.state.link == Some(Link::Up))
}

macro_rules! with_each_stack {
    ($($test:ident)*) => {
        mod str0m { $(#[test] fn $test() { super::$test(snug_engine::transport::Stack::Str0m); })* }
        mod webrtc { $(#[test] fn $test() { super::$test(snug_engine::transport::Stack::WebRtc); })* }
    };
}

with_each_stack! {
    three_engines_hear_each_other_and_not_themselves
    talk_goes_on_through_an_ice_restart
    speech_is_heard_through_lost_packets
}

fn three_engines_hear_each_other_and_not_themselves(stack: Stack) {
    let server = Server::start();
    let mut people: Vec<Person> = (1..=3).map(|number| server.join(number, stack)).collect();
    assert!(server.run(&mut people, Duration::from_secs(10), all_up));
    // The offers that give each the others' lines.
    server.run(&mut people, Duration::from_secs(1), |_| false);
    for speaker in 0..people.len() {
        let before: Vec<usize> = people.iter().map(|person| person.devices.played().len()).collect();
        let voice = common::speech("en-us", "Glue the sheet to the dark blue background.");
        people[speaker].devices.hear(&voice);
        server.run(&mut people, Duration::from_millis(3_500), |_| false);
        for (listener, person) in people.iter().enumerate() {
            let heard = &person.devices.played()[before[listener]..];
            let ratio = energy(heard) * heard.len() as f64 / (energy(&voice) * voice.len() as f64);
            if listener == speaker {
                assert!(ratio < 0.01, "{speaker} hears {ratio} of themselves");
            } else {
                assert!((0.5..1.5).contains(&ratio), "{listener} hears {ratio} of {speaker}");
            }
        }
    }
}

fn talk_goes_on_through_an_ice_restart(stack: Stack) {
    let server = Server::start();
    let mut people: Vec<Person> = (1..=2).map(|number| server.join(number, stack)).collect();
    assert!(server.run(&mut people, Duration::from_secs(10), all_up));
    server.run(&mut people, Duration::from_secs(1), |_| false);
    let voice: Vec<f32> = common::speech("en-us", common::SENTENCES).into_iter().cycle().take(48_000 * 8).collect();
    people[0].devices.hear(&voice);
    server.run(&mut people, Duration::from_secs(2), |people| people[1].lines > 0);
    server.sfu.send(sfu::Command::Restart(people[1].peer));
    let before = people[1].devices.played().len();
    server.run(&mut people, Duration::from_secs(4), |_| false);
    assert!(all_up(&people));
    let heard = &people[1].devices.played()[before..];
    let silent = heard.chunks_exact(480).map(|block| energy(block) < 1e-9).collect::<Vec<_>>();
    let longest = silent.chunk_by(|a, b| a == b).filter(|run| run[0]).map(<[bool]>::len).max().unwrap_or(0);
    // Between sentences it is quiet for half a second.
    assert!(longest < 150, "{} ms of silence", longest * 10);
}

fn speech_is_heard_through_lost_packets(stack: Stack) {
    let server = Server::start();
    let mut people: Vec<Person> = (1..=2).map(|number| server.join(number, stack)).collect();
    let port = server.sfu.ports()[0];
    for (seed, person) in people.iter_mut().enumerate() {
        person.relay = Some(Relay::to(port, 40 + seed as u64));
    }
    assert!(server.run(&mut people, Duration::from_secs(10), all_up));
    server.run(&mut people, Duration::from_secs(1), |_| false);
    let voice = common::speech("en-us", "Glue the sheet to the dark blue background. The juice of lemons makes fine punch.");
    let other = common::speech("de", "Der Wind weht kalt. Am Abend sitzen alle am Feuer und erzählen. Morgen fährt der Zug sehr früh.");
    // On both ways: of a voice nearly twice as much is lost.
    for loss in [0.05, 0.1, 0.2] {
        for person in &people {
            person.relay.as_ref().unwrap().lose(loss);
        }
        let before = people[1].devices.played().len();
        people[0].devices.hear(&voice);
        let lasts = Duration::from_secs_f64(voice.len() as f64 / 48_000.0) + Duration::from_millis(1_500);
        server.run(&mut people, lasts, |_| false);
        let heard = &people[1].devices.played()[before..];
        let (there, elsewhere) = (likeness(&voice, heard), likeness(&other, heard));
        assert!(there > 0.8, "{there} of the speech is there at a loss of {loss}");
        assert!(elsewhere < 0.6, "{elsewhere} of another's is, too");
        assert!(all_up(&people), "the link is taken for broken");
    }
}
