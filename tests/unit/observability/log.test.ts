import { describe, expect, test } from 'vitest';
import { createLogger, describeError } from '../../../src/observability/log.ts';

function logged(fields: object, logPersonalData = false): Record<string, unknown> {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  const log = createLogger('gateway', { logLevel: 'info', logPersonalData }, sink);
  log.info(fields, 'call ended');
  return JSON.parse(lines[0] ?? '{}');
}

describe('log', () => {
  test('says which process speaks, at which level', () => {
    expect(logged({ callId: 'c1' })).toMatchObject({
      process: 'gateway',
      level: 'info',
      callId: 'c1',
      msg: 'call ended',
    });
  });

  test('leaves out secrets at the top, one level below and in headers', () => {
    const line = logged({
      authorization: 'Digest …',
      request: { authorization: 'Digest …', headers: { cookie: 'a=b' }, method: 'INVITE' },
      account: { sipPassword: 'x', sipUsername: 'y' },
    });
    expect(line).toMatchObject({
      request: { headers: {}, method: 'INVITE' },
      account: { sipUsername: 'y' },
    });
    expect(JSON.stringify(line)).not.toMatch(/Digest|a=b|"x"/);
  });

  test('writes who it was only when that is wanted', () => {
    expect(logged({ pii: { from: 'anh Nam' } })).not.toHaveProperty('pii');
    expect(logged({ pii: { from: 'anh Nam' } }, true)).toMatchObject({ pii: { from: 'anh Nam' } });
  });

  test('keeps the causes of an error', () => {
    const err = new Error('outer', { cause: new Error('inner') });
    expect(JSON.stringify(logged({ err }))).toContain('inner');
  });
});

describe('describeError', () => {
  test('tells an error with its causes in one line', () => {
    const err = new Error('no call', { cause: new Error('no relay', { cause: 'ECONNREFUSED' }) });
    expect(describeError(err)).toBe('no call: no relay: ECONNREFUSED');
  });

  test('ends when causes go round', () => {
    const err = new Error('round');
    err.cause = err;
    expect(describeError(err).length).toBeLessThan(100);
  });
});
