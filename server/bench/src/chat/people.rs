//! Accounts for the run.

use crate::{
    api::{Api, Home, Person},
    failure::Failure,
};
use std::{cell::Cell, net::SocketAddr, rc::Rc, time::Instant};
use tokio::task::JoinSet;

/// Registrations at once: each costs the server a password hash, and it makes no more than two at a time on two cores.
const AT_ONCE: usize = 2;

/// Registers `count` people through the invite. They come in the order of their names.
pub(super) async fn register(address: SocketAddr, home: &Home, count: u32) -> Result<Vec<Person>, Failure> {
    let (started, next) = (Instant::now(), Rc::new(Cell::new(0)));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (next, invite) = (next.clone(), home.invite.clone());
        tasks.spawn_local(async move {
            let mut api = Api::connect(address).await?;
            let mut people = Vec::new();
            while next.get() < count {
                let number = next.replace(next.get() + 1);
                if number > 0 && number % 200 == 0 {
                    eprintln!("registering: {number} of {count}");
                }
                people.push(api.register(&format!("person-{number:05}"), Some(&invite)).await?);
            }
            Ok::<_, Failure>(people)
        });
    }
    let mut people = Vec::new();
    for registered in tasks.join_all().await {
        people.extend(registered?);
    }
    people.sort_by(|a, b| a.name.cmp(&b.name));
    eprintln!("registered {count} people in {:.1} s", started.elapsed().as_secs_f64());
    Ok(people)
}
