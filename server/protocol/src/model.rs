//! The things both sides speak of. The gateway's `ready` is made of them, and so is a client's store.

use crate::{id::*, permission::Permissions, voice::OpusSettings, wire::wire};

wire! {
    /// The name of a picture: the BLAKE3 hash of its bytes, 64 hexadecimal digits. Served at `/api/v1/images/{hash}`.
    #[derive(Hash)]
    pub struct ImageHash(pub String);

    /// What everyone who shares a space with somebody may know of them.
    pub struct User {
        /// Who.
        pub id: UserId,
        /// The name they log in with; unique, lower case.
        pub username: String,
        /// The name to show.
        pub display_name: String,
        /// Their picture.
        pub avatar: Option<ImageHash>,
        /// What they say about themselves.
        pub bio: String,
    }

    /// What somebody knows of themselves.
    pub struct Account {
        /// What others see.
        #[serde(flatten)]
        pub user: User,
        /// Whether they administer the server.
        pub admin: bool,
        /// Whether they own the server: the first account does.
        pub owner: bool,
        /// The presence they chose.
        pub status: ChosenStatus,
        /// The text beside it; empty for none.
        pub status_text: String,
    }

    /// The presence somebody chose. It holds until they choose another.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ChosenStatus {
        /// Online while a session is active, idle while all of them are.
        Online,
        /// Idle.
        Idle,
        /// Do not disturb.
        Dnd,
        /// Offline to everyone else.
        Invisible,
    }

    /// The presence others see.
    #[derive(Copy, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum Status {
        /// No session, or invisible.
        Offline,
        /// Away from every device.
        Idle,
        /// Does not want to be disturbed.
        Dnd,
        /// There.
        Online,
    }

    /// Somebody's presence.
    pub struct Presence {
        /// Whose.
        pub user_id: UserId,
        /// Which.
        pub status: Status,
        /// The text beside it; empty for none or while offline.
        pub text: String,
    }

    /// A place for a group.
    pub struct Space {
        /// Which.
        pub id: SpaceId,
        /// Its name.
        pub name: String,
        /// What it is about; empty for none.
        pub description: String,
        /// Its picture.
        pub icon: Option<ImageHash>,
        /// Whether everyone on the server may find and join it without an invite.
        pub public: bool,
        /// Whose it is.
        pub owner_id: UserId,
    }

    /// What a channel is for.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ChannelKind {
        /// Messages.
        Text,
        /// Voice.
        Voice,
        /// Holds other channels, which inherit its overwrites.
        Category,
    }

    /// A text channel, a voice channel or a category.
    pub struct Channel {
        /// Which.
        pub id: ChannelId,
        /// Where.
        pub space_id: SpaceId,
        /// What for.
        pub kind: ChannelKind,
        /// Its name.
        pub name: String,
        /// What it is about; empty for none.
        pub topic: String,
        /// The category it is in. A category is in none.
        pub parent_id: Option<ChannelId>,
        /// Its place among those with the same parent, from 0. Equal places are ordered by identifier.
        pub position: u32,
        /// Seconds a member waits between two messages; 0 for none.
        pub slow_mode_s: u32,
        /// People allowed in voice at once; 0 for no limit.
        pub user_limit: u16,
        /// How voices are encoded in it. Voice channels have it, and no others.
        pub opus: Option<OpusSettings>,
        /// What it changes for roles and members, ordered by target.
        pub overwrites: Vec<Overwrite>,
        /// The newest message that was ever in it.
        pub last_message_id: Option<MessageId>,
    }

    /// Whom an overwrite is for.
    #[derive(Copy, PartialOrd, Ord, Hash)]
    #[serde(tag = "kind", content = "id", rename_all = "snake_case")]
    pub enum OverwriteTarget {
        /// All who have a role.
        Role(RoleId),
        /// One member.
        Member(UserId),
    }

    /// What a channel changes for a role or a member.
    #[derive(Copy)]
    pub struct Overwrite {
        /// For whom.
        pub target: OverwriteTarget,
        /// Given.
        pub allow: Permissions,
        /// Taken away. Nothing is in both.
        pub deny: Permissions,
    }

    /// A role of a space.
    pub struct Role {
        /// Which. The role `@everyone` has the number of its space.
        pub id: RoleId,
        /// Where.
        pub space_id: SpaceId,
        /// Its name.
        pub name: String,
        /// `#rrggbb`, or nothing for the colour of ordinary text.
        pub color: Option<String>,
        /// Its rank: a higher one stands above. `@everyone` has 0, and nothing else has.
        pub position: u32,
        /// What it lets its members do.
        pub permissions: Permissions,
        /// Whether its members are listed apart.
        pub hoist: bool,
        /// Whether everyone may mention it.
        pub mentionable: bool,
    }

    /// Somebody in a space.
    pub struct Member {
        /// Where.
        pub space_id: SpaceId,
        /// Who.
        pub user_id: UserId,
        /// Their name here, instead of their display name.
        pub nickname: Option<String>,
        /// Their roles beside `@everyone`, by rising identifier.
        pub roles: Vec<RoleId>,
        /// Since when.
        pub joined_at: Timestamp,
        /// A moderator muted them: nothing that they say in voice is passed on.
        pub muted: bool,
        /// A moderator deafened them: nothing that is said in voice is passed on to them.
        pub deafened: bool,
    }

    /// A space with all that one of its members may see of it.
    pub struct SpaceSnapshot {
        /// The space itself.
        pub space: Space,
        /// The channels they may see.
        pub channels: Vec<Channel>,
        /// All roles.
        pub roles: Vec<Role>,
        /// All members.
        pub members: Vec<Member>,
    }

    /// What somebody has read of a channel.
    pub struct ReadState {
        /// Which channel.
        pub channel_id: ChannelId,
        /// The last message read; nothing for a channel never opened.
        pub last_read_id: Option<MessageId>,
        /// Messages of others after it, at most [`ReadState::MOST`].
        pub unread: u32,
        /// Those among them that mention the reader, at most [`ReadState::MOST`].
        pub mentions: u32,
    }

    /// Whom a message mentions.
    #[derive(Default)]
    pub struct Mentions {
        /// People.
        pub users: Vec<UserId>,
        /// Roles whose members are notified.
        pub roles: Vec<RoleId>,
        /// Everyone who may see the channel (`@everyone`), or those of them who are there (`@here`).
        pub everyone: bool,
    }

    /// What a message answers.
    pub struct Reply {
        /// The message answered.
        pub message_id: MessageId,
        /// Who wrote it. Nothing when it is gone.
        pub author_id: Option<UserId>,
        /// Its first 200 characters. Empty when it is gone.
        pub excerpt: String,
    }

    /// One reaction, with all who reacted so.
    pub struct Reaction {
        /// A Unicode emoji.
        pub emoji: String,
        /// Who, first come first.
        pub users: Vec<UserId>,
    }

    /// A message.
    pub struct Message {
        /// Which, and when: see [`MessageId::created_at`].
        pub id: MessageId,
        /// Where.
        pub channel_id: ChannelId,
        /// Who wrote it.
        pub author_id: UserId,
        /// Markdown.
        pub content: String,
        /// When it was last changed.
        pub edited_at: Option<Timestamp>,
        /// Since when it is pinned.
        pub pinned_at: Option<Timestamp>,
        /// What it answers.
        pub reply_to: Option<Reply>,
        /// Whom it mentions.
        pub mentions: Mentions,
        /// In the order in which each emoji was first used.
        pub reactions: Vec<Reaction>,
        /// The mark its author's client gave it, so that the client knows its own again.
        pub nonce: Option<String>,
    }

    /// An invite to a space.
    pub struct Invite {
        /// 13 characters with 65 random bits.
        pub code: String,
        /// Where to.
        pub space_id: SpaceId,
        /// The channel to open first.
        pub channel_id: Option<ChannelId>,
        /// Who made it.
        pub creator_id: UserId,
        /// How often it was used.
        pub uses: u32,
        /// How often it may be used.
        pub max_uses: Option<u32>,
        /// When it ends.
        pub expires_at: Option<Timestamp>,
        /// When it was made.
        pub created_at: Timestamp,
    }

    /// Somebody who may not come back.
    pub struct Ban {
        /// Where.
        pub space_id: SpaceId,
        /// Who.
        pub user: User,
        /// Why; empty for no reason given.
        pub reason: String,
        /// By whom.
        pub banned_by: UserId,
        /// When.
        pub created_at: Timestamp,
    }
}

impl ReadState {
    /// Where counting stops: shown as `99+`.
    pub const MOST: u32 = 100;
}
