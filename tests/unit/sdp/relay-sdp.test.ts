import { describe, expect, it } from 'vitest';
import {
  feedOffer,
  innerSdp,
  plan,
  type RelayedStream,
  readRelaySdp,
  relayOffer,
  vp8FeedOffer,
} from '../../../src/sdp/index.ts';
import { CAPABILITIES, readOffer } from './corpus.ts';

const at = { host: '192.0.2.9', rtpPort: 5000, rtcpPort: 5003 };

function relayOfferOf(name: string): string {
  const result = plan(readOffer(name), CAPABILITIES);
  if (!result.ok) throw new Error(result.reason);
  return relayOffer(result.plan);
}

const text = (...lines: string[]) => `${lines.join('\r\n')}\r\n`;

describe('the offer to the relay', () => {
  it('has only what was taken, as the endpoint wrote it', () => {
    expect(relayOfferOf('cisco-sx20-ce8-cucm')).toBe(
      text(
        'v=0',
        'o=diemcau 1 1 IN IP4 203.0.113.40',
        's=-',
        't=0 0',
        'm=audio 23018 RTP/AVP 116',
        'c=IN IP4 203.0.113.40',
        'a=rtcp:23019',
        'a=rtpmap:116 opus/48000/2',
        'a=fmtp:116 maxaveragebitrate=64000;stereo=1;useinbandfec=1',
        'a=sendrecv',
        'm=video 23020 RTP/AVP 126',
        'c=IN IP4 203.0.113.40',
        'a=rtcp:23021',
        'a=rtpmap:126 H264/90000',
        'a=fmtp:126 profile-level-id=428016;packetization-mode=1',
        'a=sendrecv',
      ),
    );
  });

  it('keeps directions as the endpoint means them', () => {
    const lines = relayOfferOf('panasonic-vc1000-viewer').split('\r\n');
    expect(lines.filter(line => /^a=(inactive|recvonly|send)/.test(line))).toEqual([
      'a=inactive',
      'a=recvonly',
    ]);
    const [, held = ''] = relayOfferOf('grandstream-gvc3200-hold').split(/^m=/m);
    expect(held).toContain('c=IN IP4 0.0.0.0\r\n');
    expect(held).toContain('a=sendonly\r\n');
  });

  it('keeps each line’s own address and RTCP port', () => {
    const apart = relayOfferOf('avaya-xt5000-ipv6');
    expect(apart).toContain('m=audio 3230 RTP/AVP 9\r\nc=IN IP6 2001:db8:50::14\r\n');
    expect(apart).toContain('m=video 3232 RTP/AVP 97\r\nc=IN IP6 2001:db8:50::15\r\n');
    expect(relayOfferOf('poly-x50-relayed')).toContain('a=rtcp:31217\r\n');
  });

  it.each([
    ['polycom-viewstation-7', 'a=rtpmap:34 H263/90000', 'sendrecv'],
    ['aethra-vegastar-h263-2000', 'a=rtpmap:96 H263-1998/90000', 'sendrecv'],
    ['sony-pcs-1600-h261', 'a=rtpmap:31 H261/90000', 'sendonly'],
  ])('of %s names the codec alone, and no profile with feedback', (name, map, direction) => {
    const [, picture = ''] = relayOfferOf(name).split(/^m=video \d+ /m);
    expect(picture).toMatch(/^RTP\/AVP \d+\r\n/);
    expect(picture).toContain(`${map}\r\na=${direction}\r\n`);
  });

  it('keeps the place of a line that was not taken', () => {
    expect(relayOfferOf('scanner-hostname')).toMatch(
      /m=audio 4002 RTP\/AVP 8[\s\S]*m=video 0 RTP\/AVP 0\r\nc=IN IP4 [\d.]+\r\n$/,
    );
    expect(relayOfferOf('vidyo-gateway-main-profile')).toMatch(
      /m=audio 0 RTP\/AVP 0\r\nc=[^\r]+\r\nm=video [1-9]/,
    );
  });
});

describe('the inner side', () => {
  it('describes the room server and the stage', () => {
    const sdp = innerSdp({
      sessionId: '42',
      audio: { ...at, payloadType: 100, codec: 'opus', direction: 'sendrecv' },
      video: {
        ...at,
        host: '192.0.2.10',
        payloadType: 97,
        codec: 'h264',
        packetizationMode: 0,
        profileLevelId: '42801f',
        direction: 'recvonly',
      },
    });
    expect(sdp).toBe(
      text(
        'v=0',
        'o=diemcau 42 1 IN IP4 192.0.2.9',
        's=-',
        't=0 0',
        'm=audio 5000 RTP/AVP 100',
        'c=IN IP4 192.0.2.9',
        'a=rtcp:5003',
        'a=rtpmap:100 opus/48000/2',
        'a=sendrecv',
        'm=video 5000 RTP/AVP 97',
        'c=IN IP4 192.0.2.10',
        'a=rtcp:5003',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 profile-level-id=42801f;packetization-mode=0',
        'a=recvonly',
      ),
    );
  });

  it.each([
    ['h263', 34, 'H263'],
    ['h263-1998', 96, 'H263-1998'],
    ['h261', 31, 'H261'],
  ] as const)('names %s without parameters', (codec, payloadType, name) => {
    const none = { packetizationMode: 0, profileLevelId: '000000' } as const;
    const video = { ...at, ...none, codec, payloadType, direction: 'sendrecv' } as const;
    expect(innerSdp({ sessionId: '42', video })).toContain(
      `a=rtpmap:${payloadType} ${name}/90000\r\na=sendrecv\r\n`,
    );
  });

  it('closes what is not there', () => {
    const audio = { ...at, payloadType: 8, codec: 'pcma', direction: 'sendrecv' } as const;
    expect(innerSdp({ sessionId: '42', audio })).toMatch(
      /m=video 0 RTP\/AVP 0\r\nc=IN IP4 [\d.]+\r\n$/,
    );
  });

  it('offers a feed with its SSRC and both kinds of key frame request', () => {
    const profile = { payloadType: 107, profileLevelId: '42e01f' };
    const sdp = feedOffer({
      ...at,
      ...profile,
      ssrc: 3_000_000_007,
      cname: 'hall',
      sessionId: '9',
    });
    expect(sdp).toBe(
      text(
        'v=0',
        'o=diemcau 9 1 IN IP4 192.0.2.9',
        's=-',
        't=0 0',
        'm=video 5000 RTP/AVP 107',
        'c=IN IP4 192.0.2.9',
        'a=rtcp:5003',
        'a=rtpmap:107 H264/90000',
        'a=fmtp:107 profile-level-id=42e01f;packetization-mode=1',
        'a=rtcp-fb:107 nack pli',
        'a=rtcp-fb:107 ccm fir',
        'a=ssrc:3000000007 cname:hall',
        'a=sendonly',
      ),
    );
    const stream: RelayedStream = { ...at, payloadType: 107, ssrc: 3_000_000_007 };
    expect(readRelaySdp(sdp)).toEqual({ video: stream });
  });
});

describe('a VP8 feed', () => {
  it('is offered like one of H.264, but for the codec', () => {
    const feed = { ...at, payloadType: 96, ssrc: 7, cname: 'all', sessionId: '9' };
    expect(vp8FeedOffer(feed)).toBe(
      text(
        'v=0',
        'o=diemcau 9 1 IN IP4 192.0.2.9',
        's=-',
        't=0 0',
        'm=video 5000 RTP/AVP 96',
        'c=IN IP4 192.0.2.9',
        'a=rtcp:5003',
        'a=rtpmap:96 VP8/90000',
        'a=rtcp-fb:96 nack pli',
        'a=rtcp-fb:96 ccm fir',
        'a=ssrc:7 cname:all',
        'a=sendonly',
      ),
    );
  });
});

describe('reading the relay', () => {
  it('takes the session’s address, the next port for RTCP, and the first payload type', () => {
    const sdp = text(
      'v=0',
      'c=IN IP4 192.0.2.9',
      'm=audio 6000 RTP/AVP 8 101',
      'm=video 0 RTP/AVP 97',
    );
    expect(readRelaySdp(sdp)).toEqual({
      audio: { host: '192.0.2.9', rtpPort: 6000, rtcpPort: 6001, payloadType: 8 },
    });
  });

  it('reads one port where RTCP is multiplexed', () => {
    const sdp = text('v=0', 'm=video 6000 RTP/AVP 97', 'c=IN IP4 192.0.2.9', 'a=rtcp-mux');
    expect(readRelaySdp(sdp)?.video?.rtcpPort).toBe(6000);
  });

  it.each(['', 'no SDP', 'v=0\r\n', '{"result":"error"}'])('%j has no streams to read', sdp => {
    expect(readRelaySdp(sdp)).toBeUndefined();
  });

  it('leaves out a stream without address or payload type', () => {
    const sdp = text('v=0', 'm=audio 6000 RTP/AVP 8', 'm=video 6002 RTP/AVP', 'c=IN IP4 192.0.2.9');
    expect(readRelaySdp(sdp)).toEqual({});
  });
});
