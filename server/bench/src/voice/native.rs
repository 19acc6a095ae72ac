//! Calls between two engines.

use super::{
    call::{Heard, Line},
    peer::{self, Peer},
    speech::RATE,
};
use crate::{api::Person, failure::Failure};
use snug_engine::{call::Settings, device::synthetic::Synthetic, jitter};
use std::{net::SocketAddr, time::Duration};
use tokio::time::Instant;

/// How long a call may take to stand.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long speech may be on its way after it was spoken.
const AFTERWARDS: Duration = Duration::from_secs(3);
/// How often it is looked whether the call stands.
const LOOK: Duration = Duration::from_millis(10);

/// Lets one engine speak and another listen. Also says what the listener's jitter buffer went through.
pub(crate) async fn talk(server: SocketAddr, line: &Line, said: &[f32]) -> Result<(Heard, jitter::Stats), Failure> {
    // As in a browser without its processing: what is measured is the network.
    let (ears, mouth) = (Synthetic::default(), Synthetic::default());
    let join = async |person: &Person, devices: &Synthetic, relay| {
        Ok::<_, Failure>(Peer::join(server, line.channel, &person.token, devices.clone(), Settings::untouched()).await?.by(relay))
    };
    let listener = join(&line.listener, &ears, line.second.address).await?;
    let speaker = join(&line.speaker, &mouth, line.first.address).await?;
    let mut both = [listener, speaker];
    let begun = Instant::now();
    while !(both.iter().all(Peer::is_up) && both[0].hears(&line.speaker)) {
        if begun.elapsed() > PATIENCE {
            return Err(line.failed("the engines did not connect in time"));
        }
        peer::carry(&mut both, LOOK).await?;
    }
    line.arm();
    let before = ears.played().len();
    mouth.hear(&vec![0.0; RATE]);
    mouth.hear(said);
    peer::carry(&mut both, Duration::from_secs_f64(1.0 + said.len() as f64 / RATE as f64) + AFTERWARDS).await?;
    let recording = ears.played()[before..].to_vec();
    let whole = both.iter().all(|peer| !peer.overloaded);
    let stats = both[0].stats.lines.iter().find(|(_, track, _)| track.is_some_and(|track| track.user_id == line.speaker.id));
    Ok((Heard { recording, whole, counts: line.counts() }, stats.map(|(_, _, stats)| *stats).unwrap_or_default()))
}
