//! A server on which people come to voice, talk and go again at random, for as long as one likes: everyone hears whom they
//! should and nobody else, and nothing grows.
//!
//! It goes by turns. In each, some come, go, change the room or vanish; then a few in each room speak their words, while
//! others still come and go; then what everyone heard who was there all the time is searched for everyone's words.

mod friend;
mod growth;
mod words;

use crate::{
    api::{Api, Home},
    failure::Failure,
    figures::rounded,
    process::{self, Program, Server},
    random::Random,
};
use clap::Args;
use friend::Friend;
use growth::{Growth, Held};
use serde::Serialize;
use snug_client::{Address, Trust};
use snug_protocol::{ChannelId, voice::OpusSettings};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::time::interval;

/// Flags of `scripts/bench soak`.
#[derive(Args, Debug)]
pub(crate) struct Flags {
    /// Print the JSON object only.
    #[arg(long)]
    json: bool,
    /// How long.
    #[arg(long, default_value_t = 30.0)]
    minutes: f64,
    /// How many people.
    #[arg(long, default_value_t = 20)]
    people: usize,
    /// Of all that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A minute with eight people.
    #[arg(long)]
    short: bool,
    /// The server's program; the one beside this one, without it.
    #[arg(long, value_name = "PROGRAM")]
    server: Option<PathBuf>,
}

/// How often frames and updates are carried.
const STEP: Duration = Duration::from_millis(10);
/// How long whoever comes may take until media flows.
const PATIENCE: Duration = Duration::from_secs(30);
/// Until those who came are sent what is said.
const SETTLE: Duration = Duration::from_millis(500);
/// How long words are, and how long they may be on their way.
const TALK: Duration = Duration::from_millis(3_000 + 1_300);
/// How long the server may take to forget those who are gone: it has to miss those first who vanished.
const FORGET: Duration = Duration::from_secs(60);
/// Words that are there are found with more than this, others with less.
const THERE: f32 = 0.36;
/// So many in a room speak at once at most.
const AT_ONCE: u64 = 2;

/// What has been found out.
#[derive(Debug, Default, Serialize)]
struct Figures {
    minutes: f64,
    people: usize,
    turns: u32,
    joins: u32,
    leaves: u32,
    /// Without a word.
    vanished: u32,
    /// How often somebody should have heard somebody.
    should_hear: u32,
    /// And how often they did not.
    missed: u32,
    /// How often it was looked for words that should not be there: one's own, or of another room.
    should_not_hear: u32,
    /// And how often they were.
    strange: u32,
    /// The least likeness of words that were there, and the most of those that were not.
    margin: (f32, f32),
    /// The longest that somebody who came took until media flowed, in milliseconds.
    slowest_join_ms: u64,
    held: Growth,
}

pub(crate) async fn run(mut flags: Flags) -> Result<(), Failure> {
    if flags.short {
        (flags.minutes, flags.people) = (1.0, 8);
    }
    let binary = flags.server.clone().unwrap_or_else(|| process::sibling(None));
    let binary = process::existing(binary, "cargo build --release --package snug-server")?;
    let data = tempfile::tempdir().map_err(Failure::io("make a folder for the server"))?;
    let server = Program::new(&binary, &data.path().join("data")).start().await?;
    let mut soak = Soak::begin(&flags, &server, data.path()).await?;
    let before = Held::now(&server).await?;
    let mut during = Vec::new();
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < flags.minutes * 60.0 {
        soak.turn().await?;
        during.push(Held::now(&server).await?);
    }
    let after = soak.end(&server, before).await?;
    let mut figures = soak.figures;
    figures.minutes = rounded(start.elapsed().as_secs_f64() / 60.0);
    figures.people = flags.people;
    figures.held = Growth::of(before, &during, after);
    println!("{}", serde_json::to_string(&figures).expect("figures have string keys only"));
    let mut broken: Vec<String> = figures.held.grown.iter().map(|what| format!("{what} grew")).collect();
    // What one machine does to twenty clients and a server at once is no fault of the server's; silence would be.
    if f64::from(figures.missed) > 0.01 * f64::from(figures.should_hear) {
        broken.push(format!("{} of {} words were not heard", figures.missed, figures.should_hear));
    }
    if figures.strange > 0 {
        broken.push(format!("{} words were heard by those who should not hear them", figures.strange));
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::Broken(broken)) }
}

struct Soak {
    json: bool,
    random: Random,
    friends: Vec<Friend>,
    words: Vec<Vec<f32>>,
    rooms: [ChannelId; 2],
    figures: Figures,
}

impl Soak {
    async fn begin(flags: &Flags, server: &Server, folder: &std::path::Path) -> Result<Self, Failure> {
        let mut api = Api::connect(server.address).await?;
        let home: Home = api.settle().await?;
        let mut rooms = Vec::new();
        for name in ["hearth", "attic"] {
            rooms.push(api.make_channel(&home, name, Some(OpusSettings { bitrate: 32_000, ..OpusSettings::DEFAULT })).await?);
        }
        let address = Address::parse(&format!("http://{}", server.address), Trust::System)?;
        let friends = (0..flags.people).map(|number| Friend::new(format!("friend_{number}"), address.clone(), home.invite.clone())).collect();
        let words = (0..flags.people).map(|number| words::speak(number, folder)).collect::<Result<_, _>>()?;
        let figures = Figures { margin: (1.0, 0.0), ..Figures::default() };
        let rooms = rooms.try_into().expect("two were made");
        Ok(Self { json: flags.json, random: Random::new(flags.seed), friends, words, rooms, figures })
    }

    /// Some move, some speak, and all that was heard is looked at.
    async fn turn(&mut self) -> Result<(), Failure> {
        for at in 0..self.friends.len() {
            self.wander(at).await?;
        }
        let begun = Instant::now();
        let mut steps = interval(STEP);
        while !self.friends.iter().all(Friend::is_settled) {
            if begun.elapsed() > PATIENCE {
                return Err(Failure::Silent("let everyone into voice"));
            }
            steps.tick().await;
            self.step().await?;
        }
        self.figures.slowest_join_ms = self.figures.slowest_join_ms.max(begun.elapsed().as_millis() as u64);
        self.pass(SETTLE).await?;

        let there: Vec<Option<ChannelId>> = self.friends.iter().map(Friend::channel).collect();
        let speakers = self.choose(&there);
        for friend in &self.friends {
            friend.heard();
        }
        for speaker in &speakers {
            self.friends[*speaker].say(&self.words[*speaker]);
        }
        // Others come and go while they speak.
        self.pass(TALK / 3).await?;
        let mut listeners: Vec<usize> = (0..there.len()).filter(|at| there[*at].is_some()).collect();
        for at in 0..self.friends.len() {
            if !speakers.contains(&at) && self.random.one_in(6) {
                self.wander(at).await?;
                listeners.retain(|listener| *listener != at);
            }
        }
        self.pass(TALK - TALK / 3).await?;
        for at in listeners {
            let heard = self.friends[at].heard();
            for speaker in &speakers {
                self.judge(at, *speaker, there[at] == there[*speaker] && at != *speaker, &heard);
            }
        }
        self.figures.turns += 1;
        Ok(())
    }

    /// Perhaps somebody comes, goes, changes the room or vanishes.
    async fn wander(&mut self, at: usize) -> Result<(), Failure> {
        let chance = self.random.below(100);
        let room = self.rooms[self.random.below(2) as usize];
        let friend = &mut self.friends[at];
        match friend.channel() {
            None if chance < 50 => {
                friend.join(room).await?;
                self.figures.joins += 1;
            }
            Some(_) if chance < 15 => {
                friend.leave().await;
                self.figures.leaves += 1;
            }
            Some(here) if chance < 25 && here != room => {
                friend.join(room).await?;
                self.figures.joins += 1;
            }
            Some(_) if chance >= 98 => {
                friend.vanish();
                self.figures.vanished += 1;
            }
            None | Some(_) => {}
        }
        Ok(())
    }

    /// Who speaks: up to [`AT_ONCE`] in each room.
    fn choose(&mut self, there: &[Option<ChannelId>]) -> Vec<usize> {
        let mut speakers = Vec::new();
        for room in self.rooms {
            let mut people: Vec<usize> = (0..there.len()).filter(|at| there[*at] == Some(room)).collect();
            for _ in 0..=self.random.below(AT_ONCE) {
                if !people.is_empty() {
                    speakers.push(people.swap_remove(self.random.below(people.len() as u64) as usize));
                }
            }
        }
        speakers
    }

    fn judge(&mut self, listener: usize, speaker: usize, should: bool, heard: &[f32]) {
        let likeness = words::likeness(&self.words[speaker], heard);
        let margin = &mut self.figures.margin;
        if should {
            margin.0 = margin.0.min(likeness);
            self.figures.should_hear += 1;
            self.figures.missed += u32::from(likeness < THERE);
        } else {
            margin.1 = margin.1.max(likeness);
            self.figures.should_not_hear += 1;
            self.figures.strange += u32::from(likeness >= THERE);
        }
        if !self.json && should != (likeness >= THERE) {
            let level = snug_engine::sound::decibels(snug_engine::sound::rms(heard));
            eprintln!("turn {}: {listener} and {speaker}: {likeness:.2}, at {level:.0} dB", self.figures.turns);
        }
    }

    async fn pass(&mut self, time: Duration) -> Result<(), Failure> {
        let end = Instant::now() + time;
        let mut steps = interval(STEP);
        while Instant::now() < end {
            steps.tick().await;
            self.step().await?;
        }
        Ok(())
    }

    async fn step(&mut self) -> Result<(), Failure> {
        for friend in &mut self.friends {
            friend.step().await?;
        }
        Ok(())
    }

    /// All go home, and the server is given time to forget them.
    async fn end(&mut self, server: &Server, before: Held) -> Result<Held, Failure> {
        for friend in &mut self.friends {
            friend.go_home().await;
        }
        let gone = Instant::now();
        loop {
            let held = Held::now(server).await?;
            let is_empty = held.peers == 0.0 && held.descriptors <= before.descriptors && held.tasks <= before.tasks;
            if is_empty || gone.elapsed() > FORGET {
                return Ok(held);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
