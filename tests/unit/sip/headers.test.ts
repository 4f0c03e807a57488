import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import { refusalHeaders, userPart } from '../../../src/sip/headers.ts';
import { isPictureFastUpdate, PICTURE_FAST_UPDATE } from '../../../src/sip/picture-refresh.ts';

describe('user part of a SIP URI', () => {
  it.each([
    ['sip:1001@192.0.2.1', '1001'],
    ['<sip:1001@192.0.2.1:5060;transport=tcp>', '1001'],
    ['SIPS:hop-giao-ban@192.0.2.1', 'hop-giao-ban'],
    ['sip:user:password@192.0.2.1', 'user'],
    ['sip:1001;phone-context=x@192.0.2.1', undefined],
    ['sip:a%20b@192.0.2.1', 'a b'],
    ['sip:100%@192.0.2.1', '100%'],
    ['sip:192.0.2.1', undefined],
    ['', undefined],
  ])('%s', (uri, user) => expect(userPart(uri)).toBe(user));
});

describe('headers of a refusal', () => {
  it('nothing in common carries a Warning that says what was missing', () => {
    const error = new GatewayError('no-common-codec', 'offered: "G729"\r\nX: y');
    expect(refusalHeaders(error, '192.0.2.1').Warning).toBe(`305 192.0.2.1 "offered: 'G729' X: y"`);
  });

  it('an engine that is down carries Retry-After', () => {
    const error = new GatewayError('media-relay-down', 'rtpengine does not answer');
    expect(refusalHeaders(error, '192.0.2.1')).toMatchObject({ 'Retry-After': '10' });
  });
});

describe('pain 2: key frame request by INFO', () => {
  it('is recognised in our own words and in others’', () => {
    const type = 'application/media_control+xml';
    expect(isPictureFastUpdate(type, PICTURE_FAST_UPDATE)).toBe(true);
    expect(
      isPictureFastUpdate(`${type};charset=x`, '<picture_fast_update></picture_fast_update>'),
    ).toBe(true);
    expect(isPictureFastUpdate('application/dtmf', PICTURE_FAST_UPDATE)).toBe(false);
    expect(isPictureFastUpdate(undefined, '')).toBe(false);
  });
});
