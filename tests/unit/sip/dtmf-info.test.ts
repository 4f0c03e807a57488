import { expect, test } from 'vitest';
import { keyOfInfo } from '../../../src/sip/dtmf-info.ts';

test.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
  ['application/dtmf-relay', 'signal= 5\nduration=160', '5'],
  ['Application/DTMF-Relay; charset=utf-8', 'Duration=100\r\nSignal=#', '#'],
  ['application/dtmf-relay', 'Signal=10\r\nDuration=160', '*'],
  ['application/dtmf-relay', 'Signal=11', '#'],
  ['application/dtmf-relay', 'Signal=a', 'A'],
  ['application/dtmf', '7', '7'],
  ['application/dtmf', ' *\r\n', '*'],
  ['application/dtmf-relay', 'Signal=\r\nDuration=1', undefined],
  ['application/dtmf-relay', 'Signal=55', undefined],
  ['application/dtmf', '77', undefined],
  ['application/media_control+xml', '5', undefined],
  [undefined, '5', undefined],
])('pain 13: %s %j is key %s', (type, body, key) => {
  expect(keyOfInfo(type, body)).toBe(key);
});
