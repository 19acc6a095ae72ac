//! Permissions: 64 bits, and how roles and overwrites add up to them.
//!
//! # How they add up
//! 1. The owner of the space has every permission, in every channel.
//! 2. Start with `@everyone`'s set and add those of the member's other roles. [`Permission::Administrator`]
//!    among them is every permission, in every channel.
//! 3. In a channel, apply the overwrites of its category, then those of the channel itself. Each layer: first
//!    `@everyone`'s (deny, then allow), then those of the member's other roles taken together (all denies, then all
//!    allows), then the member's own (deny, then allow).
//! 4. Without [`Permission::ViewChannel`] nothing is left in that channel.
//!
//! The web app computes the same with the same vectors: `testdata/permissions.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    fmt,
    ops::{BitAnd, BitOr, BitOrAssign, Not},
};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $bit:literal,)*) => {
        /// One permission: a bit of [`Permissions`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts"))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum Permission { $($(#[$doc])* $name = $bit,)* }

        impl Permission {
            /// Every permission there is, by rising bit.
            pub const ALL: &[Permission] = &[$(Permission::$name,)*];
        }
    };
}

permissions! {
    /// See the channel and what is in it.
    ViewChannel = 0,
    /// Write messages.
    SendMessages = 1,
    /// Delete and pin the messages of others.
    ManageMessages = 2,
    /// Make, change, move and delete channels and their overwrites.
    ManageChannels = 3,
    /// Make, change, give and take roles below one's own highest.
    ManageRoles = 4,
    /// Remove members, who may come back.
    KickMembers = 5,
    /// Remove members for good.
    BanMembers = 6,
    /// Change name and picture of the space; see and revoke invites.
    ManageSpace = 7,
    /// Join voice channels.
    Connect = 8,
    /// Be heard in voice channels.
    Speak = 9,
    /// Mute others for everyone.
    MuteMembers = 10,
    /// Deafen others.
    DeafenMembers = 11,
    /// Move others between voice channels.
    MoveMembers = 12,
    /// Notify everyone with `@everyone`, `@here` and roles that are not open to mention.
    MentionEveryone = 13,
    /// Send files.
    AttachFiles = 14,
    /// Read what was written before.
    ReadHistory = 15,
    /// Make invites.
    CreateInvites = 16,
    /// Change one's own nickname.
    ChangeNickname = 17,
    /// Change the nicknames of others.
    ManageNicknames = 18,
    /// Share a screen or a camera.
    ShareScreen = 19,
    /// Control radio and player.
    ControlPlayer = 20,
    /// Pass every check.
    Administrator = 31,
}

/// A set of [`Permission`]s. A decimal string on the wire.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts", type = "string"))]
pub struct Permissions(u64);

impl Permissions {
    /// No permission.
    pub const NONE: Self = Self(0);
    /// Every permission that is defined.
    pub const ALL: Self = {
        let (mut bits, mut i) = (0, 0);
        while i < Permission::ALL.len() {
            bits |= 1 << Permission::ALL[i] as u8;
            i += 1;
        }
        Self(bits)
    };
    /// What `@everyone` may do in a new space: take part, invite, and manage nothing.
    pub const EVERYONE: Self = Self::of(&[
        Permission::ViewChannel,
        Permission::SendMessages,
        Permission::Connect,
        Permission::Speak,
        Permission::AttachFiles,
        Permission::ReadHistory,
        Permission::CreateInvites,
        Permission::ChangeNickname,
        Permission::ShareScreen,
        Permission::ControlPlayer,
    ]);

    /// The set of these.
    pub const fn of(list: &[Permission]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < list.len() {
            bits |= 1 << list[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// The set with these bits. Bits that no permission has are dropped.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether `permission` is in it, or [`Permission::Administrator`] is.
    pub const fn allows(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8 | 1 << Permission::Administrator as u8) != 0
    }

    /// Whether every bit of `other` is in it (an administrator's set contains all).
    pub const fn contains(self, other: Self) -> bool {
        self.allows(Permission::Administrator) || other.0 & !self.0 == 0
    }

    /// Those of `self` that are not in `other`.
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions in it, by rising bit.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.0 & (1 << *p as u8) != 0)
    }
}

/// What a channel or its category changes for a role or a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Taken away.
    pub deny: Permissions,
    /// Given; wins over `deny` on the same step.
    pub allow: Permissions,
}

/// The overwrites of one layer (category or channel) that concern one member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// For `@everyone`.
    pub everyone: Change,
    /// For the member's other roles, taken together.
    pub roles: Change,
    /// For the member alone.
    pub member: Change,
}

impl Layer {
    /// `permissions` after this layer.
    pub fn apply(&self, permissions: Permissions) -> Permissions {
        [self.everyone, self.roles, self.member].iter().fold(permissions, |p, change| p.minus(change.deny) | change.allow)
    }
}

/// What a member may do in a channel: steps 2 to 4 above. `base` is the sum of the member's roles.
pub fn in_channel(base: Permissions, layers: &[Layer]) -> Permissions {
    if base.allows(Permission::Administrator) {
        return Permissions::ALL;
    }
    // Administration is a matter of the space: an overwrite neither gives nor takes it.
    let sum = layers.iter().fold(base, |p, layer| layer.apply(p)).minus(Permissions::of(&[Permission::Administrator]));
    if sum.allows(Permission::ViewChannel) { sum } else { Permissions::NONE }
}

impl BitOr for Permissions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Permissions {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOrAssign for Permissions {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Not for Permissions {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(list: I) -> Self {
        Self(list.into_iter().fold(0, |bits, p| bits | 1 << p as u8))
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bits;
        impl de::Visitor<'_> for Bits {
            type Value = Permissions;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a set of permissions, as a decimal string of its bits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Permissions, E> {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                let bits: u64 = text.parse().ok().filter(|_| digits).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))?;
                if bits & !Permissions::ALL.bits() != 0 {
                    return Err(E::custom("a bit that no permission has is set"));
                }
                Ok(Permissions(bits))
            }
        }
        deserializer.deserialize_str(Bits)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Permissions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Permissions".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{1,20}$", "description": "The bits of a permission set, as a decimal number. Bits that no permission has are refused." })
    }
}
