import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogFile } from '../../../src/engines/log-file.ts';

describe('log file of an engine', () => {
  let folder: string;
  const path = () => join(folder, 'log', 'engine.log');
  const write = (log: LogFile, text: string) => log.write(Buffer.from(text));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-file-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('goes on where the last run stopped', () => {
    for (const text of ['first\n', 'second\n']) {
      const log = new LogFile(path());
      write(log, text);
      log.close();
    }
    expect(readFileSync(path(), 'utf8')).toBe('first\nsecond\n');
  });

  test('is set aside when full, and only one is kept', () => {
    const log = new LogFile(path(), { maxBytes: 10 });
    for (const text of ['aaaaaaaa', 'bbbbbbbb', 'cccccccc']) write(log, text);
    log.close();
    expect(readFileSync(path(), 'utf8')).toBe('cccccccc');
    expect(readFileSync(`${path()}.1`, 'utf8')).toBe('bbbbbbbb');
    expect(existsSync(`${path()}.2`)).toBe(false);
  });

  test('writes no secret, whole or in pieces, and all else as it came', () => {
    const log = new LogFile(path(), { secrets: ['geheim-1', 'geheimer'] });
    for (const text of [
      'a=geheim-1, b=gehei',
      'mer;',
      'geh',
      'en\n',
      'Điểm geheim',
      '-1',
      ' geheim',
    ]) {
      write(log, text);
    }
    log.close();
    expect(readFileSync(path(), 'utf8')).toBe('a=***, b=***;gehen\nĐiểm *** geheim');
    expect(log.tail()).toEqual(['a=***, b=***;gehen', 'Điểm *** geheim']);
  });

  test('remembers its last fifteen lines, also when they come in pieces', () => {
    const log = new LogFile(path());
    for (let line = 1; line <= 40; line++) {
      write(log, `li`);
      write(log, `ne ${line}\n`);
    }
    write(log, 'unfinished');
    expect(log.tail()).toHaveLength(15);
    expect(log.tail().at(0)).toBe('line 27');
    expect(log.tail().at(-1)).toBe('unfinished');
    log.forget();
    expect(log.tail()).toEqual([]);
    log.close();
  });
});
