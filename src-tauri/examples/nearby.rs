//! Lists the servers on the local network, whenever that changes, each list a line of JSON. It ends with its input.

use snug_desktop::nearby::Nearby;
use std::{error::Error, io};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let nearby = Nearby::default();
    nearby.watch(|servers| match serde_json::to_string(&servers) {
        Ok(line) => println!("{line}"),
        Err(error) => eprintln!("{error}"),
    })?;
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin().lock(), &mut io::sink())).await??;
    Ok(())
}
