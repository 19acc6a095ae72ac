//! The JSON of every frame and event, against `testdata/wire.json`. A change of the wire shows up in review.
//! `SNUG_UPDATE=1 cargo test -p snug-protocol` writes the file anew.

use serde_json::{Value, json};
use snug_protocol::{gateway::*, rest::*, voice::*, *};
use std::{collections::BTreeSet, fs, path::PathBuf};

fn user_id(n: i64) -> UserId {
    UserId::new(n).unwrap()
}

fn space_id() -> SpaceId {
    SpaceId::new(10).unwrap()
}

fn channel_id() -> ChannelId {
    ChannelId::new(20).unwrap()
}

fn user() -> User {
    User {
        id: user_id(1),
        username: "marta".into(),
        display_name: "Marta".into(),
        avatar: Some(ImageHash("ab".repeat(32))),
        bio: "Makes \"soup\"".into(),
    }
}

fn account() -> Account {
    Account { user: user(), admin: true, owner: false, status: ChosenStatus::Dnd, status_text: "Reading".into() }
}

fn space() -> Space {
    Space { id: space_id(), name: "The Snug".into(), description: String::new(), icon: None, public: false, owner_id: user_id(1) }
}

fn channel() -> Channel {
    let overwrite = |target| Overwrite { target, allow: Permissions::of(&[Permission::ViewChannel]), deny: Permissions::NONE };
    Channel {
        id: channel_id(),
        space_id: space_id(),
        kind: ChannelKind::Text,
        name: "general".into(),
        topic: "Whatever comes up".into(),
        parent_id: ChannelId::new(21),
        position: 3,
        slow_mode_s: 5,
        user_limit: 0,
        opus: Some(OpusSettings::DEFAULT),
        overwrites: vec![overwrite(OverwriteTarget::Role(space_id().everyone())), overwrite(OverwriteTarget::Member(user_id(2)))],
        last_message_id: None,
    }
}

fn role() -> Role {
    Role {
        id: RoleId::new(30).unwrap(),
        space_id: space_id(),
        name: "Hosts".into(),
        color: Some("#c8472a".into()),
        position: 1,
        permissions: Permissions::ALL,
        hoist: true,
        mentionable: false,
    }
}

fn member() -> Member {
    Member {
        space_id: space_id(),
        user_id: user_id(1),
        nickname: None,
        roles: vec![RoleId::new(30).unwrap()],
        joined_at: Timestamp(1_763_700_000_000),
        muted: true,
        deafened: false,
    }
}

fn presence() -> Presence {
    Presence { user_id: user_id(1), status: Status::Idle, text: "Soup".into() }
}

fn read_state() -> ReadState {
    ReadState { channel_id: channel_id(), last_read_id: MessageId::new(40), unread: 2, mentions: 1 }
}

fn voice_state() -> VoiceState {
    VoiceState {
        user_id: user_id(1),
        channel_id: channel_id(),
        self_mute: true,
        self_deaf: false,
        shares: vec![TrackKind::Screen, TrackKind::ScreenSound],
    }
}

fn tracks() -> Vec<VoiceTrack> {
    let track = TrackRef { user_id: user_id(2), kind: TrackKind::Microphone };
    vec![VoiceTrack { mid: "1".into(), track: Some(track) }, VoiceTrack { mid: "2".into(), track: None }]
}

fn message() -> Message {
    Message {
        id: MessageId::new(41).unwrap(),
        channel_id: channel_id(),
        author_id: user_id(1),
        content: "Good *evening*, <@2>\n\u{2028}\u{7f}\u{1}😀".into(),
        edited_at: Some(Timestamp(1_763_700_000_001)),
        pinned_at: None,
        reply_to: Some(Reply { message_id: MessageId::new(40).unwrap(), author_id: None, excerpt: String::new() }),
        mentions: Mentions { users: vec![user_id(2)], roles: Vec::new(), everyone: false },
        reactions: vec![Reaction { emoji: "👍".into(), users: vec![user_id(2)] }],
        nonce: Some("n-1".into()),
    }
}

fn snapshot() -> SpaceSnapshot {
    SpaceSnapshot { space: space(), channels: vec![channel()], roles: vec![role()], members: vec![member()] }
}

fn events() -> Vec<Event> {
    let reaction = || ReactionChange { channel_id: channel_id(), message_id: MessageId::new(41).unwrap(), user_id: user_id(2), emoji: "👍".into() };
    vec![
        Event::AccountUpdate(account()),
        Event::ReadUpdate(read_state()),
        Event::UserUpdate(user()),
        Event::PresenceUpdate(PresenceUpdate { presences: vec![presence()] }),
        Event::SpaceCreate(SpaceCreate {
            snapshot: snapshot(),
            users: vec![user()],
            presences: vec![presence()],
            read_states: vec![read_state()],
            voice_states: vec![voice_state()],
        }),
        Event::SpaceUpdate(space()),
        Event::SpaceDelete(SpaceDelete { id: space_id(), reason: SpaceGone::Kicked }),
        Event::ChannelCreate(channel()),
        Event::ChannelUpdate(channel()),
        Event::ChannelDelete(ChannelDelete { id: channel_id(), space_id: space_id() }),
        Event::RoleCreate(role()),
        Event::RoleUpdate(role()),
        Event::RoleDelete(RoleDelete { id: RoleId::new(30).unwrap(), space_id: space_id() }),
        Event::MemberAdd(MemberAdd { member: member(), user: user(), presence: presence() }),
        Event::MemberUpdate(member()),
        Event::MemberRemove(MemberRemove { space_id: space_id(), user_id: user_id(1) }),
        Event::MessageCreate(message()),
        Event::MessageUpdate(message()),
        Event::MessageDelete(MessageDelete { channel_id: channel_id(), ids: vec![MessageId::new(41).unwrap()] }),
        Event::MessageRestore(message()),
        Event::ReactionAdd(reaction()),
        Event::ReactionRemove(reaction()),
        Event::TypingStart(TypingStart { channel_id: channel_id(), user_id: user_id(1) }),
        Event::KnockUpdate(KnockUpdate { waiting: 1 }),
        Event::VoiceStateUpdate(VoiceStateUpdate { user_id: user_id(1), channel_id: channel_id(), state: Some(voice_state()) }),
        Event::VoiceStateUpdate(VoiceStateUpdate { user_id: user_id(1), channel_id: channel_id(), state: None }),
        Event::VoiceOffer(VoiceOffer {
            channel_id: channel_id(),
            connection: 7,
            negotiation: 1,
            sdp: "v=0\r\n".into(),
            takes: vec![VoiceTake { mid: "0".into(), kind: TrackKind::Microphone }],
            tracks: tracks(),
        }),
        Event::VoiceTracks(VoiceTracks { tracks: tracks() }),
        Event::VoiceSpeaking(VoiceSpeaking { channel_id: channel_id(), users: vec![user_id(1), user_id(2)] }),
        Event::VoiceHeard(VoiceHeard { heard: false }),
        Event::VoiceEnded(VoiceEnded { channel_id: channel_id(), reason: VoiceGone::TakenOver }),
        Event::VoiceStats(VoiceStats {
            channel_id: channel_id(),
            peers: vec![PeerStats {
                user_id: user_id(1),
                rtt_ms: Some(24),
                loss_up_permille: 3,
                loss_down_permille: 0,
                jitter_ms: 2,
                up_bps: 64_000,
                down_bps: 128_000,
                path: MediaPath::Udp,
            }],
        }),
    ]
}

fn server_frames() -> Vec<ServerFrame> {
    let session_id = SessionId::new(50).unwrap();
    let ready = Ready {
        session: "secret".into(),
        session_id,
        account: account(),
        spaces: vec![snapshot()],
        users: vec![user()],
        presences: vec![presence()],
        read_states: vec![read_state()],
        voice_states: vec![voice_state()],
        call: None,
        knocks: None,
        digest: "00".repeat(32),
    };
    let mut frames = vec![
        ServerFrame::Hello { d: Hello { version: VERSION, instance: "i".into(), heartbeat_interval_ms: 30_000 } },
        ServerFrame::Ready { d: ready },
        ServerFrame::Resumed { d: Resumed { replayed: 3, digest: "00".repeat(32) } },
        ServerFrame::HeartbeatAck,
        ServerFrame::Digest { d: Digest { s: 7, digest: "00".repeat(32) } },
        ServerFrame::Reconnect,
        ServerFrame::InvalidSession { d: InvalidSession { reason: "Too much has happened since.".into() } },
    ];
    frames.extend(events().into_iter().map(|event| ServerFrame::Dispatch { s: 42, event }));
    frames
}

fn client_frames() -> Vec<ClientFrame> {
    vec![
        ClientFrame::Identify(Identify { token: "t".into(), version: VERSION, intents: None, session: None }),
        ClientFrame::Identify(Identify { token: "t".into(), version: VERSION, intents: Some(vec![Intent::Messages, Intent::Typing]), session: None }),
        ClientFrame::Resume(Resume { token: "t".into(), session: "secret".into(), s: 42 }),
        ClientFrame::Heartbeat { s: 42 },
        ClientFrame::Typing { channel_id: channel_id() },
        ClientFrame::Activity { active: false },
        ClientFrame::Verify,
        ClientFrame::VoiceJoin(VoiceJoin { channel_id: channel_id(), self_mute: true, self_deaf: false }),
        ClientFrame::VoiceLeave,
        ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: true }),
        ClientFrame::VoiceAnswer(VoiceAnswer { connection: 7, negotiation: 1, sdp: "v=0\r\n".into() }),
        ClientFrame::VoicePublish { kind: TrackKind::Screen },
        ClientFrame::VoiceUnpublish { kind: TrackKind::ScreenSound },
        ClientFrame::VoiceWatch(TrackRef { user_id: user_id(2), kind: TrackKind::Camera }),
        ClientFrame::VoiceUnwatch(TrackRef { user_id: user_id(2), kind: TrackKind::Camera }),
        ClientFrame::VoiceRestart,
        ClientFrame::VoiceStats { on: true },
    ]
}

/// The variants that serde knows, from its own complaint about one it does not.
fn variants<T: serde::de::DeserializeOwned>(tag: &str) -> BTreeSet<String> {
    let error = serde_json::from_value::<T>(json!({ tag: "?", "s": 1, "d": null })).err().expect("no such variant").to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn tags(frames: &[Value], tag: &str) -> BTreeSet<String> {
    frames.iter().filter_map(|frame| frame[tag].as_str()).map(str::to_owned).collect()
}

#[test]
fn the_wire_is_what_the_golden_file_says() {
    let value = |frames: &[ServerFrame]| frames.iter().map(|f| serde_json::to_value(f).unwrap()).collect::<Vec<_>>();
    let server = value(&server_frames());
    let client: Vec<_> = client_frames().iter().map(|f| serde_json::to_value(f).unwrap()).collect();
    assert_eq!(tags(&server, "op"), variants::<ServerFrame>("op"), "a sample of every server frame");
    assert_eq!(tags(&server, "t"), variants::<Event>("t"), "a sample of every event");
    assert_eq!(tags(&client, "op"), variants::<ClientFrame>("op"), "a sample of every client frame");

    for (json, frame) in server.iter().zip(server_frames()) {
        assert_eq!(serde_json::from_value::<ServerFrame>(json.clone()).unwrap(), frame);
    }
    for (json, frame) in client.iter().zip(client_frames()) {
        assert_eq!(serde_json::from_value::<ClientFrame>(json.clone()).unwrap(), frame);
    }

    let rest = json!([
        Registered::Waiting { ticket: "t".into() },
        KnockState::Rejected,
        ServerInfo {
            name: "Snug".into(),
            version: "0.1.0".into(),
            protocol: VERSION,
            instance: "i".into(),
            registration: Registration::Approval,
            password_required: true,
            first_run: false
        },
        ApiError { code: ErrorCode::SlowMode, message: "m".into(), hint: Some("h".into()), field: None },
    ]);
    let golden = format!("{:#}\n", json!({ "client": client, "server": server, "rest": rest }));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/wire.json");
    if std::env::var_os("SNUG_UPDATE").is_some() {
        fs::write(&path, &golden).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == golden, "the wire has changed: run with SNUG_UPDATE=1 and look at the difference of {}", path.display());
}
