//! What the media server's threads need for each packet that they pass on, beside what cannot be saved: encrypting it
//! once (AES-128-GCM, as SRTP does, RFC 7714) and one system call that sends it.
//!
//! Server and clients are in this process; only the processor time of the server's threads counts, which the kernel
//! keeps for each thread. Speakers send 50 packets a second each, at even distances, as people's devices do, of
//! lengths that vary as Opus' do. Rounds of the server and of the floor take turns, at the same rhythm and to the same sockets.

mod clients;
mod floor;

use crate::{failure::Failure, figures::rounded, random::Random};
use clap::Args;
use clients::Clients;
use floor::Floor;
use serde::Serialize;
use snug_protocol::{ChannelId, UserId, voice::OpusSettings};
use snug_server::sfu::{Command, Config, Dropped, May, PeerId, Sfu};
use std::{
    fs,
    net::IpAddr,
    sync::{atomic::Ordering::Relaxed, mpsc::channel},
    thread,
    time::{Duration, Instant},
};

/// Flags of `scripts/bench sfu`.
#[derive(Args, Debug)]
pub(crate) struct Flags {
    /// Print the JSON object only.
    #[arg(long)]
    json: bool,
    /// How long each round takes, in seconds.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How many rounds each case has.
    #[arg(long, default_value_t = 4)]
    rounds: u32,
    /// Only cases with this in their name.
    #[arg(long)]
    case: Option<String>,
    /// Seed of the packets' lengths.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Who is in a room, and who of them speaks.
struct Case {
    name: &'static str,
    people: u64,
    speakers: u64,
}

const CASES: [Case; 3] = [
    Case { name: "1 speaker x 300 listeners", people: 301, speakers: 1 },
    Case { name: "10 speakers x 30 listeners", people: 30, speakers: 10 },
    Case { name: "30 x 30, three talking", people: 30, speakers: 3 },
];

/// How often a speaker sends.
const FRAME: Duration = Duration::from_millis(20);
/// Bytes of a packet of Opus at about 32 kb/s.
const SHORTEST: usize = 60;
const LONGEST: usize = 120;

/// What has been found out of a case.
#[derive(Debug, Serialize)]
struct Figures {
    case: &'static str,
    us_per_packet: f64,
    floor_us_per_packet: f64,
    ratio: f64,
    forwarded_pps: f64,
    /// Datagrams a system call sent.
    packets_per_send: f64,
    /// What the server or the system dropped, in the whole run.
    dropped: u64,
}

#[derive(Debug, Serialize)]
struct Report {
    cases: Vec<Figures>,
}

pub(crate) fn run(flags: &Flags) -> Result<(), Failure> {
    let mut cases = Vec::new();
    for case in &CASES {
        if flags.case.as_ref().is_none_or(|part| case.name.contains(part.as_str())) {
            let figures = measure(case, flags)?;
            if !flags.json {
                println!(
                    "{:<28} {:.2} µs a packet, floor {:.2} µs: {:.2} times the floor; {:.0} packets a second, {:.1} a system call",
                    figures.case, figures.us_per_packet, figures.floor_us_per_packet, figures.ratio, figures.forwarded_pps, figures.packets_per_send
                );
            }
            cases.push(figures);
        }
    }
    println!("{}", serde_json::to_string(&Report { cases }).expect("figures have string keys only"));
    Ok(())
}

fn measure(case: &Case, flags: &Flags) -> Result<Figures, Failure> {
    eprintln!("{}: {} people join", case.name, case.people);
    let (tell, events) = channel();
    let config = Config { public: vec![IpAddr::from([127, 0, 0, 1])], ..Config::default() };
    let sfu = Sfu::start(&config, move |event| drop(tell.send(event))).map_err(|error| Failure::Media(error.to_string()))?;
    let mut clients = Clients::start(case.people, case.speakers, Random::new(flags.seed));
    for n in 1..=case.people {
        let (Some(user), Some(room)) = (UserId::new(n as i64), ChannelId::new(1)) else { continue };
        let may = May { speak: true, listen: true, share: false };
        sfu.send(Command::Join { peer: PeerId(n), room, user, may, opus: OpusSettings::DEFAULT });
        // Not all at once: each who comes is offered to all who are there.
        if n % 16 == 0 {
            clients.answer(&sfu, &events, Duration::from_millis(50))?;
        }
    }
    clients.connect(&sfu, &events)?;
    let floor = Floor::new(&clients.listeners())?;
    let round = Duration::from_secs_f64(flags.seconds);
    let counters = sfu.counters().clone();
    let (mut cpu, mut packets, mut sends, mut sent) = (Duration::ZERO, 0, 0, 0);
    let (mut floor_cpu, mut floor_packets) = (Duration::ZERO, 0);
    let mut time = Duration::ZERO;
    let mut random = Random::new(flags.seed);
    for _ in 0..flags.rounds {
        clients.talk(true);
        // The first packets of a round find cold caches, and people who do not speak yet.
        thread::sleep(Duration::from_millis(300));
        let before = (media_time(), counters.forwarded.load(Relaxed), counters.sends.load(Relaxed), counters.sent.load(Relaxed));
        let start = Instant::now();
        thread::sleep(round);
        time += start.elapsed();
        cpu += media_time() - before.0;
        packets += counters.forwarded.load(Relaxed) - before.1;
        sends += counters.sends.load(Relaxed) - before.2;
        sent += counters.sent.load(Relaxed) - before.3;
        clients.talk(false);
        thread::sleep(Duration::from_millis(300));
        let (time, count) = floor.run(round, FRAME / case.speakers as u32, || SHORTEST + random.below((LONGEST - SHORTEST) as u64) as usize);
        floor_cpu += time;
        floor_packets += count;
    }
    let us = |time: Duration, packets: u64| time.as_secs_f64() * 1e6 / packets.max(1) as f64;
    let (server, floor) = (us(cpu, packets), us(floor_cpu, floor_packets));
    clients.check(case.speakers)?;
    Ok(Figures {
        case: case.name,
        us_per_packet: rounded(server),
        floor_us_per_packet: rounded(floor),
        ratio: rounded(server / floor),
        forwarded_pps: rounded(packets as f64 / time.as_secs_f64()),
        packets_per_send: rounded(sent as f64 / sends.max(1) as f64),
        dropped: Dropped::ALL.iter().map(|why| counters.dropped(*why)).sum(),
    })
}

/// Processor time that the media threads of this process have used, by the kernel's account in nanoseconds.
fn media_time() -> Duration {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let time = |path: std::path::PathBuf| {
        let name = fs::read_to_string(path.join("comm")).ok()?;
        let stat = fs::read_to_string(path.join("schedstat")).ok().filter(|_| name.starts_with("sfu-"))?;
        stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    };
    tasks.filter_map(|task| time(task.path())).sum()
}
