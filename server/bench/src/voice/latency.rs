//! Mouth to ear, on real devices of PipeWire: clicks are played into a microphone, and found in what comes out of a loudspeaker.
//!
//! Between the two lie two engines, or two pages of the web app in Chromium, and the same server. Both use the same devices with
//! the same settings, one after the other. Each sample has the time at which PipeWire moved it.

use super::{
    Stage,
    clicks::{Train, Waits},
    peer::{self, Peer},
};
use crate::{
    api::{Api, Home, PASSWORD, Person},
    failure::Failure,
    process::{Program, Server, sibling},
};
use clap::Args;
use serde::Serialize;
use snug_engine::{call::Settings, device::pipewire::PipeWire};
use snug_protocol::{ChannelId, voice::OpusSettings};
use snug_session::{
    Class, Session,
    sound::{Place, Sound, Tape},
};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

/// Flags of the section.
#[derive(Args, Debug)]
#[group(id = "latency")]
pub(crate) struct Flags {
    /// How many clicks; 20 with --quick.
    #[arg(long, default_value_t = 150, value_name = "NUMBER")]
    clicks: usize,
    /// Leave browsers out.
    #[arg(long)]
    without_chromium: bool,
}

/// What has been found out.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    mouth_to_ear_ms: Sides,
}

#[derive(Debug, Serialize)]
struct Sides {
    engine: Waits,
    /// The web app, its processing of sound switched off as the engine's is.
    #[serde(skip_serializing_if = "Option::is_none")]
    chromium: Option<Waits>,
    /// No web app: microphone, connection and audio element only.
    #[serde(skip_serializing_if = "Option::is_none")]
    chromium_plain: Option<Waits>,
}

/// What the microphone is called, and the loudspeaker.
const MOUTH: &str = "mouth";
const EAR: &str = "ear";
/// From the first click to the first that counts: delays find their stand.
const WARM: Duration = Duration::from_secs(6);
/// After the last click.
const AFTERWARDS: Duration = Duration::from_secs(2);
/// How long a browser may take to stand in a call.
const PATIENCE: Duration = Duration::from_secs(90);
/// As a channel is made, but without leaving silence out.
const OPUS: OpusSettings = OpusSettings { dtx: false, ..OpusSettings::DEFAULT };

/// A server with a channel, and two who are to talk in it.
struct Stand {
    server: Server,
    home: Home,
    channel: ChannelId,
    speaker: Person,
    listener: Person,
}

pub(super) async fn measure(stage: &Stage, flags: &Flags) -> Result<Figures, Failure> {
    let train = Train::new(if stage.quick { 20 } else { flags.clicks }, WARM);
    let stand = Stand::new(&stage.folder).await?;
    let mut session = Session::start()?;
    session.plug(Class::VirtualSource, MOUTH, "Mouth")?;
    session.plug(Class::Sink, EAR, "Ear")?;
    session.set_default_source(MOUTH)?;
    session.set_default_sink(EAR)?;
    session.start_pulse()?;

    let engine = engines(stage, &stand, &session, &train).await?;
    stage.say(format_args!("Mouth to ear, engines: {engine:?}"));
    let mut sides = Sides { engine, chromium: None, chromium_plain: None };
    if !flags.without_chromium {
        for plain in [false, true] {
            let waits = browsers(&stand, &session, &train, plain).await?;
            stage.say(format_args!("Mouth to ear, Chromium{}: {waits:?}", if plain { " without the app" } else { "" }));
            *(if plain { &mut sides.chromium_plain } else { &mut sides.chromium }) = Some(waits);
        }
    }
    stand.server.stop().await?;
    Ok(Figures { mouth_to_ear_ms: sides })
}

impl Stand {
    async fn new(folder: &Path) -> Result<Self, Failure> {
        let server = Program::new(&sibling(None), &folder.join("latency")).start().await?;
        let mut api = Api::connect(server.address).await?;
        let home = api.settle().await?;
        let channel = api.make_channel(&home, "talk", Some(OPUS)).await?;
        let speaker = api.register("speaker", Some(&home.invite)).await?;
        let listener = api.register("listener", Some(&home.invite)).await?;
        Ok(Self { server, home, channel, speaker, listener })
    }
}

async fn engines(stage: &Stage, stand: &Stand, session: &Session, train: &Train) -> Result<Waits, Failure> {
    let mut peers = Vec::new();
    for person in [&stand.speaker, &stand.listener] {
        let devices = PipeWire::at(session.socket());
        peers.push(Peer::join(stand.server.address, stand.channel, &person.token, devices, Settings::untouched()).await?);
    }
    peer::connect(&mut peers).await?;
    let clicking = Clicking::start(session, train)?;
    peer::carry(&mut peers, clicking.lasts).await?;
    if let Some((_, _, buffer)) = peers.last().and_then(|listener| listener.stats.lines.first()) {
        stage.say(format_args!("Of it in the jitter buffer: {:?}, and {:?} would do", buffer.delay, buffer.target));
    }
    Ok(clicking.end(train))
}

async fn browsers(stand: &Stand, session: &Session, train: &Train, plain: bool) -> Result<Waits, Failure> {
    let _pages = pages(stand, session, plain).await?;
    let clicking = Clicking::start(session, train)?;
    sleep(clicking.lasts).await;
    Ok(clicking.end(train))
}

/// Two pages in a call. They end when this is dropped.
async fn pages(stand: &Stand, session: &Session, plain: bool) -> Result<Child, Failure> {
    let job = serde_json::json!({
        "base": format!("http://{}", stand.server.address),
        "path": format!("/spaces/{}/channels/{}", stand.home.space, stand.home.channel),
        "channel": { "id": stand.channel, "name": "talk" },
        "speaker": stand.speaker.name,
        "listener": stand.listener.name,
        "password": PASSWORD,
        "plain": plain,
    });
    let mut command = Command::from(session.command("node"));
    command.current_dir(ui()).args(["e2e/run.mjs", "bench-latency/bench.ts"]).arg(job.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(Failure::io("start the program that drives Chromium"))?;
    let failed = |said: &str| Failure::Tool { program: "Chromium", said: said.to_owned() };
    let mut lines = BufReader::new(child.stdout.take().ok_or_else(|| failed("nothing: it has no pipe"))?).lines();
    match timeout(PATIENCE, lines.next_line()).await {
        Ok(Ok(Some(line))) if line == "talking" => Ok(child),
        Ok(Ok(line)) => Err(failed(line.as_deref().unwrap_or("nothing"))),
        Ok(Err(error)) => Err(failed(&error.to_string())),
        Err(_) => Err(failed("the call did not stand in time")),
    }
}

fn ui() -> PathBuf {
    PathBuf::from("ui")
}

/// Clicks on their way in, and a recording of what comes out.
struct Clicking {
    mouth: Sound,
    ear: Sound,
    lasts: Duration,
}

impl Clicking {
    fn start(session: &Session, train: &Train) -> Result<Self, Failure> {
        let ear = Sound::record(&session.socket(), Place::Monitor(EAR.to_owned()))?;
        let mouth = Sound::play(&session.socket(), Place::Unlinked("clicks".to_owned()), train.sound.clone())?;
        session.link("clicks", MOUTH)?;
        Ok(Self { mouth, ear, lasts: train.lasts() + AFTERWARDS })
    }

    fn end(self, train: &Train) -> Waits {
        let (mouth, ear): (Tape, Tape) = (self.mouth.tape(), self.ear.tape());
        train.find(&mouth, &ear)
    }
}
