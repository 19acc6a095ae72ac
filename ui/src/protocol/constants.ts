// Written by scripts/gen from server/protocol. Do not edit.

export const VERSION = 1;

export const PERMISSION_BIT = {
  view_channel: 0,
  send_messages: 1,
  manage_messages: 2,
  manage_channels: 3,
  manage_roles: 4,
  kick_members: 5,
  ban_members: 6,
  manage_space: 7,
  connect: 8,
  speak: 9,
  mute_members: 10,
  deafen_members: 11,
  move_members: 12,
  mention_everyone: 13,
  attach_files: 14,
  read_history: 15,
  create_invites: 16,
  change_nickname: 17,
  manage_nicknames: 18,
  share_screen: 19,
  control_player: 20,
  administrator: 31,
} as const;

export const EVERYONE_PERMISSIONS = "1819395";

export const LIMITS = {
  usernameMin: 2,
  usernameMax: 32,
  passwordMin: 8,
  passwordMax: 256,
  displayName: 40,
  bio: 400,
  statusText: 100,
  knockText: 300,
  spaceName: 60,
  spaceDescription: 300,
  channelName: 60,
  topic: 500,
  roleName: 40,
  message: 4000,
  reason: 300,
  reactionsPerMessage: 20,
  page: 100,
  slowModeS: 21600,
  userLimit: 500,
  pictureBytes: 2097152,
  watched: 16,
  opusBitrateMin: 8000,
  opusBitrateMax: 256000,
} as const;

export const OPUS_DEFAULT = { bitrate: 64000, dtx: false, fec: true } as const;

export const CLOSE = {
  badFrame: 4000,
  unauthorized: 4001,
  badState: 4002,
  rateLimited: 4003,
  timedOut: 4004,
  tooSlow: 4005,
  replaced: 4006,
  revoked: 4007,
  version: 4008,
  goingAway: 1001,
} as const;
