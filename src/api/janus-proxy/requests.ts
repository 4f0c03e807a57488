/**
 * What a participant may ask of the room server. Everything not named here is
 * refused; what identifies room and person is not taken from the browser but
 * written in by us. Field names are Janus' own, version 1.1.2.
 */
import { z } from 'zod';
import { contentFeedId } from '../../contract/feeds.ts';
import { BrowserCodec } from '../../contract/rest.ts';
import type { Visit } from '../core.ts';

/** The visit's own facts that go into a request. */
export type Self = Pick<Visit, 'roomId' | 'participantId' | 'name' | 'isSharing' | 'isHeldMuted'>;

interface Rule {
  readonly fields: z.ZodType<Record<string, unknown>>;
  /** Written over whatever came. */
  readonly forced?: (self: Self) => Record<string, unknown>;
}

const Mid = z.string().max(32);
const Feed = z.string().max(64);
const Streams = z
  .array(z.object({ feed: Feed, mid: Mid.optional(), sub_mid: Mid.optional() }))
  .max(300);
const MediaSwitches = {
  audio: z.boolean().optional(),
  video: z.boolean().optional(),
  data: z.literal(false).optional(),
  keyframe: z.boolean().optional(),
  bitrate: z.number().int().positive().max(20_000_000).optional(),
  streams: z
    .array(
      z.object({
        mid: Mid,
        send: z.boolean().optional(),
        keyframe: z.boolean().optional(),
        substream: z.number().int().min(0).max(2).optional(),
        temporal: z.number().int().min(0).max(2).optional(),
      }),
    )
    .max(300)
    .optional(),
};
const room = (self: Self) => ({ room: self.roomId });
const roomAndSelf = (self: Self) => ({
  room: self.roomId,
  id: self.participantId,
  display: self.name,
});
/** A microphone that is held closed is not opened by its page. */
const held = (self: Self) => (self.isHeldMuted ? { muted: true } : {});
const roomAndContent = (self: Self) => ({
  ...roomAndSelf(self),
  id: contentFeedId(self.participantId),
});

const PublisherJoin = z.object({ ptype: z.literal('publisher') });
/** With `content` the handle is for a shared screen. Our word, taken out on the way: Janus knows none. */
const ContentJoin = PublisherJoin.extend({ content: z.literal(true) }).transform(({ ptype }) => ({
  ptype,
}));
const SubscriberJoin = z.object({
  ptype: z.literal('subscriber'),
  streams: Streams.min(1),
  use_msid: z.boolean().optional(),
  autoupdate: z.boolean().optional(),
});

/** An own feed must stay the participant's; a subscription may be to any feed of the room. */
const VIDEOROOM: Record<string, Rule> = {
  publish: {
    fields: z.object({ ...MediaSwitches, videocodec: BrowserCodec.optional() }),
    forced: self => ({ display: self.name }),
  },
  configure: {
    fields: z.object({
      ...MediaSwitches,
      restart: z.boolean().optional(),
      update: z.boolean().optional(),
    }),
  },
  joinandconfigure: {
    fields: z.object({ ...MediaSwitches, ptype: z.literal('publisher') }),
    forced: roomAndSelf,
  },
  unpublish: { fields: z.object({}) },
  leave: { fields: z.object({}) },
  start: { fields: z.object({}) },
  pause: { fields: z.object({}) },
  switch: { fields: z.object({ streams: Streams }) },
  subscribe: { fields: z.object({ streams: Streams }) },
  unsubscribe: {
    fields: z.object({
      streams: z
        .array(z.object({ feed: Feed.optional(), mid: Mid.optional(), sub_mid: Mid.optional() }))
        .max(300),
    }),
  },
  update: {
    fields: z.object({
      subscribe: Streams.optional(),
      unsubscribe: z
        .array(z.object({ feed: Feed.optional(), mid: Mid.optional(), sub_mid: Mid.optional() }))
        .max(300)
        .optional(),
    }),
  },
  listparticipants: { fields: z.object({}), forced: room },
};

const AUDIOBRIDGE: Record<string, Rule> = {
  join: {
    fields: z.object({
      muted: z.boolean().optional(),
      volume: z.number().int().min(0).max(200).optional(),
    }),
    forced: self => ({ ...roomAndSelf(self), codec: 'opus', ...held(self) }),
  },
  configure: {
    fields: z.object({
      muted: z.boolean().optional(),
      volume: z.number().int().min(0).max(200).optional(),
      quality: z.number().int().min(0).max(10).optional(),
      prebuffer: z.number().int().min(0).max(50).optional(),
    }),
    forced: held,
  },
  leave: { fields: z.object({}) },
  listparticipants: { fields: z.object({}), forced: room },
};

/** The plugins a participant may attach to. */
export const PLUGINS = ['janus.plugin.videoroom', 'janus.plugin.audiobridge'] as const;
export type Plugin = (typeof PLUGINS)[number];

/** The request as it goes to the room server, or undefined when it is not allowed. */
export function allowedBody(
  plugin: Plugin,
  body: unknown,
  self: Self,
): Record<string, unknown> | undefined {
  const named = z.looseObject({ request: z.string() }).safeParse(body);
  if (!named.success) return undefined;
  const { request } = named.data;
  const rule = ruleFor(plugin, request, named.data, self);
  const fields = rule?.fields.safeParse(body);
  if (!rule || !fields?.success) return undefined;
  return { ...fields.data, ...rule.forced?.(self), request };
}

function ruleFor(
  plugin: Plugin,
  request: string,
  body: Record<string, unknown>,
  self: Self,
): Rule | undefined {
  if (plugin === 'janus.plugin.audiobridge') return own(AUDIOBRIDGE, request);
  if (request !== 'join') return own(VIDEOROOM, request);
  if (body.ptype === 'subscriber') return { fields: SubscriberJoin, forced: room };
  if (body.content === undefined) return { fields: PublisherJoin, forced: roomAndSelf };
  return self.isSharing ? { fields: ContentJoin, forced: roomAndContent } : undefined;
}

function own(rules: Record<string, Rule>, request: string): Rule | undefined {
  return Object.hasOwn(rules, request) ? rules[request] : undefined;
}
