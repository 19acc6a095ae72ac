//! The sizes that both sides keep to. Lengths of texts are in Unicode scalar values unless said otherwise.

/// A username: 2–32 of `a–z`, `0–9`, `_`, `.`, `-`, starting with a letter or digit.
pub const USERNAME: std::ops::RangeInclusive<usize> = 2..=32;
/// A password. The upper bound keeps hashing cheap to refuse.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 8..=256;
/// A display name or a nickname.
pub const DISPLAY_NAME: usize = 40;
/// The text about oneself in a profile.
pub const BIO: usize = 400;
/// The text beside a presence.
pub const STATUS_TEXT: usize = 100;
/// What somebody writes when knocking.
pub const KNOCK_TEXT: usize = 300;
/// The name of a space.
pub const SPACE_NAME: usize = 60;
/// What a space is about.
pub const SPACE_DESCRIPTION: usize = 300;
/// The name of a channel or a category.
pub const CHANNEL_NAME: usize = 60;
/// The topic of a channel.
pub const TOPIC: usize = 500;
/// The name of a role.
pub const ROLE_NAME: usize = 40;
/// The text of a message.
pub const MESSAGE: usize = 4_000;
/// The client's mark on a message, in bytes.
pub const NONCE_BYTES: usize = 64;
/// One reaction, in bytes: the longest Unicode emoji sequences take 35.
pub const EMOJI_BYTES: usize = 64;
/// Different reactions on one message.
pub const REACTIONS_PER_MESSAGE: usize = 20;
/// Reason for a ban or a kick.
pub const REASON: usize = 300;
/// Pinned messages in one channel.
pub const PINS_PER_CHANNEL: usize = 100;
/// Channels in one space, deleted ones not counted.
pub const CHANNELS_PER_SPACE: usize = 300;
/// Roles in one space.
pub const ROLES_PER_SPACE: usize = 200;
/// Invites of one space that are still good.
pub const INVITES_PER_SPACE: usize = 200;
/// Spaces that one person may be in.
pub const SPACES_PER_USER: usize = 100;
/// Messages in one page of history.
pub const PAGE: u16 = 100;
/// Slow mode: the longest pause between two messages, in seconds (6 hours).
pub const SLOW_MODE_S: u32 = 21_600;
/// People in one voice channel.
pub const USER_LIMIT: u16 = 500;
/// A frame from a client to the gateway, in bytes, unless it is a `voice_answer`.
pub const CLIENT_FRAME_BYTES: usize = 16 * 1024;
/// A frame with a `voice_answer`, in bytes. A browser's answer takes 870 for each voice and 2,500 for each picture with its sound.
pub const ANSWER_FRAME_BYTES: usize = 64 * 1024;
/// Pictures that one connection watches at once. As many sounds go with them.
pub const WATCHED: usize = 16;
/// The body of a request, in bytes, unless it is a picture.
pub const BODY_BYTES: usize = 64 * 1024;
/// The body of a request that carries a picture, in bytes.
pub const PICTURE_BYTES: usize = 2 * 1024 * 1024;
