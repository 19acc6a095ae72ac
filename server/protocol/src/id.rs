//! Identifiers: 64-bit snowflakes, decimal strings on the wire.
//!
//! From the top: 1 bit zero, 41 bits of milliseconds since [`EPOCH_MS`], 5 bits worker, 5 bits process,
//! 12 bits sequence. Identifiers of one server rise with time, so sorting by identifier is sorting by age.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// 2025-01-01T00:00:00Z, in milliseconds since the Unix epoch: where the snowflakes' clock starts.
pub const EPOCH_MS: i64 = 1_735_689_600_000;

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timestamp(pub i64);

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier is a decimal number between 1 and 9223372036854775807")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "generated.ts", type = "string"))]
        pub struct $name(i64);

        impl $name {
            /// The identifier with this number, if it is one: above zero.
            pub const fn new(number: i64) -> Option<Self> {
                if number > 0 { Some(Self(number)) } else { None }
            }

            /// The number, as stored. Always above zero.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// When it was made.
            pub const fn created_at(self) -> Timestamp {
                Timestamp((self.0 >> 22) + EPOCH_MS)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // Only the form that `Display` writes: no sign, no leading zero.
                if !text.bytes().all(|b| b.is_ascii_digit()) || text.starts_with('0') {
                    return Err(NotAnId);
                }
                text.parse().ok().and_then(Self::new).ok_or(NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(std::marker::PhantomData))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{0,18}$" })
            }
        }
    )*};
}

ids! {
    /// A person's account on one server.
    UserId
    /// A place for a group: channels, roles, members.
    SpaceId
    /// A text channel, a voice channel or a category.
    ChannelId
    /// A role of one space. The role `@everyone` has the number of its space.
    RoleId
    /// A message. Within a channel, the order of identifiers is the order of messages.
    MessageId
    /// A log-in of one device: what a refresh token belongs to.
    SessionId
}

impl SpaceId {
    /// The role that every member of the space has.
    pub const fn everyone(self) -> RoleId {
        RoleId(self.0)
    }
}

struct Text<T>(std::marker::PhantomData<T>);

impl<T: FromStr<Err = NotAnId>> de::Visitor<'_> for Text<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier, as a decimal string")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_string_on_the_wire_and_has_one_form() {
        let id = UserId::new(1 << 40).unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"1099511627776\"");
        assert_eq!(serde_json::from_str::<UserId>(&json).unwrap(), id);
        for wrong in ["\"0\"", "\"-1\"", "\"+1\"", "\"01\"", "\"\"", "\"1 \"", "\"9223372036854775808\"", "1", "null"] {
            assert!(serde_json::from_str::<UserId>(wrong).is_err(), "{wrong}");
        }
    }
}
