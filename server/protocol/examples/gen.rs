//! Writes the TypeScript types of the protocol into the folder given: `cargo run -p snug-protocol --features ts --example gen -- ui/src/protocol`.
//! `scripts/gen` calls it.

use snug_protocol::{error::*, gateway::*, limits, permission::*, rest::*, voice::OpusSettings};
use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};
use ts_rs::{Config, TS};

macro_rules! export {
    ($config:expr; $($name:ty)*) => { $( <$name as TS>::export_all($config)?; )* };
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("name the folder to write to")?);
    let config = Config::new().with_out_dir(&folder).with_large_int("number");
    export! { &config;
        ClientFrame ServerFrame ApiError Permission
        ServerInfo Registered KnockState LoggedIn Tokens Session MessagePage InvitePreview PublicSpace DeletedChannel AdminSettings AdminUsers AdminStats NewPassword
        snug_protocol::Invite snug_protocol::Ban
        Register Login Refresh Knock UpdateAccount ChangePassword DeleteAccount CreateSpace UpdateSpace CreateChannel UpdateChannel OrderChannels SetOverwrite
        CreateRole UpdateRole OrderRoles UpdateMember MoveMember CreateBan CreateInvite SendMessage EditMessage MarkRead UpdateAdminSettings UpdateAdminUser AnswerKnock
    }
    fs::write(folder.join("constants.ts"), constants())?;
    Ok(())
}

/// The numbers that both sides share.
fn constants() -> String {
    let mut text = String::from("// Written by scripts/gen from server/protocol. Do not edit.\n\n");
    let _ = writeln!(text, "export const VERSION = {};\n", snug_protocol::VERSION);
    text += "export const PERMISSION_BIT = {\n";
    for p in Permission::ALL {
        let name = serde_json::to_string(p).expect("a unit variant is a string");
        let _ = writeln!(text, "  {}: {},", name.trim_matches('"'), *p as u8);
    }
    let _ = writeln!(text, "}} as const;\n\nexport const EVERYONE_PERMISSIONS = \"{}\";\n", Permissions::EVERYONE.bits());
    text += "export const LIMITS = {\n";
    let mut limit = |name: &str, value: usize| _ = writeln!(text, "  {name}: {value},");
    limit("usernameMin", *limits::USERNAME.start());
    limit("usernameMax", *limits::USERNAME.end());
    limit("passwordMin", *limits::PASSWORD.start());
    limit("passwordMax", *limits::PASSWORD.end());
    limit("displayName", limits::DISPLAY_NAME);
    limit("bio", limits::BIO);
    limit("statusText", limits::STATUS_TEXT);
    limit("knockText", limits::KNOCK_TEXT);
    limit("spaceName", limits::SPACE_NAME);
    limit("spaceDescription", limits::SPACE_DESCRIPTION);
    limit("channelName", limits::CHANNEL_NAME);
    limit("topic", limits::TOPIC);
    limit("roleName", limits::ROLE_NAME);
    limit("message", limits::MESSAGE);
    limit("reason", limits::REASON);
    limit("reactionsPerMessage", limits::REACTIONS_PER_MESSAGE);
    limit("page", limits::PAGE.into());
    limit("slowModeS", limits::SLOW_MODE_S as usize);
    limit("userLimit", limits::USER_LIMIT.into());
    limit("pictureBytes", limits::PICTURE_BYTES);
    limit("watched", limits::WATCHED);
    limit("opusBitrateMin", *OpusSettings::BITRATE.start() as usize);
    limit("opusBitrateMax", *OpusSettings::BITRATE.end() as usize);
    let OpusSettings { bitrate, dtx, fec } = OpusSettings::DEFAULT;
    let _ = writeln!(text, "}} as const;\n\nexport const OPUS_DEFAULT = {{ bitrate: {bitrate}, dtx: {dtx}, fec: {fec} }} as const;");
    text += "\nexport const CLOSE = {\n";
    for (name, code) in [
        ("badFrame", close::BAD_FRAME),
        ("unauthorized", close::UNAUTHORIZED),
        ("badState", close::BAD_STATE),
        ("rateLimited", close::RATE_LIMITED),
        ("timedOut", close::TIMED_OUT),
        ("tooSlow", close::TOO_SLOW),
        ("replaced", close::REPLACED),
        ("revoked", close::REVOKED),
        ("version", close::VERSION),
        ("goingAway", close::GOING_AWAY),
    ] {
        let _ = writeln!(text, "  {name}: {code},");
    }
    text += "} as const;\n";
    text
}
