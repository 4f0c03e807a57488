/** rtpengine as this test needs it: legs of the gateway, and devices that speak SRTP. */
import { NgClient, type NgCommand, type NgOptions } from '../../../src/media/ng-client.ts';
import { type RelayedStream, readRelaySdp } from '../../../src/sdp/index.ts';
import type { RealEngines } from '../../contract/engines.ts';
import { relayOptions } from '../../contract/rtpengine.ts';

const ASIDE = { ICE: 'remove', 'rtcp-mux': ['demux'], replace: ['origin'] } as const;
const SUITES = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_256_CM_HMAC_SHA1_32',
  'AES_192_CM_HMAC_SHA1_80',
  'AES_192_CM_HMAC_SHA1_32',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'F8_128_HMAC_SHA1_80',
  'F8_128_HMAC_SHA1_32',
  'NULL_HMAC_SHA1_80',
  'NULL_HMAC_SHA1_32',
];

export interface RelayedStreams {
  readonly audio: RelayedStream;
  readonly video: RelayedStream;
}

/** Both streams of an SDP that the relay gave. */
export function streamsOf(sdp: string): RelayedStreams {
  const { audio, video } = readRelaySdp(sdp) ?? {};
  if (!audio || !video) throw new Error(`no two streams in ${sdp}`);
  return { audio, video };
}

/** One call of rtpengine; who offers is `from`, who answers is `to`. */
export class RelayCall {
  readonly #ng: NgClient;
  readonly #id: string;

  constructor(engines: RealEngines, id: string) {
    this.#ng = new NgClient(relayOptions(engines));
    this.#id = id;
  }

  /** @param suites keys to offer on the far side; none: plain RTP */
  offer(sdp: string, direction: readonly [string, string], suites?: readonly string[]) {
    return this.#ask('offer', {
      ...ASIDE,
      'transport-protocol': suites ? 'RTP/SAVP' : 'RTP/AVP',
      ...(suites && { DTLS: 'off', SDES: without(suites) }),
      'from-tag': 'from',
      direction: [...direction],
      sdp,
    });
  }

  /** No `transport-protocol`: with one the other side would be answered in the clear. */
  answer(sdp: string) {
    return this.#ask('answer', { ...ASIDE, 'from-tag': 'from', 'to-tag': 'to', sdp });
  }

  async close(): Promise<void> {
    await this.#ng.request('delete', { 'call-id': this.#id });
    this.#ng.close();
  }

  async #ask(command: NgCommand, options: NgOptions): Promise<string> {
    const reply = await this.#ng.request(command, { ...options, 'call-id': this.#id });
    if (typeof reply.sdp !== 'string') throw new Error(JSON.stringify(reply));
    return reply.sdp;
  }
}

function without(suites: readonly string[]): string[] {
  return SUITES.filter(suite => !suites.includes(suite)).map(suite => `no-${suite}`);
}
