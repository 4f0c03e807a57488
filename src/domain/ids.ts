import { randomUUID } from 'node:crypto';

declare const tag: unique symbol;
type Id<Name extends string> = string & { readonly [tag]: Name };

/** One endpoint's visit, from INVITE to its end; in every log line. Ours. */
export type CallId = Id<'CallId'>;
/** The Call-ID header, RFC 3261 §8.1.1.4. The peer's. */
export type SipCallId = Id<'SipCallId'>;
export type SiteId = Id<'SiteId'>;
export type SiteGroupId = Id<'SiteGroupId'>;
export type EndpointId = Id<'EndpointId'>;
/** Also the id of the Janus rooms and of the stage's scene. */
export type ConferenceId = Id<'ConferenceId'>;
/** Also the id of the Janus feed, of the AudioBridge participant and of the stage's source. */
export type ParticipantId = Id<'ParticipantId'>;
export type UserId = Id<'UserId'>;

export const newCallId = (): CallId => randomUUID() as CallId;
export const newSiteId = (): SiteId => randomUUID() as SiteId;
export const newSiteGroupId = (): SiteGroupId => randomUUID() as SiteGroupId;
export const newEndpointId = (): EndpointId => randomUUID() as EndpointId;
export const newConferenceId = (): ConferenceId => randomUUID() as ConferenceId;
export const newParticipantId = (): ParticipantId => randomUUID() as ParticipantId;
export const newUserId = (): UserId => randomUUID() as UserId;
