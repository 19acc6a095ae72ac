import type { ChannelKind, Permission } from "../../protocol/generated";

/** A permission in the words of one channel. */
export interface InChannel {
  kinds: ChannelKind[];
  /** What it is called there, if it differs. */
  label?: string;
  sentence: string;
}

/** A permission in words. `where`: only for the space as a whole, for channels that are read, or for those that are heard. */
export interface PermissionWords {
  permission: Permission;
  label: string;
  /** What it lets somebody do in the space. */
  sentence: string;
  /** What it lets them do in one channel, if it can be set there. */
  inChannel?: InChannel;
}

const ANY: ChannelKind[] = ["text", "voice", "category"];
const VOICE: ChannelKind[] = ["voice", "category"];

export const PERMISSION_GROUPS: { label: string; permissions: PermissionWords[] }[] = [
  {
    label: "The space",
    permissions: [
      {
        permission: "view_channel",
        label: "See channels",
        sentence: "See the channels of this space, except those that are kept for others.",
        inChannel: { kinds: ANY, label: "See it", sentence: "See that the channel is there, and what is in it. Without this, nothing else here counts." },
      },
      {
        permission: "create_invites",
        label: "Invite people",
        sentence: "Make links that let others in.",
      },
      {
        permission: "manage_channels",
        label: "Manage channels",
        sentence: "Create, change, order, delete and restore channels.",
        inChannel: { kinds: ANY, label: "Manage it", sentence: "Change this channel's name, topic and limits, and delete it." },
      },
      {
        permission: "manage_roles",
        label: "Manage roles",
        sentence: "Create and change roles below their own highest, give them to people, and say who may do what in a channel.",
        inChannel: { kinds: ANY, label: "Manage permissions", sentence: "Say who may do what in this channel." },
      },
      {
        permission: "manage_space",
        label: "Manage the space",
        sentence: "Change its name, picture, description and visibility, and see and revoke every invite.",
      },
      {
        permission: "administrator",
        label: "Administrator",
        sentence: "Pass every check, in every channel, whatever the channel says. For those whom you would hand your keys.",
      },
    ],
  },
  {
    label: "People",
    permissions: [
      { permission: "change_nickname", label: "Change their own nickname", sentence: "Choose the name they have in this space." },
      { permission: "manage_nicknames", label: "Manage nicknames", sentence: "Change the nicknames of those below them." },
      { permission: "kick_members", label: "Kick", sentence: "Put out those below them. They may come back with an invite." },
      { permission: "ban_members", label: "Ban", sentence: "Put out those below them for good, and lift bans." },
    ],
  },
  {
    label: "Text",
    permissions: [
      {
        permission: "send_messages",
        label: "Write messages",
        sentence: "Write in the channels they see.",
        inChannel: { kinds: ANY, sentence: "Write here." },
      },
      {
        permission: "read_history",
        label: "Read what was written before",
        sentence: "Read older messages, react to them, and see pins.",
        inChannel: { kinds: ANY, sentence: "Read older messages here, react to them, and see pins. Without this one sees only what is written while being here." },
      },
      {
        permission: "attach_files",
        label: "Send files",
        sentence: "Send pictures and other files.",
        inChannel: { kinds: ANY, sentence: "Send pictures and other files here." },
      },
      {
        permission: "mention_everyone",
        label: "Mention everyone",
        sentence: "Notify all with @everyone and @here, and roles that are not open to mention.",
        inChannel: { kinds: ANY, sentence: "Notify all who see the channel with @everyone and @here." },
      },
      {
        permission: "manage_messages",
        label: "Manage messages",
        sentence: "Delete the messages of others, and pin.",
        inChannel: { kinds: ANY, sentence: "Delete the messages of others here, and pin." },
      },
    ],
  },
  {
    label: "Voice",
    permissions: [
      { permission: "connect", label: "Join voice", sentence: "Join the voice channels they see.", inChannel: { kinds: VOICE, sentence: "Join and listen." } },
      { permission: "speak", label: "Speak", sentence: "Be heard in voice channels.", inChannel: { kinds: VOICE, sentence: "Be heard." } },
      {
        permission: "share_screen",
        label: "Share screen and camera",
        sentence: "Show a screen or a camera in voice channels.",
        inChannel: { kinds: VOICE, sentence: "Show a screen or a camera." },
      },
      {
        permission: "control_player",
        label: "Control radio and player",
        sentence: "Play, pause and skip what all hear or watch together.",
        inChannel: { kinds: VOICE, sentence: "Play, pause and skip what all hear or watch together." },
      },
      { permission: "mute_members", label: "Mute others", sentence: "Mute others for everyone.", inChannel: { kinds: VOICE, sentence: "Mute others for everyone." } },
      {
        permission: "deafen_members",
        label: "Deafen others",
        sentence: "Let others neither hear nor be heard.",
        inChannel: { kinds: VOICE, sentence: "Let others neither hear nor be heard." },
      },
      {
        permission: "move_members",
        label: "Move others",
        sentence: "Move others between voice channels, and out of them.",
        inChannel: { kinds: VOICE, sentence: "Move others into this channel, and out of it." },
      },
    ],
  },
];

/** The groups with what can be set in a channel of this kind. */
export function groupsFor(kind: ChannelKind): { label: string; permissions: (PermissionWords & { inChannel: InChannel })[] }[] {
  const settable = (one: PermissionWords): one is PermissionWords & { inChannel: InChannel } => one.inChannel?.kinds.includes(kind) ?? false;
  return PERMISSION_GROUPS.map((group) => ({ label: group.label === "The space" ? "The channel" : group.label, permissions: group.permissions.filter(settable) })).filter(
    (group) => group.permissions.length > 0,
  );
}
