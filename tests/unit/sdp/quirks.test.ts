import { describe, expect, it } from 'vitest';
import { plan, type Quirk, type QuirkEffect, quirksOf } from '../../../src/sdp/index.ts';
import { QUIRKS } from '../../../src/sdp/quirks.ts';
import { CAPABILITIES, fixtureNames } from './corpus.ts';

const offer = (...lines: string[]) =>
  `${['v=0', 'o=- 1 1 IN IP4 192.0.2.5', 's=-', 'c=IN IP4 192.0.2.5', 't=0 0', 'm=video 5000 RTP/AVP 97', 'a=rtpmap:97 H264/90000', ...lines].join('\r\n')}\r\n`;
const FMTP = 'a=fmtp:97 profile-level-id=42801f;packetization-mode=1';

function planned(sdp: string, ...effects: QuirkEffect[]) {
  const rows = effects.map((effect, index): Quirk => {
    return { id: `row-${index}`, userAgent: /x/, seen: 'this test', effect };
  });
  const result = plan(sdp, CAPABILITIES, rows);
  return result.ok ? result.plan : expect.fail(result.reason);
}

describe('the table', () => {
  it('has one row per id, each with its evidence and a fixture', () => {
    expect(new Set(QUIRKS.map(({ id }) => id)).size).toBe(QUIRKS.length);
    const fixtures = QUIRKS.map(({ seen }) => /tests\/fixtures\/sdp\/([\w-]+)/.exec(seen)?.[1]);
    expect(fixtures.filter(name => !fixtureNames().includes(name ?? ''))).toEqual([]);
    expect(QUIRKS.filter(({ seen }) => !/\S\.\w+\/\S/.test(seen))).toEqual([]);
  });

  it.each<[userAgent: string | undefined, ids: string[]]>([
    ['Dahua VTO2211G', ['dahua-h264-without-fmtp']],
    ['Huawei TE40 V600R006', ['huawei-refresh-names-label']],
    ['TANDBERG/4352 (X12.5)', []],
    ['PolycomRealPresenceGroup500/6.2', []],
    ['', []],
    [undefined, []],
  ])('%s has %j', (userAgent, ids) => {
    expect(quirksOf(userAgent).map(({ id }) => id)).toEqual(ids);
  });
});

describe('effects', () => {
  it('pain 1: a payload without profile-level-id means what the row says, not level 1', () => {
    const row: QuirkEffect = { kind: 'unsaid-h264', profileLevelId: '42001f' };
    expect(planned(offer()).video).toMatchObject({ profileLevelId: '42000a', maxFs: 99 });
    expect(planned(offer(), row)).toMatchObject({
      video: { profileLevelId: '42001f', maxFs: 3600, packetizationMode: 0 },
      quirks: ['row-0'],
    });
    expect(planned(offer(FMTP), row)).toMatchObject({
      video: { profileLevelId: '42801f' },
      quirks: [],
    });
  });

  it('pain 1: a decoder that takes less than it says gets less', () => {
    const row: QuirkEffect = { kind: 'picture-at-most', maxFs: 1620, maxMbps: 99_999, maxFps: 25 };
    expect(planned(offer(FMTP), row).video).toMatchObject({
      maxFs: 1620,
      maxMbps: 99_999,
      maxFps: 25,
    });
  });

  it('pain 2: key frames are asked for as the row says, or named by the label', () => {
    const pli = offer(FMTP, 'a=rtcp-fb:* nack pli', 'a=label:11');
    expect(planned(pli).video).toMatchObject({ refresh: 'pli' });
    expect(planned(pli).video).not.toHaveProperty('refreshStreamId');
    const info: QuirkEffect = { kind: 'refresh-by', method: 'info' };
    const named: QuirkEffect = { kind: 'refresh-names-label' };
    expect(planned(pli, info, named)).toMatchObject({
      video: { refresh: 'info', refreshStreamId: '11' },
      quirks: ['row-0', 'row-1'],
    });
  });
});

it.each([
  ['nothing', [], 'info'],
  ['PLI', ['nack pli'], 'pli'],
  ['FIR', ['ccm fir'], 'fir'],
  ['both', ['ccm fir', 'nack pli'], 'pli'],
  ['loss reports', ['nack'], 'info'],
  ['bitrate requests', ['ccm tmmbr'], 'info'],
  ['several on one line', ['ccm tmmbr fir'], 'fir'],
])('pain 2: listing %s means key frames by %s %s', (_situation, kinds, method) => {
  const feedback = kinds.map(kind => `a=rtcp-fb:* ${kind}`);
  expect(planned(offer(FMTP, ...feedback)).video?.refresh).toBe(method);
});
