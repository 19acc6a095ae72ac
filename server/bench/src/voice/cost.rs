//! What voice costs on the machine of whoever talks.

use super::{
    Stage,
    peer::{self, Peer},
};
use crate::{
    api::Api,
    failure::Failure,
    figures::{cpu, percentile, rounded, rss_mib},
    process::{Program, sibling},
};
use clap::Args;
use serde::Serialize;
use snug_engine::{
    call::Settings,
    device::{pipewire::PipeWire, synthetic::Synthetic},
    process::{self, Noise, Processor},
    sound::{BLOCK, Block, RATE},
};
use snug_protocol::{ChannelId, voice::OpusSettings};
use snug_session::{
    Class, Session,
    sound::{Place, Sound},
};
use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};

/// What has been found out.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// Echo, noise and gain, for 10 ms of a microphone: the median, in microseconds.
    apm_us_per_10ms: f64,
    /// The same with the stronger suppression of noise.
    apm_strong_us_per_10ms: f64,
    /// Of one processor, by the process of one who is in a call of ten, with real devices; three others talk.
    call10_cpu_percent: f64,
    /// Resident, of that process.
    call10_rss_mib: f64,
}

/// How many are in the call.
const PEOPLE: usize = 10;
/// How many of them talk all the time.
const TALKING: usize = 3;
/// Before the processor's time is looked at: connections, delays and noise are learned.
const WARM: Duration = Duration::from_secs(10);
/// How long the one who is measured may take to be in the call.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn measure(stage: &Stage) -> Result<Figures, Failure> {
    let said = super::speech::speak(&stage.folder)?;
    let apm_us_per_10ms = processing(&said, Noise::Standard);
    let apm_strong_us_per_10ms = processing(&said, Noise::Strong);
    stage.say(format_args!("Processing of 10 ms: {apm_us_per_10ms} us, {apm_strong_us_per_10ms} us with stronger suppression"));
    let lasts = Duration::from_secs(if stage.quick { 10 } else { 60 });
    let (call10_cpu_percent, call10_rss_mib) = call_of_ten(stage, &said, lasts).await?;
    stage.say(format_args!("One in a call of {PEOPLE}: {call10_cpu_percent} % of a processor, {call10_rss_mib} MiB"));
    Ok(Figures { apm_us_per_10ms, apm_strong_us_per_10ms, call10_cpu_percent, call10_rss_mib })
}

fn processing(said: &[f32], noise: Noise) -> f64 {
    let mut processor = Processor::new(process::Settings { noise, ..process::Settings::default() });
    let mut times = Vec::new();
    // What comes back from the room is what was played 40 ms before.
    let mut echo = std::collections::VecDeque::from(vec![0.0; 4 * BLOCK]);
    for (far, near) in said.chunks_exact(BLOCK).zip(said[said.len() / 2..].chunks_exact(BLOCK)) {
        let (Ok(far), Ok(near)) = (<&Block>::try_from(far), <&Block>::try_from(near)) else {
            continue;
        };
        echo.extend(far);
        let mut block = *near;
        for (to, from) in block.iter_mut().zip(echo.drain(..BLOCK)) {
            *to += 0.3 * from;
        }
        let begun = Instant::now();
        processor.play(far);
        processor.process(&mut block);
        times.push(begun.elapsed());
    }
    times.sort();
    rounded(percentile(&times, 0.5).as_secs_f64() * 1e6)
}

/// Processor time, in percent of one, and memory, in MiB.
async fn call_of_ten(stage: &Stage, said: &[f32], lasts: Duration) -> Result<(f64, f64), Failure> {
    let server = Program::new(&sibling(None), &stage.folder.join("cost")).start().await?;
    let mut api = Api::connect(server.address).await?;
    let home = api.settle().await?;
    let channel = api.make_channel(&home, "talk", Some(OpusSettings::DEFAULT)).await?;
    let session = devices(said)?;

    let measured = api.register("measured", Some(&home.invite)).await?;
    let mut peers = Vec::new();
    for number in 1..PEOPLE {
        let person = api.register(&format!("person{number}"), Some(&home.invite)).await?;
        let devices = Synthetic::default();
        if number <= TALKING {
            let needed = RATE as usize * (PATIENCE + WARM + lasts).as_secs() as usize;
            let voice: Vec<f32> = said.iter().copied().cycle().skip(number * RATE as usize).take(needed).collect();
            devices.hear(&voice);
        }
        peers.push(Peer::join(server.address, channel, &person.token, devices, Settings::untouched()).await?);
    }
    let mut child = Command::new(std::env::current_exe().map_err(Failure::io("find this program"))?);
    child.arg("peer").args(["--server", &server.address.to_string(), "--channel", &channel.to_string(), "--token", &measured.token]);
    child.arg("--others").arg(TALKING.to_string()).arg("--socket").arg(session.0.socket());
    child.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = child.spawn().map_err(Failure::io("start another of this program"))?;
    let gone = || Failure::Call { call: "of ten".to_owned(), reason: "the one who is measured ended" };
    let pid = child.id().ok_or_else(gone)?;
    let mut lines = BufReader::new(child.stdout.take().ok_or_else(gone)?).lines();
    let stands = async {
        tokio::select! {
            line = lines.next_line() => line.map_err(Failure::io("hear from the one who is measured")),
            result = peer::carry(&mut peers, PATIENCE) => result.map(|()| None),
        }
    };
    timeout(PATIENCE, stands).await.map_err(|_| Failure::Silent("let ten into a call"))??.ok_or_else(gone)?;
    peer::carry(&mut peers, WARM).await?;
    let (begun, before) = (Instant::now(), cpu(pid).ok_or_else(gone)?);
    peer::carry(&mut peers, lasts).await?;
    let used = cpu(pid).ok_or_else(gone)?.saturating_sub(before);
    let percent = rounded(used.as_secs_f64() / begun.elapsed().as_secs_f64() * 100.0);
    let memory = rss_mib(pid).ok_or_else(gone)?;
    drop(child);
    drop(peers);
    server.stop().await?;
    Ok((percent, memory))
}

/// Devices, and somebody who speaks into the microphone.
fn devices(said: &[f32]) -> Result<(Session, Sound), Failure> {
    let mut session = Session::start()?;
    session.plug(Class::VirtualSource, "mouth", "Mouth")?;
    session.plug(Class::Sink, "ear", "Ear")?;
    session.set_default_source("mouth")?;
    session.set_default_sink("ear")?;
    let sound = Sound::play(&session.socket(), Place::Unlinked("voice".to_owned()), said.iter().copied().cycle().take(10 * said.len()).collect())?;
    session.link("voice", "mouth")?;
    Ok((session, sound))
}

/// Flags of the process that is measured.
#[derive(Args, Debug)]
pub(crate) struct PeerFlags {
    #[arg(long)]
    server: SocketAddr,
    #[arg(long)]
    channel: ChannelId,
    #[arg(long)]
    token: String,
    /// How many others talk.
    #[arg(long)]
    others: usize,
    /// PipeWire's.
    #[arg(long)]
    socket: PathBuf,
}

/// Joins with real devices and all processing, says when it hears those who talk, and stays until it is killed.
pub(crate) async fn stay(flags: PeerFlags) -> Result<(), Failure> {
    let mut peer = Peer::join(flags.server, flags.channel, &flags.token, PipeWire::at(flags.socket), Settings::default()).await?;
    let mut stood = false;
    loop {
        peer::carry(std::slice::from_mut(&mut peer), Duration::from_millis(100)).await?;
        if !stood && peer.is_up() && peer.lines() >= flags.others {
            stood = true;
            println!("talking");
        }
    }
}
