import { describe, expect, test } from 'vitest';
import { nowMs } from '../../../src/stage/clock.ts';
import type { Slate } from '../../../src/stage/encode/slate.ts';
import { OutboundStream } from '../../../src/stage/rtp/outbound-stream.ts';
import { buildRtp, parseRtp, type RtpPacket, seqDiff } from '../../../src/stage/rtp/packet.ts';
import { Picture } from '../../../src/stage/scene/picture.ts';
import { Source } from '../../../src/stage/scene/source.ts';
import { aPacket, fuA, IDR, NON_IDR, PPS, SPS } from './builders.ts';

const SLATE: Slate = { fps: 5, pictures: [[SPS, PPS, IDR], [NON_IDR]] };
const PICTURE_INTERVAL_MS = 200;

function aPicture() {
  const sent: RtpPacket[] = [];
  const shown: (string | null)[] = [];
  const out = new OutboundStream(97, {
    ssrc: 1,
    singleNalOnly: false,
    send: data => sent.push(parseRtp(data) ?? expect.fail('not RTP')),
  });
  const picture = new Picture(out, id => shown.push(id));
  const payloads = () => sent.splice(0).map(packet => packet.payload);
  return { picture, shown, sent, payloads };
}

/** A camera that counts what it is asked for, and sends what it is told. */
function aCamera(id: string) {
  const asked = { times: 0 };
  const source = new Source({
    id,
    codec: 'h264',
    keyframeRate: { minIntervalMs: () => 0, burstAllowed: () => false },
    askForKeyframe: () => {
      asked.times += 1;
      return true;
    },
    onKeyframeRequest: () => undefined,
    onReception: () => undefined,
  });
  let seq = 0;
  const send = (...payloads: readonly Buffer[]) => {
    for (const payload of payloads)
      source.onRtp(buildRtp(aPacket({ seq: seq++, timestamp: seq * 3_600, payload })));
  };
  return { source, send, asked };
}

describe('a switch', () => {
  test('asks for a key frame, and until it comes the old picture goes on', () => {
    const { picture, shown, payloads } = aPicture();
    const [a, b] = [aCamera('a'), aCamera('b')];
    picture.show(a.source, SLATE, nowMs());
    a.send(SPS, PPS, IDR);
    payloads();
    picture.show(b.source, SLATE, nowMs());
    expect(b.asked.times).toBe(1);
    b.send(NON_IDR);
    a.send(NON_IDR);
    expect(payloads()).toEqual([NON_IDR]);
    expect(picture.shownId).toBe('a');
    b.send(SPS, PPS, IDR);
    a.send(NON_IDR);
    expect(payloads()).toEqual([SPS, PPS, IDR]);
    expect(shown).toEqual(['a', 'b']);
  });

  test('puts the parameter sets in front of a key frame that lacks them', () => {
    const { picture, payloads } = aPicture();
    const camera = aCamera('a');
    camera.send(SPS, PPS, IDR, NON_IDR);
    picture.show(camera.source, SLATE, nowMs());
    camera.send(fuA(IDR, 'start'), fuA(IDR, 'end'));
    expect(payloads()).toEqual([SPS, PPS, fuA(IDR, 'start'), fuA(IDR, 'end')]);
  });

  test('does not begin with a key frame that the receiver does not decode, nor goes on with one', () => {
    const { picture, payloads, shown } = aPicture();
    const camera = aCamera('a');
    let accepts = false;
    picture.show(camera.source, SLATE, nowMs(), () => accepts);
    camera.send(SPS, PPS, IDR, NON_IDR);
    expect([payloads(), shown]).toEqual([[], []]);
    accepts = true;
    camera.send(NON_IDR, SPS, PPS, IDR, NON_IDR);
    expect(payloads()).toEqual([SPS, PPS, IDR, NON_IDR]);
    accepts = false; // it has become larger
    camera.send(SPS, PPS, IDR, NON_IDR);
    expect(payloads()).toEqual([]);
    expect(shown).toEqual(['a']);
  });

  test('does not begin in the middle of a key frame', () => {
    const { picture, payloads, shown } = aPicture();
    const camera = aCamera('a');
    camera.send(SPS, PPS, fuA(IDR, 'start'));
    picture.show(camera.source, SLATE, nowMs());
    camera.send(fuA(IDR, 'middle'), fuA(IDR, 'end'), NON_IDR);
    expect(payloads()).toEqual([]);
    expect(shown).toEqual([]);
  });

  test('back to what is shown forgets the one that was to come', () => {
    const { picture, payloads } = aPicture();
    const [a, b] = [aCamera('a'), aCamera('b')];
    picture.show(a.source, SLATE, nowMs());
    a.send(IDR);
    picture.show(b.source, SLATE, nowMs());
    picture.show(a.source, SLATE, nowMs());
    payloads();
    b.send(IDR);
    expect(payloads()).toEqual([]);
    expect(picture.shownId).toBe('a');
  });
});

describe('the slate', () => {
  test('begins with its key frame, goes on in time, and is replaced by another title', () => {
    const { picture, payloads, shown } = aPicture();
    picture.showSlate(SLATE, 0);
    picture.showSlate(SLATE, 10);
    expect(payloads()).toEqual([SPS, PPS, IDR]);
    picture.tick(PICTURE_INTERVAL_MS - 1);
    expect(payloads()).toEqual([]);
    picture.tick(PICTURE_INTERVAL_MS);
    expect(payloads()).toEqual([NON_IDR]);
    picture.showSlate({ ...SLATE }, PICTURE_INTERVAL_MS);
    expect(payloads()).toEqual([SPS, PPS, IDR]);
    expect(shown).toEqual([null]);
  });

  test('gives its key frame at once to who asks, but not to who asks without end', () => {
    const { picture, payloads, sent } = aPicture();
    picture.showSlate(SLATE, 0);
    picture.refresh(50);
    const times = new Set(sent.map(packet => packet.timestamp));
    expect(times.size).toBe(2);
    expect(payloads()).toHaveLength(6);
    for (let atMs = 51; atMs < 151; atMs++) picture.refresh(atMs);
    expect(payloads()).toEqual([]);
  });

  test('fills in while a first source sends no key frame', () => {
    const { picture, payloads } = aPicture();
    const camera = aCamera('a');
    const begunMs = nowMs();
    picture.show(camera.source, SLATE, begunMs);
    camera.send(NON_IDR);
    expect(payloads()).toEqual([]);
    picture.show(camera.source, SLATE, begunMs + 1_500);
    expect(payloads()).toEqual([SPS, PPS, IDR]);
    camera.send(IDR);
    expect(picture.shownId).toBe('a');
  });

  test('takes numbers and times over without a break', () => {
    const { picture, sent } = aPicture();
    const camera = aCamera('a');
    const begunMs = nowMs();
    picture.showSlate(SLATE, begunMs);
    picture.show(camera.source, SLATE, begunMs);
    camera.send(SPS, PPS, IDR, NON_IDR);
    picture.drop(camera.source);
    picture.showSlate(SLATE, begunMs + 300);
    for (const [index, packet] of sent.entries()) {
      const before = sent[index - 1] ?? packet;
      if (before !== packet) expect(seqDiff(packet.seq, before.seq)).toBe(1);
      expect((packet.timestamp - before.timestamp) | 0).toBeGreaterThanOrEqual(0);
    }
    expect(picture.shownId).toBeNull();
  });
});

test('nothing is sent once it is blank', () => {
  const { picture, payloads } = aPicture();
  const camera = aCamera('a');
  picture.show(camera.source, SLATE, nowMs());
  camera.send(IDR);
  payloads();
  picture.blank();
  camera.send(IDR, NON_IDR);
  picture.tick(nowMs());
  expect(payloads()).toEqual([]);
  expect(picture.shownId).toBeUndefined();
});

test('a key frame asked for by the receiver is asked of the source that is shown', () => {
  const { picture } = aPicture();
  const camera = aCamera('a');
  picture.show(camera.source, SLATE, nowMs());
  camera.send(IDR);
  const before = camera.asked.times;
  picture.refresh(nowMs());
  expect(camera.asked.times).toBe(before + 1);
});

test('a camera nobody sees is not asked for key frames', () => {
  const camera = aCamera('a');
  camera.send(IDR, NON_IDR);
  expect(camera.asked.times).toBe(0);
});
