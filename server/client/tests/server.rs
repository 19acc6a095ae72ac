//! A client and a real server, in one process.

use snug_client::{
    Account, Address, Failure, Fingerprint, Trust,
    call::{Call, Input, Media, Output},
    gateway::{Gateway, News},
};
use snug_protocol::{
    ChannelId, ChannelKind, Invite, SpaceId,
    error::ErrorCode,
    gateway::{Event, Ready},
    rest::{CreateInvite, Register, Registered},
    voice::VoiceSelf,
};
use snug_server::{
    config::{Config, LogFormat, Tls},
    run::Server,
    store::Database,
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PASSWORD: &str = "correct horse battery staple";
const PATIENCE: Duration = Duration::from_secs(20);

/// A server with an owner, whose tasks have a runtime of their own.
struct House {
    config: Config,
    running: Option<(Server, Runtime)>,
    fingerprint: Option<Fingerprint>,
    invite: String,
    space: SpaceId,
    _data: TempDir,
}

impl House {
    async fn open(tls: Tls) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.path().into(),
            database: Database::Sqlite(data.path().join("snug.db")),
            media_ports: vec![0],
            public_ip: Vec::new(),
            tls,
            redirect: None,
            trust_proxy: false,
            rate_limits: false,
            discovery: false,
            log_format: LogFormat::Text,
        };
        let space = SpaceId::new(1).unwrap();
        let mut house = Self { config, running: None, fingerprint: None, invite: String::new(), space, _data: data };
        house.start().await;
        let owner = Register {
            username: "marta".into(),
            password: PASSWORD.into(),
            display_name: None,
            invite: None,
            server_password: None,
            knock: None,
            cookie: false,
        };
        let Registered::LoggedIn(owner) = house.address().post("/auth/register", None, &owner).await.unwrap() else {
            panic!("the first one comes in");
        };
        house.space = owner.space_id.unwrap();
        let path = format!("/spaces/{}/invites", house.space);
        let invite: Invite = house.address().post(&path, Some(&owner.tokens.access_token), &CreateInvite::default()).await.unwrap();
        house.invite = invite.code;
        house
    }

    async fn start(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let begun = Instant::now();
        let server = loop {
            match runtime.spawn(Server::start(self.config.clone())).await.unwrap() {
                Ok(server) => break server,
                // The one before is going.
                Err(failure) => assert!(begun.elapsed() < PATIENCE, "{failure}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        self.config.listen = server.address;
        self.fingerprint = server.fingerprint.map(|fingerprint| fingerprint.to_string().parse().unwrap());
        self.running = Some((server, runtime));
    }

    async fn stop(&mut self) {
        let (server, runtime) = self.running.take().unwrap();
        runtime.spawn(server.stop()).await.unwrap();
        runtime.shutdown_background();
    }

    fn name(&self) -> String {
        format!("{}://{}", if self.config.tls == Tls::Off { "http" } else { "https" }, self.config.listen)
    }

    fn address(&self) -> Address {
        Address::parse(&self.name(), self.fingerprint.map_or(Trust::System, Trust::Pinned)).unwrap()
    }

    async fn enter(&self, name: &str) -> Account {
        Account::enter(self.address(), name, PASSWORD, Some(&self.invite)).await.unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some((_, runtime)) = self.running.take() {
            runtime.shutdown_background();
        }
    }
}

async fn news(gateway: &mut Gateway) -> News {
    tokio::time::timeout(PATIENCE, gateway.next()).await.expect("something happens").expect("it is not over")
}

async fn begun(gateway: &mut Gateway) -> Box<Ready> {
    loop {
        match news(gateway).await {
            News::Ready(ready) => return ready,
            News::Over(failure) => panic!("{failure}"),
            News::Lost | News::Resumed | News::Event(_) => {}
        }
    }
}

fn voice_channel(ready: &Ready) -> Option<ChannelId> {
    ready.spaces.iter().flat_map(|space| &space.channels).find(|channel| channel.kind == ChannelKind::Voice).map(|channel| channel.id)
}

#[tokio::test]
async fn an_invite_makes_an_account_and_the_next_time_it_is_logged_in() {
    let house = House::open(Tls::Off).await;
    let link = format!("{}/invite/{}", house.name(), house.invite);
    for invite in [Some(&*link), Some(&*house.invite), None] {
        let account = Account::enter(house.address(), "jonas", PASSWORD, invite).await.unwrap();
        assert_eq!(account.space(), invite.map(|_| house.space));
        let mut gateway = Gateway::open(account);
        assert_eq!(begun(&mut gateway).await.account.user.username, "jonas");
        gateway.close().await;
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_with_what_helps() {
    let house = House::open(Tls::Off).await;
    house.enter("jonas").await;
    let enter = async |address: Address, name: &str, password: &str, invite: Option<&str>| {
        let failure = Account::enter(address, name, password, invite).await.unwrap_err();
        assert!(!failure.hint().is_empty());
        failure
    };
    let code = |failure: Failure| match failure {
        Failure::Refused(error) => error.code,
        failure => panic!("{failure:?}"),
    };
    assert_eq!(code(enter(house.address(), "ilse", PASSWORD, Some("nonsense")).await), ErrorCode::InviteInvalid);
    assert_eq!(code(enter(house.address(), "ilse", PASSWORD, None).await), ErrorCode::WrongPassword);
    assert_eq!(code(enter(house.address(), "jonas", "something else", Some(&house.invite)).await), ErrorCode::WrongPassword);
    let mut house = house;
    house.stop().await;
    assert!(matches!(enter(house.address(), "jonas", PASSWORD, None).await, Failure::Unreachable { .. }));
}

#[tokio::test]
async fn a_certificate_of_the_servers_own_is_believed_by_its_fingerprint_only() {
    let house = House::open(Tls::SelfSigned).await;
    let fingerprint = house.fingerprint.unwrap();
    let mut gateway = Gateway::open(house.enter("jonas").await);
    begun(&mut gateway).await;
    let enter = async |trust| {
        let address = Address::parse(&house.name(), trust).unwrap();
        Account::enter(address, "jonas", PASSWORD, None).await.unwrap_err()
    };
    let failure = enter(Trust::System).await;
    assert!(matches!(failure, Failure::Untrusted { fingerprint: shown, .. } if shown == fingerprint), "{failure:?}");
    assert!(failure.hint().contains(&format!("--fingerprint {fingerprint}")));
    let other = "00".repeat(32).parse().unwrap();
    assert!(matches!(enter(Trust::Pinned(other)).await, Failure::Impostor { fingerprint: shown, .. } if shown == fingerprint));
    let plain = Address::parse(&house.name().replace("https", "http"), Trust::System).unwrap();
    assert!(Account::enter(plain, "jonas", PASSWORD, None).await.is_err());
}

#[tokio::test]
async fn a_call_is_had_anew_after_a_restart_of_the_server() {
    let mut house = House::open(Tls::Off).await;
    let mut gateway = Gateway::open(house.enter("jonas").await);
    let channel = voice_channel(&*begun(&mut gateway).await).expect("a new space has a voice channel");
    let mut call = Call::new(channel, VoiceSelf { self_mute: false, self_deaf: false });
    let now = Instant::now();
    call.handle(now, Input::Ready);
    let first = offered(&mut gateway, &mut call).await;
    // Only offers and answers are looked at here; media is the engine's.
    call.handle(now, Input::Media(Media::Up));
    house.stop().await;
    house.start().await;
    let second = offered(&mut gateway, &mut call).await;
    assert_ne!(first, second);
    gateway.close().await;
}

/// Waits for the offer of a new connection.
async fn offered(gateway: &mut Gateway, call: &mut Call) -> u64 {
    loop {
        while let Some(output) = call.poll() {
            match output {
                Output::Send(frame) => gateway.send(frame).await,
                Output::Answer(offer) => return offer.connection,
                Output::End(over) => panic!("{over}"),
            }
        }
        let now = Instant::now();
        match news(gateway).await {
            News::Ready(_) => call.handle(now, Input::Ready),
            News::Resumed => call.handle(now, Input::Resumed),
            News::Lost => call.handle(now, Input::Lost),
            News::Event(event) => match *event {
                Event::VoiceOffer(_) | Event::VoiceEnded(_) => call.dispatch(now, &event),
                _ => {}
            },
            News::Over(failure) => panic!("{failure}"),
        }
    }
}
