import type * as P from "../protocol/generated";
import { type Ask, Http, type Method } from "./http";

/** The REST side, one function a route: see `docs/protocol.md`. */
export type Api = ReturnType<typeof createApi>;

export function createApi(http: Http) {
  const call =
    (method: Method) =>
    <T = void>(path: string, ask?: Ask) =>
      http.ask<T>(method, path, ask);
  const get = call("GET");
  const post = call("POST");
  const put = call("PUT");
  const patch = call("PATCH");
  const del = call("DELETE");

  return {
    server: () => get<P.ServerInfo>("/server", { anyone: true }),
    openapi: () => get<unknown>("/openapi.json", { anyone: true }),
    auth: {
      register: (body: P.Register) => post<P.Registered>("/auth/register", { body, anyone: true }),
      login: (body: P.Login) => post<P.LoggedIn>("/auth/login", { body, anyone: true }),
      refresh: (body: P.Refresh) => post<P.LoggedIn>("/auth/refresh", { body, anyone: true }),
      logout: () => post("/auth/logout"),
      knock: (body: P.Knock) => post<P.KnockState>("/auth/knock", { body, anyone: true }),
    },
    me: {
      get: () => get<P.Account>("/users/me"),
      update: (body: P.UpdateAccount) => patch<P.Account>("/users/me", { body }),
      setAvatar: (file: Blob) => put<P.Account>("/users/me/avatar", { file }),
      removeAvatar: () => del<P.Account>("/users/me/avatar"),
      changePassword: (body: P.ChangePassword) => post("/users/me/password", { body }),
      delete: (body: P.DeleteAccount) => post("/users/me/delete", { body }),
      sessions: () => get<P.Session[]>("/users/me/sessions"),
      endSession: (id: P.SessionId) => del(`/users/me/sessions/${id}`),
    },
    user: (id: P.UserId) => get<P.User>(`/users/${id}`),
    spaces: {
      public: () => get<P.PublicSpace[]>("/spaces/public"),
      create: (body: P.CreateSpace) => post<P.Space>("/spaces", { body }),
      get: (id: P.SpaceId) => get<P.SpaceSnapshot>(`/spaces/${id}`),
      update: (id: P.SpaceId, body: P.UpdateSpace) => patch<P.Space>(`/spaces/${id}`, { body }),
      setIcon: (id: P.SpaceId, file: Blob) => put<P.Space>(`/spaces/${id}/icon`, { file }),
      removeIcon: (id: P.SpaceId) => del<P.Space>(`/spaces/${id}/icon`),
      delete: (id: P.SpaceId) => del(`/spaces/${id}`),
      join: (id: P.SpaceId) => post<P.Space>(`/spaces/${id}/join`),
      leave: (id: P.SpaceId) => post(`/spaces/${id}/leave`),
    },
    channels: {
      create: (space: P.SpaceId, body: P.CreateChannel) => post<P.Channel>(`/spaces/${space}/channels`, { body }),
      order: (space: P.SpaceId, body: P.OrderChannels) => put(`/spaces/${space}/channels/order`, { body }),
      deleted: (space: P.SpaceId) => get<P.DeletedChannel[]>(`/spaces/${space}/channels/deleted`),
      update: (id: P.ChannelId, body: P.UpdateChannel) => patch<P.Channel>(`/channels/${id}`, { body }),
      delete: (id: P.ChannelId) => del(`/channels/${id}`),
      restore: (id: P.ChannelId) => post<P.Channel>(`/channels/${id}/restore`),
      setOverwrite: (id: P.ChannelId, target: P.OverwriteTarget, body: P.SetOverwrite) =>
        put<P.Channel>(`/channels/${id}/overwrites/${target.kind}/${target.id}`, { body }),
      removeOverwrite: (id: P.ChannelId, target: P.OverwriteTarget) => del<P.Channel>(`/channels/${id}/overwrites/${target.kind}/${target.id}`),
      markRead: (id: P.ChannelId, body: P.MarkRead) => put<P.ReadState>(`/channels/${id}/read`, { body }),
    },
    roles: {
      create: (space: P.SpaceId, body: P.CreateRole) => post<P.Role>(`/spaces/${space}/roles`, { body }),
      update: (space: P.SpaceId, id: P.RoleId, body: P.UpdateRole) => patch<P.Role>(`/spaces/${space}/roles/${id}`, { body }),
      delete: (space: P.SpaceId, id: P.RoleId) => del(`/spaces/${space}/roles/${id}`),
      order: (space: P.SpaceId, body: P.OrderRoles) => put(`/spaces/${space}/roles/order`, { body }),
    },
    members: {
      update: (space: P.SpaceId, user: P.UserId, body: P.UpdateMember) => patch<P.Member>(`/spaces/${space}/members/${user}`, { body }),
      move: (space: P.SpaceId, user: P.UserId, body: P.MoveMember) => put(`/spaces/${space}/members/${user}/voice`, { body }),
      kick: (space: P.SpaceId, user: P.UserId) => del(`/spaces/${space}/members/${user}`),
    },
    bans: {
      list: (space: P.SpaceId) => get<P.Ban[]>(`/spaces/${space}/bans`),
      create: (space: P.SpaceId, user: P.UserId, body: P.CreateBan) => put(`/spaces/${space}/bans/${user}`, { body }),
      remove: (space: P.SpaceId, user: P.UserId) => del(`/spaces/${space}/bans/${user}`),
    },
    invites: {
      list: (space: P.SpaceId) => get<P.Invite[]>(`/spaces/${space}/invites`),
      create: (space: P.SpaceId, body: P.CreateInvite) => post<P.Invite>(`/spaces/${space}/invites`, { body }),
      revoke: (space: P.SpaceId, code: string) => del(`/spaces/${space}/invites/${encodeURIComponent(code)}`),
      preview: (code: string) => get<P.InvitePreview>(`/invites/${encodeURIComponent(code)}`, { anyone: true }),
      accept: (code: string) => post<P.Space>(`/invites/${encodeURIComponent(code)}`),
    },
    messages: {
      list: (channel: P.ChannelId, query: { before?: P.MessageId; after?: P.MessageId; around?: P.MessageId; limit?: number }) =>
        get<P.MessagePage>(`/channels/${channel}/messages`, { query }),
      send: (channel: P.ChannelId, body: P.SendMessage) => post<P.Message>(`/channels/${channel}/messages`, { body }),
      edit: (channel: P.ChannelId, id: P.MessageId, body: P.EditMessage) => patch<P.Message>(`/channels/${channel}/messages/${id}`, { body }),
      delete: (channel: P.ChannelId, id: P.MessageId) => del(`/channels/${channel}/messages/${id}`),
      restore: (channel: P.ChannelId, id: P.MessageId) => post<P.Message>(`/channels/${channel}/messages/${id}/restore`),
      react: (channel: P.ChannelId, id: P.MessageId, emoji: string) => put(`/channels/${channel}/messages/${id}/reactions/${encodeURIComponent(emoji)}`),
      unreact: (channel: P.ChannelId, id: P.MessageId, emoji: string) => del(`/channels/${channel}/messages/${id}/reactions/${encodeURIComponent(emoji)}`),
      pins: (channel: P.ChannelId) => get<P.MessagePage>(`/channels/${channel}/pins`),
      pin: (channel: P.ChannelId, id: P.MessageId) => put(`/channels/${channel}/pins/${id}`),
      unpin: (channel: P.ChannelId, id: P.MessageId) => del(`/channels/${channel}/pins/${id}`),
    },
    admin: {
      settings: () => get<P.AdminSettings>("/admin/settings"),
      updateSettings: (body: P.UpdateAdminSettings) => patch<P.AdminSettings>("/admin/settings", { body }),
      stats: () => get<P.AdminStats>("/admin/stats"),
      users: (query: { q?: string; state?: P.AccountState; after?: P.UserId; limit?: number }) => get<P.AdminUsers>("/admin/users", { query }),
      updateUser: (id: P.UserId, body: P.UpdateAdminUser) => patch<P.AdminUser>(`/admin/users/${id}`, { body }),
      answerKnock: (id: P.UserId, body: P.AnswerKnock) => post(`/admin/users/${id}/answer`, { body }),
      resetPassword: (id: P.UserId) => post<P.NewPassword>(`/admin/users/${id}/password`),
      deleteUser: (id: P.UserId) => del(`/admin/users/${id}`),
    },
  };
}

