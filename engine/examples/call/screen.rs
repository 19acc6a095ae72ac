//! What the terminal shows: a line for whatever happens, and below it meters.

use crate::common;
use snug_engine::{
    engine::{Meters, Stats, Update},
    state::Delta,
};
use snug_protocol::UserId;
use std::{
    collections::HashMap,
    fmt,
    io::{self, IsTerminal, Write},
};

pub(crate) struct Screen {
    pub(crate) names: HashMap<UserId, String>,
    meters: Meters,
    stats: Stats,
    muted: bool,
    deafened: bool,
    /// Meters are for people only.
    terminal: bool,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let terminal = io::stdout().is_terminal();
        Self { names: HashMap::new(), meters: Meters::default(), stats: Stats::default(), muted: false, deafened: false, terminal }
    }

    /// A line that stays.
    pub(crate) fn say(&self, line: impl fmt::Display) -> io::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "{}{line}", if self.terminal { "\r\x1b[K" } else { "" })?;
        out.flush()
    }

    pub(crate) fn show(&mut self, update: Update) -> io::Result<()> {
        match update {
            Update::Meters(meters) => {
                self.meters = meters;
                if self.terminal { self.draw() } else { Ok(()) }
            }
            Update::Stats(stats) => {
                self.stats = *stats;
                Ok(())
            }
            Update::Health(health) => self.say(health),
            Update::Delta(Delta::Link(Some(link))) => self.say(format_args!("{link:?}")),
            Update::Delta(Delta::Muted(muted)) => {
                self.muted = muted;
                self.say(if muted { "You are muted. m: unmute" } else { "You are heard. m: mute" })
            }
            Update::Delta(Delta::Deafened(deafened)) => {
                self.deafened = deafened;
                self.say(if deafened { "You hear nobody. d: undeafen" } else { "You hear the others. d: deafen" })
            }
            Update::Delta(_) | Update::Answer(_) => Ok(()),
        }
    }

    fn draw(&self) -> io::Result<()> {
        let state = match (self.deafened, self.muted, self.meters.open) {
            (true, ..) => "deaf",
            (false, true, _) => "mute",
            (false, false, true) => "sent",
            (false, false, false) => "    ",
        };
        let mut line = format!("\r\x1b[Kyou {} {state}", common::bar(self.meters.microphone_db));
        for (_, track, level_db) in &self.meters.lines {
            if let Some(track) = track {
                let name = self.names.get(&track.user_id).map_or("somebody", String::as_str);
                line.push_str(&format!("  {name} {}", common::bar(*level_db)));
            }
        }
        let mut out = io::stdout();
        out.write_all(line.as_bytes())?;
        out.flush()
    }

    pub(crate) fn summary(&self) -> io::Result<()> {
        let traffic = self.stats.traffic;
        self.say(format_args!(
            "sent {} B, received {} B, round trip {:?}, uplink loss {:.3}",
            traffic.sent, traffic.received, traffic.round_trip, self.stats.uplink_loss
        ))?;
        self.say(format_args!("10 ms take {:?} (median), {:?} (longest)", self.stats.work_median, self.stats.work_longest))?;
        for (mid, _, stats) in &self.stats.lines {
            self.say(format_args!("line {mid}: {stats:?}"))?;
        }
        Ok(())
    }
}
