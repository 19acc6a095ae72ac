//! Whoever kills.

use crate::{
    failure::Failure,
    process::{Program, Server},
    random::Random,
};
use std::{ops::Range, time::Duration};
use tokio::time::sleep;

/// How long a server lives, from its start on.
const LIFE: Range<Duration> = Duration::from_millis(5)..Duration::from_millis(350);
/// How long one lives that does not get as far as serving.
const CHILDHOOD: Range<Duration> = Duration::from_millis(1)..Duration::from_millis(40);
/// Of so many starts, one does not succeed.
const STILLBORN: u64 = 4;

/// Kills the server and starts it again until that is `enough`, given the number of kills. Ends with a kill.
pub(super) async fn run(
    program: &Program,
    server: Server,
    random: &mut Random,
    enough: impl Fn(u32) -> bool,
    acknowledged: impl Fn() -> usize,
) -> Result<u32, Failure> {
    let mut server = server;
    let mut killed = 0;
    loop {
        sleep(random.within(LIFE)).await;
        server.kill().await?;
        killed += 1;
        if killed % 20 == 0 {
            eprintln!("{killed} kills, {} messages acknowledged", acknowledged());
        }
        if enough(killed) {
            return Ok(killed);
        }
        while random.one_in(STILLBORN) {
            let mut child = program.spawn(None)?;
            sleep(random.within(CHILDHOOD)).await;
            child.kill().await.map_err(Failure::io("kill the server"))?;
            killed += 1;
        }
        server = program.start().await?;
    }
}
