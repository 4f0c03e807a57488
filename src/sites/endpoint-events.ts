import type { EndpointId } from '../domain/ids.ts';

/** What can happen to an endpoint, and what a technician does about it. */
export const ENDPOINT_EVENTS = {
  registered: 'The device signed in.',
  unregistered: 'The device signed off by itself.',
  expired: 'The registration ran out: the device is switched off, or cut off from the network.',
  'wrong-password': 'The device signs in with a wrong password: enter it again on the device.',
  'account-changed':
    'Its account or password was changed here: enter the new one on the device as well.',
  reachable: 'The device answers.',
  'no-answer': 'The device does not answer: check its power, its network cable and the line.',
  'connection-closed':
    'The connection the device signed in over is closed: it has to sign in again, or the network was cut.',
} as const;

export type EndpointEventKind = keyof typeof ENDPOINT_EVENTS;

export interface EndpointEvent {
  readonly endpointId: EndpointId;
  readonly atMs: number;
  readonly kind: EndpointEventKind;
  /** Where from, by what device; empty when there is nothing to add. */
  readonly detail: string;
}
