import { expect, test } from 'vitest';
import { logOutput } from '../../../src/observability/log-output.ts';

const fails = (code: string) => Object.assign(new Error(code), { code });

test('writes a line in as many pieces as it takes', () => {
  let written = '';
  const output = logOutput(1, (_, data) => {
    written += data.toString('latin1', 0, 3);
    return Math.min(3, data.length);
  });
  output.write('a long line\n');
  expect(written).toBe('a long line\n');
});

test('waits for a reader that is busy', () => {
  const written: string[] = [];
  let busy = 2;
  const output = logOutput(1, (_, data) => {
    if (busy-- > 0) throw fails('EAGAIN');
    written.push(data.toString());
    return data.length;
  });
  output.write('one\n');
  output.write('two\n');
  expect(written).toEqual(['one\n', 'two\n']);
});

test('a reader that stays busy costs lines, not the process', () => {
  const output = logOutput(1, () => {
    throw fails('EAGAIN');
  });
  output.write('lost\n');
});

test.each(['EPIPE', 'ECONNRESET', 'EIO'])('lets go when the reader is gone: %s', code => {
  let attempts = 0;
  const output = logOutput(1, () => {
    attempts += 1;
    throw fails(code);
  });
  output.write('one\n');
  output.write('two\n');
  expect(attempts).toBe(1);
});
