//! The bodies of requests and answers under `/api/v1`. The served `openapi.json` says which goes where.

use crate::{
    id::*,
    model::*,
    permission::Permissions,
    voice::OpusSettings,
    wire::{request, wire},
};

wire! {
    /// `GET /server`: what anyone may know before logging in.
    pub struct ServerInfo {
        /// The name its owner gave it.
        pub name: String,
        /// The version of the program.
        pub version: String,
        /// [`crate::VERSION`].
        pub protocol: u32,
        /// Changes with every start.
        pub instance: String,
        /// How one gets an account.
        pub registration: Registration,
        /// Whether registration asks for the server's password.
        pub password_required: bool,
        /// Nobody is here yet: the next account owns the server, whatever `registration` says.
        pub first_run: bool,
    }

    /// How one gets an account.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Registration {
        /// Anyone may register.
        Open,
        /// With an invite to a space.
        Invite,
        /// Anyone may knock; an administrator lets them in.
        Approval,
        /// Not at all.
        Closed,
    }

    /// Two tokens. Whoever has them is the user.
    pub struct Tokens {
        /// Sent as `Authorization: Bearer …`, and in `identify`.
        pub access_token: String,
        /// When it ends: 15 minutes after it was made.
        pub access_expires_at: Timestamp,
        /// Good for one refresh within 30 days. Nothing when it was put into a cookie.
        pub refresh_token: Option<String>,
        /// The log-in both belong to.
        pub session_id: SessionId,
    }

    /// Somebody is logged in.
    pub struct LoggedIn {
        /// Their tokens.
        pub tokens: Tokens,
        /// Who they are.
        pub account: Account,
        /// The space that the invite led to.
        pub space_id: Option<SpaceId>,
    }

    /// The answer to a registration.
    #[serde(tag = "outcome", rename_all = "snake_case")]
    pub enum Registered {
        /// Come in.
        LoggedIn(LoggedIn),
        /// An administrator must let you in. Ask `GET /auth/knock` how it stands.
        Waiting {
            /// Names the knock. A secret: it becomes the log-in.
            ticket: String,
        },
    }

    /// `POST /auth/knock`: how a knock stands.
    #[serde(tag = "state", rename_all = "snake_case")]
    #[expect(clippy::large_enum_variant, reason = "made once per question")]
    pub enum KnockState {
        /// Nobody has answered yet.
        Waiting,
        /// Come in.
        Approved(LoggedIn),
        /// Not this time.
        Rejected,
    }

    /// One log-in of oneself.
    pub struct Session {
        /// Which.
        pub id: SessionId,
        /// The program and system, from `User-Agent`.
        pub device: String,
        /// Where it was last seen.
        pub address: String,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it was last refreshed.
        pub last_used_at: Timestamp,
        /// Whether it is the one that asks.
        pub current: bool,
        /// Whether it has a connection to the gateway now.
        pub connected: bool,
    }

    /// A page of history, oldest first.
    pub struct MessagePage {
        /// The messages.
        pub messages: Vec<Message>,
        /// Their authors, whether or not they are still here.
        pub users: Vec<User>,
        /// Whether there are older ones.
        pub has_before: bool,
        /// Whether there are newer ones.
        pub has_after: bool,
    }

    /// `GET /invites/{code}`: what anyone who has the link may know.
    pub struct InvitePreview {
        /// The code asked for.
        pub code: String,
        /// Where it leads.
        pub space_id: SpaceId,
        /// Its name.
        pub space_name: String,
        /// What it is about.
        pub space_description: String,
        /// Its picture.
        pub space_icon: Option<ImageHash>,
        /// Who invites.
        pub inviter: User,
        /// How many are in.
        pub members: u32,
        /// How many of them are there now.
        pub online: u32,
        /// When it ends.
        pub expires_at: Option<Timestamp>,
    }

    /// A space that may be joined without an invite.
    pub struct PublicSpace {
        /// The space.
        pub space: Space,
        /// How many are in.
        pub members: u32,
        /// Whether one is in already.
        pub joined: bool,
    }

    /// A deleted channel that can be restored.
    pub struct DeletedChannel {
        /// As it was.
        pub channel: Channel,
        /// When it was deleted.
        pub deleted_at: Timestamp,
    }

    /// `GET /admin/settings`.
    pub struct AdminSettings {
        /// The server's name.
        pub name: String,
        /// How one gets an account.
        pub registration: Registration,
        /// Whether registration asks for a password.
        pub password_required: bool,
    }

    /// How an account stands.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum AccountState {
        /// In use.
        Active,
        /// Knocks.
        Waiting,
        /// Shut out for now.
        Suspended,
    }

    /// An account, as an administrator sees it.
    pub struct AdminUser {
        /// Who.
        pub user: User,
        /// How it stands.
        pub state: AccountState,
        /// Whether they administer the server.
        pub admin: bool,
        /// Whether they own the server.
        pub owner: bool,
        /// What they wrote when knocking.
        pub knock: Option<String>,
        /// When they registered.
        pub created_at: Timestamp,
        /// When they were last here.
        pub last_seen_at: Option<Timestamp>,
    }

    /// A page of accounts, by rising identifier.
    pub struct AdminUsers {
        /// The accounts.
        pub users: Vec<AdminUser>,
        /// How many match in all.
        pub total: u32,
    }

    /// `GET /admin/stats`.
    pub struct AdminStats {
        /// Accounts in use.
        pub users: u32,
        /// Spaces.
        pub spaces: u32,
        /// Messages.
        pub messages: u64,
        /// Sessions of the gateway with a connection.
        pub connected: u32,
        /// Bytes that the database takes.
        pub database_bytes: u64,
        /// Seconds since the start.
        pub uptime_s: u64,
    }

    /// A new password, shown once.
    pub struct NewPassword {
        /// To be handed over by other means.
        pub password: String,
    }
}

request! {
    /// `POST /auth/register`.
    pub struct Register {
        /// See [`crate::limits::USERNAME`].
        pub username: String,
        /// See [`crate::limits::PASSWORD`].
        pub password: String,
        /// The name to show; the username if left out.
        pub display_name: Option<String>,
        /// The code of an invite.
        pub invite: Option<String>,
        /// The server's password, where it asks for one.
        pub server_password: Option<String>,
        /// What to say when knocking.
        pub knock: Option<String>,
        /// Put the refresh token into a cookie that scripts cannot read.
        #[serde(default)]
        pub cookie: bool,
    }

    /// `POST /auth/login`.
    pub struct Login {
        /// The username, in any case.
        pub username: String,
        /// The password.
        pub password: String,
        /// Put the refresh token into a cookie that scripts cannot read.
        #[serde(default)]
        pub cookie: bool,
    }

    /// `POST /auth/refresh`: the token comes in the body or in the cookie.
    pub struct Refresh {
        /// The refresh token, where it is not in the cookie.
        pub refresh_token: Option<String>,
        /// A random mark of this attempt, 8–64 bytes. The same token with the same mark gets the same answer, so an
        /// attempt whose answer was lost can be repeated. The same token with another mark is theft: the log-in ends.
        pub attempt: String,
    }

    /// `POST /auth/knock`.
    pub struct Knock {
        /// From the answer to the registration.
        pub ticket: String,
        /// Put the refresh token into a cookie that scripts cannot read.
        #[serde(default)]
        pub cookie: bool,
    }

    /// `PATCH /users/me`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateAccount {
        /// The name to show.
        pub display_name: Option<String>,
        /// About oneself.
        pub bio: Option<String>,
        /// The presence to show.
        pub status: Option<ChosenStatus>,
        /// The text beside it.
        pub status_text: Option<String>,
    }

    /// `POST /users/me/password`. Every other session ends.
    pub struct ChangePassword {
        /// The password now.
        pub current: String,
        /// The password from now on.
        pub new: String,
    }

    /// `POST /users/me/delete`.
    pub struct DeleteAccount {
        /// The password, to be sure.
        pub password: String,
    }

    /// `POST /spaces`.
    pub struct CreateSpace {
        /// Its name.
        pub name: String,
        /// Whether everyone on the server may join.
        #[serde(default)]
        pub public: bool,
    }

    /// `PATCH /spaces/{space}`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateSpace {
        /// Its name.
        pub name: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// Whether everyone on the server may join.
        pub public: Option<bool>,
        /// Its new owner, a member. Only the owner may say so.
        pub owner_id: Option<UserId>,
    }

    /// `POST /spaces/{space}/channels`. It comes last in its parent.
    pub struct CreateChannel {
        /// What for.
        pub kind: ChannelKind,
        /// Its name.
        pub name: String,
        /// The category it goes into.
        pub parent_id: Option<ChannelId>,
        /// What it is about.
        pub topic: Option<String>,
        /// How voices are encoded in it, if it is a voice channel; [`OpusSettings::DEFAULT`] if left out.
        pub opus: Option<OpusSettings>,
        /// Overwrites from the start, so that a private channel is never seen.
        #[serde(default)]
        pub overwrites: Vec<Overwrite>,
    }

    /// `PATCH /channels/{channel}`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateChannel {
        /// Its name.
        pub name: Option<String>,
        /// What it is about.
        pub topic: Option<String>,
        /// Seconds between two messages of one member.
        pub slow_mode_s: Option<u32>,
        /// People allowed in voice at once.
        pub user_limit: Option<u16>,
        /// How voices are encoded. Only of a voice channel. Takes effect while people talk.
        pub opus: Option<OpusSettings>,
    }

    /// `PUT /spaces/{space}/channels/order`: where some channels are from now on. Those left out keep their places.
    pub struct OrderChannels {
        /// The places.
        pub places: Vec<ChannelPlace>,
    }

    /// Where one channel is.
    pub struct ChannelPlace {
        /// Which.
        pub id: ChannelId,
        /// The category it is in; left out for none.
        pub parent_id: Option<ChannelId>,
        /// Its place there, from 0.
        pub position: u32,
    }

    /// `PUT /channels/{channel}/overwrites/{kind}/{target}`. Both empty is as good as none.
    pub struct SetOverwrite {
        /// Given.
        pub allow: Permissions,
        /// Taken away.
        pub deny: Permissions,
    }

    /// `POST /spaces/{space}/roles`. It stands right above `@everyone`.
    pub struct CreateRole {
        /// Its name.
        pub name: String,
        /// `#rrggbb`.
        pub color: Option<String>,
        /// What it lets its members do; nothing if left out.
        pub permissions: Option<Permissions>,
        /// Whether its members are listed apart.
        #[serde(default)]
        pub hoist: bool,
        /// Whether everyone may mention it.
        #[serde(default)]
        pub mentionable: bool,
    }

    /// `PATCH /spaces/{space}/roles/{role}`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateRole {
        /// Its name. `@everyone` keeps its own.
        pub name: Option<String>,
        /// `#rrggbb`, or empty for none.
        pub color: Option<String>,
        /// What it lets its members do.
        pub permissions: Option<Permissions>,
        /// Whether its members are listed apart.
        pub hoist: Option<bool>,
        /// Whether everyone may mention it.
        pub mentionable: Option<bool>,
    }

    /// `PUT /spaces/{space}/roles/order`.
    pub struct OrderRoles {
        /// All roles but `@everyone`, highest first.
        pub roles: Vec<RoleId>,
    }

    /// `PATCH /spaces/{space}/members/{user}`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateMember {
        /// The name here; empty for none.
        pub nickname: Option<String>,
        /// The roles from now on, `@everyone` not among them. What changes must be below one's own highest.
        pub roles: Option<Vec<RoleId>>,
        /// Whether they are muted in voice, for everyone. It holds until it is taken back.
        pub muted: Option<bool>,
        /// Whether they are deafened in voice. It holds until it is taken back.
        pub deafened: Option<bool>,
    }

    /// `PUT /spaces/{space}/members/{user}/voice`.
    pub struct MoveMember {
        /// The voice channel they come to; nothing puts them out of voice.
        pub channel_id: Option<ChannelId>,
    }

    /// `PUT /spaces/{space}/bans/{user}`.
    #[derive(Default)]
    pub struct CreateBan {
        /// Why.
        #[serde(default)]
        pub reason: String,
        /// Delete what they wrote here in the last so many seconds, at most 7 days.
        #[serde(default)]
        pub delete_message_s: u32,
    }

    /// `POST /spaces/{space}/invites`.
    #[derive(Default)]
    pub struct CreateInvite {
        /// The channel to open first.
        pub channel_id: Option<ChannelId>,
        /// Seconds until it ends; left out for never.
        pub max_age_s: Option<u32>,
        /// How often it may be used; left out for any number.
        pub max_uses: Option<u32>,
    }

    /// `POST /channels/{channel}/messages`.
    pub struct SendMessage {
        /// Markdown, 1–4,000 characters.
        pub content: String,
        /// A mark of the client's, unique among this author's messages, 1–64 bytes. Sending it again gives the
        /// message that is already there.
        pub nonce: Option<String>,
        /// The message to answer, of the same channel.
        pub reply_to: Option<MessageId>,
    }

    /// `PATCH /channels/{channel}/messages/{message}`.
    pub struct EditMessage {
        /// Markdown, 1–4,000 characters.
        pub content: String,
    }

    /// `PUT /channels/{channel}/read`.
    pub struct MarkRead {
        /// Everything up to this is read, and what comes after is not.
        pub message_id: MessageId,
    }

    /// `PATCH /admin/settings`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateAdminSettings {
        /// The server's name.
        pub name: Option<String>,
        /// How one gets an account.
        pub registration: Option<Registration>,
        /// What registration asks for; empty for nothing.
        pub server_password: Option<String>,
    }

    /// `PATCH /admin/users/{user}`. What is left out stays.
    #[derive(Default)]
    pub struct UpdateAdminUser {
        /// Whether they administer the server. Only the owner may say so.
        pub admin: Option<bool>,
        /// Shut out, or let in again.
        pub suspended: Option<bool>,
    }

    /// `POST /admin/users/{user}/answer`: to a knock.
    pub struct AnswerKnock {
        /// Whether they may come in.
        pub approve: bool,
    }
}
