import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MediaRelay } from '../../src/calls/ports.ts';
import { type CallId, newCallId } from '../../src/domain/ids.ts';
import { readRelaySdp } from '../../src/sdp/index.ts';
import { waitFor } from '../support/wait-for.ts';
import { endpointSdp, feedSdp, innerAnswer, roomAnswer } from './media-relay.sdp.ts';

/** A relay under test, and hands on what is behind it. */
export interface RelayHarness {
  readonly relay: MediaRelay;
  /** Calls the relay holds, feeds counted apart. */
  held(): Promise<number>;
  crash(): void;
  comeBack(): void;
  close(): Promise<void>;
}

/** What every media relay promises, whatever is behind it. */
export function mediaRelaySuite(open: () => Promise<RelayHarness>): void {
  let harness: RelayHarness;
  let relay: MediaRelay;
  let callId: CallId;
  const signal = AbortSignal.timeout(60_000);
  const gone = AbortSignal.abort(new Error('caller gave up'));

  beforeEach(async () => {
    harness = await open();
    relay = harness.relay;
    callId = newCallId();
  });

  afterEach(() => harness.close());

  async function openLeg(): Promise<void> {
    await relay.offerLeg(callId, endpointSdp(), {}, signal);
    await relay.answerLeg(callId, innerAnswer(), signal);
  }

  test('gives both sides of a leg addresses of its own', async () => {
    const inner = readRelaySdp(await relay.offerLeg(callId, endpointSdp(), {}, signal));
    const outer = readRelaySdp(await relay.answerLeg(callId, innerAnswer(), signal));
    for (const side of [inner, outer]) {
      expect(side?.audio).toMatchObject({ payloadType: 8 });
      expect(side?.video).toMatchObject({ payloadType: 97 });
      expect(side?.audio?.rtpPort).not.toBe(side?.video?.rtpPort);
    }
    expect(inner?.audio?.host).not.toBe(outer?.audio?.host);
    expect(await harness.held()).toBe(1);
  });

  test('says Opus to the inner side when it is to transcode', async () => {
    const sdp = await relay.offerLeg(callId, endpointSdp('g722'), { transcodeTo: 'opus' }, signal);
    expect(readRelaySdp(sdp)?.audio?.payloadType).not.toBe(9);
    expect(await relay.answerLeg(callId, innerAnswer('opus', sdp), signal)).toContain('m=audio');
  });

  test('takes a later offer of the same leg', async () => {
    await openLeg();
    const again = await relay.offerLeg(callId, endpointSdp(), {}, signal);
    expect(readRelaySdp(again)?.audio).toBeDefined();
    await relay.answerLeg(callId, innerAnswer(), signal);
    expect(await harness.held()).toBe(1);
  });

  test('opens a feed beside the leg and releases both', async () => {
    await openLeg();
    const offer = await relay.offerFeed(callId, feedSdp(), signal);
    const answer = await relay.answerFeed(callId, roomAnswer(offer), signal);
    expect(readRelaySdp(answer)?.video?.host).toBe('127.0.0.1');
    expect(await harness.held()).toBe(2);
    await relay.release(callId);
    expect(await harness.held()).toBe(0);
  });

  test('copies the sound of an open leg only', async () => {
    const to = { host: '127.0.0.1', rtpPort: 41_990, rtcpPort: 41_991 };
    await expect(relay.copyAudio(callId, to, signal)).rejects.toMatchObject({
      code: 'media-relay-refused',
    });
    await openLeg();
    await relay.copyAudio(callId, to, signal);
    await relay.release(callId);
    expect(await harness.held()).toBe(0);
  });

  test('refuses the answer of a leg that was never offered', async () => {
    await expect(relay.answerLeg(callId, innerAnswer(), signal)).rejects.toMatchObject({
      code: 'media-relay-refused',
    });
  });

  test('knows the silence of a leg as long as it holds it', async () => {
    expect(await relay.silence(callId, signal)).toBeUndefined();
    await openLeg();
    const { anyMs = -1, audioMs = -1 } = (await relay.silence(callId, signal)) ?? {};
    expect(anyMs).toBeGreaterThanOrEqual(0);
    expect(audioMs).toBeGreaterThanOrEqual(anyMs);
    await relay.release(callId);
    expect(await relay.silence(callId, signal)).toBeUndefined();
  });

  test('releases twice, and what was never offered', async () => {
    await relay.release(callId);
    await openLeg();
    await Promise.all([relay.release(callId), relay.release(callId)]);
    await relay.release(callId);
    expect(await harness.held()).toBe(0);
  });

  test('leaves nothing of an offer whose caller gave up', async () => {
    await expect(relay.offerLeg(callId, endpointSdp(), {}, gone)).rejects.toThrow(/gave up/);
    const late = new AbortController();
    const offered = relay.offerLeg(callId, endpointSdp(), {}, late.signal);
    late.abort(new Error('caller gave up'));
    await Promise.allSettled([offered]);
    await relay.release(callId);
    expect(await harness.held()).toBe(0);
  });

  test('tells once that it was lost, fails at once while it is away, comes back', async () => {
    const losses: string[] = [];
    relay.onLost(error => losses.push(error.code));
    let restored = 0;
    relay.onRestored(() => {
      restored += 1;
    });
    const undo = relay.onLost(() => losses.push('not heard'));
    undo();
    await openLeg();
    harness.crash();
    await waitFor('the loss', () => losses.length > 0);
    expect(relay.health().ok).toBe(false);
    await expect(relay.offerLeg(newCallId(), endpointSdp(), {}, signal)).rejects.toMatchObject({
      code: 'media-relay-down',
    });
    await relay.release(callId);
    harness.comeBack();
    await waitFor('health', () => relay.health().ok);
    await openLeg();
    expect(losses).toEqual(['media-relay-down']);
    expect(restored).toBe(1);
    expect(await harness.held()).toBe(1);
  });
}
