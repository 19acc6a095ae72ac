import type { ChannelId, MessageId, SpaceId } from "./protocol/generated";

/* The addresses of the app. */

export const spacePath = (space: SpaceId): string => `/spaces/${space}`;
export const channelPath = (space: SpaceId, channel: ChannelId): string => `/spaces/${space}/channels/${channel}`;
export const messagePath = (space: SpaceId, channel: ChannelId, message: MessageId): string => `${channelPath(space, channel)}/${message}`;
export const spaceSettingsPath = (space: SpaceId, page?: string): string => `/spaces/${space}/settings${page === undefined ? "" : `/${page}`}`;
export const settingsPath = (page?: string): string => `/settings${page === undefined ? "" : `/${page}`}`;
export const adminPath = (page?: string): string => `/admin${page === undefined ? "" : `/${page}`}`;
export const invitePath = (code: string): string => `/invite/${code}`;
export const apiDocsPath = "/api-docs";
