//! Reading the world from the database, at the start.

use super::{Person, Place, Settings, World};
use crate::store::{Row, Sql, SqlError};
use snug_protocol::{
    Channel, ChannelId, ChannelKind, ChosenStatus, ImageHash, Member, Overwrite, OverwriteTarget, Permissions, Role, Space, User, UserId,
    rest::AccountState, voice::OpusSettings,
};
use std::collections::{BTreeMap, BTreeSet};

/// The columns that [`channel`] reads.
macro_rules! channel_columns {
    () => {
        "id, space_id, kind, name, topic, parent_id, position, slow_mode_s, user_limit, opus_bitrate, opus_dtx, opus_fec, last_message_id"
    };
}
pub(crate) use channel_columns;

impl World {
    /// The world as the database has it.
    pub fn load(sql: &mut dyn Sql) -> Result<Self, SqlError> {
        let mut world = Self { settings: settings(sql)?, ..Self::default() };
        for mut row in sql.query(
            "SELECT id, username, display_name, avatar, bio, status, status_text, state, admin, owner FROM account WHERE state <> 'deleted'",
            &[],
        )? {
            let person = person(&mut row)?;
            world.people.insert(person.user.id, person);
        }
        for mut row in sql.query("SELECT id, account_id FROM login", &[])? {
            world.logins.insert(row.take()?, row.take()?);
        }
        for mut row in sql.query("SELECT id, name, description, icon, public, owner_id FROM space", &[])? {
            let space = Space {
                id: row.take()?,
                name: row.take()?,
                description: row.take()?,
                icon: row.take::<Option<String>>()?.map(ImageHash),
                public: row.take()?,
                owner_id: row.take()?,
            };
            world.spaces.insert(space.id, Place { space, channels: BTreeMap::new(), roles: BTreeMap::new(), members: BTreeMap::new() });
        }
        world.load_roles(sql)?;
        world.load_channels(sql)?;
        world.load_members(sql)?;
        Ok(world)
    }

    fn load_roles(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        for mut row in sql.query("SELECT id, space_id, name, color, position, permissions, hoist, mentionable FROM role", &[])? {
            let role = Role {
                id: row.take()?,
                space_id: row.take()?,
                name: row.take()?,
                color: row.take()?,
                position: row.take()?,
                permissions: permissions(&mut row)?,
                hoist: row.take()?,
                mentionable: row.take()?,
            };
            if let Some(place) = self.spaces.get_mut(&role.space_id) {
                place.roles.insert(role.id, role);
            }
        }
        Ok(())
    }

    fn load_channels(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        for mut row in sql.query(concat!("SELECT ", channel_columns!(), " FROM channel WHERE deleted_at IS NULL"), &[])? {
            let channel = channel(&mut row)?;
            self.channels.insert(channel.id, channel.space_id);
            if let Some(place) = self.spaces.get_mut(&channel.space_id) {
                place.channels.insert(channel.id, channel);
            }
        }
        for mut row in
            sql.query("SELECT channel_id, role_id, account_id, allow, deny FROM overwrite ORDER BY channel_id, account_id, role_id", &[])?
        {
            let id: ChannelId = row.take()?;
            let overwrite = overwrite(&mut row)?;
            if let Some(channel) = self.channel_mut(id) {
                channel.overwrites.push(overwrite);
            }
        }
        Ok(())
    }

    fn load_members(&mut self, sql: &mut dyn Sql) -> Result<(), SqlError> {
        for mut row in sql.query("SELECT space_id, account_id, nickname, joined_at, muted, deafened FROM member", &[])? {
            let member = Member {
                space_id: row.take()?,
                user_id: row.take()?,
                nickname: row.take()?,
                roles: Vec::new(),
                joined_at: row.take()?,
                muted: row.take()?,
                deafened: row.take()?,
            };
            self.enter(member.user_id, member.space_id);
            if let Some(place) = self.spaces.get_mut(&member.space_id) {
                place.members.insert(member.user_id, member);
            }
        }
        for mut row in sql.query("SELECT space_id, account_id, role_id FROM member_role ORDER BY role_id", &[])? {
            let (space, user): (_, UserId) = (row.take()?, row.take()?);
            if let Some(member) = self.spaces.get_mut(&space).and_then(|place| place.members.get_mut(&user)) {
                member.roles.push(row.take()?);
            }
        }
        Ok(())
    }
}

fn settings(sql: &mut dyn Sql) -> Result<Settings, SqlError> {
    let mut settings = Settings::default();
    for mut row in sql.query("SELECT name, value FROM setting", &[])? {
        let (name, value): (String, String) = (row.take()?, row.take()?);
        match name.as_str() {
            "name" => settings.name = value,
            "registration" => settings.registration = from_text(&value)?,
            "server_password" if !value.is_empty() => settings.server_password = Some(value),
            // Others belong to other modules: the secret, the counter of log-outs.
            _ => {}
        }
    }
    Ok(settings)
}

/// Reads the columns `id, username, display_name, avatar, bio`.
pub(crate) fn user(row: &mut Row) -> Result<User, SqlError> {
    Ok(User {
        id: row.take()?,
        username: row.take()?,
        display_name: row.take()?,
        avatar: row.take::<Option<String>>()?.map(ImageHash),
        bio: row.take()?,
    })
}

fn person(row: &mut Row) -> Result<Person, SqlError> {
    Ok(Person {
        user: user(row)?,
        status: from_text::<ChosenStatus>(&row.take::<String>()?)?,
        status_text: row.take()?,
        state: from_text::<AccountState>(&row.take::<String>()?)?,
        admin: row.take()?,
        owner: row.take()?,
        spaces: BTreeSet::new(),
    })
}

/// Reads the columns `channel_columns!()`.
pub(crate) fn channel(row: &mut Row) -> Result<Channel, SqlError> {
    Ok(Channel {
        id: row.take()?,
        space_id: row.take()?,
        kind: from_text::<ChannelKind>(&row.take::<String>()?)?,
        name: row.take()?,
        topic: row.take()?,
        parent_id: row.take()?,
        position: row.take()?,
        slow_mode_s: row.take()?,
        user_limit: u16::try_from(row.take::<u32>()?).unwrap_or(u16::MAX),
        opus: opus(row)?,
        overwrites: Vec::new(),
        last_message_id: row.take()?,
    })
}

fn opus(row: &mut Row) -> Result<Option<OpusSettings>, SqlError> {
    let (bitrate, dtx, fec): (Option<u32>, Option<bool>, Option<bool>) = (row.take()?, row.take()?, row.take()?);
    Ok(bitrate.zip(dtx).zip(fec).map(|((bitrate, dtx), fec)| OpusSettings { bitrate, dtx, fec }))
}

/// Reads the columns `role_id, account_id, allow, deny`.
pub(crate) fn overwrite(row: &mut Row) -> Result<Overwrite, SqlError> {
    let (role, account): (i64, i64) = (row.take()?, row.take()?);
    let target = snug_protocol::RoleId::new(role)
        .map(OverwriteTarget::Role)
        .or_else(|| UserId::new(account).map(OverwriteTarget::Member))
        .ok_or(SqlError::Shape { expected: "role or member" })?;
    Ok(Overwrite { target, allow: permissions(row)?, deny: permissions(row)? })
}

fn permissions(row: &mut Row) -> Result<Permissions, SqlError> {
    Ok(Permissions::from_bits(row.take::<i64>()? as u64))
}

/// A unit variant by its name on the wire, which is also its name in the database.
pub(crate) fn from_text<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, SqlError> {
    serde_json::from_value(serde_json::Value::String(text.into())).map_err(|_| SqlError::Shape { expected: std::any::type_name::<T>() })
}

/// The name of a unit variant.
pub(crate) fn to_text<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        other => unreachable!("not a unit variant: {other:?}"),
    }
}
