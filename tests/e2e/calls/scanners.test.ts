import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BanView } from '../../../src/contract/rest.ts';
import { computeHa1 } from '../../../src/sip/digest.ts';
import { type Baresip, startBaresip } from '../../support/baresip.ts';
import { addPhone, CORE_HOST, type Place, removePhone } from '../../support/bed/namespaces.ts';
import { bedOwner, startIn } from '../../support/bed/place.ts';
import { SipClient } from '../../support/sip-client.ts';
import { startSystem, type TestSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { addConference, addSite, passwordOf } from '../district.ts';

const TOOL_TIMEOUT_MS = 30_000;
/** Requests for a password that nobody ever gives. */
const STRIKE_LIMIT = 400;
const VICTIM = 'tan-phu';
const GUESSES = Array.from({ length: 60 }, (_, index) => `guess-${index}`);
/** Runs a tool of the package under another User-Agent, as whoever means it would. */
const DISGUISE = [
  'import sys, importlib',
  "sys.path.insert(0, '/usr/share/sipvicious')",
  'from sipvicious.libs import svhelper',
  'make = svhelper.makeRequest',
  "make.__defaults__ = tuple('Yealink VC800 63.345' if d == 'friendly-scanner' else d for d in make.__defaults__)",
  'tool = sys.argv.pop(1)',
  "importlib.import_module('sipvicious.' + tool).main()",
].join('\n');

describe('scanners from Debian’s sipvicious', () => {
  let system: TestSystem;
  let talking: Baresip;
  let watching: Baresip;
  let attacker: { place: Place; host: string };
  /** One host for each attack, so that none inherits another's ban. */
  const hosts: Place[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'scanners-'));
  const dictionary = join(folder, 'words.txt');

  const accounts = join(folder, 'accounts.txt');
  const accountNames = ['nobody', VICTIM, 'tan-lap', 'admin'];
  const ha1 = computeHa1(VICTIM, 'diemcau', passwordOf(VICTIM)).md5;

  beforeAll(async () => {
    writeFileSync(accounts, `${accountNames.join('\n')}\n`);
    writeFileSync(dictionary, [...GUESSES, passwordOf(VICTIM), ''].join('\n'));
    system = await startSystem({ DIEMCAU_LOG_LEVEL: 'trace' });
    await addSite(system, 'Xã Tân Phú', VICTIM);
    await addSite(system, 'Xã Tân Lập', 'tan-lap');
    await addConference(system, { name: 'Giao ban', number: '1001', alias: 'giao-ban' });
    const phone = (username: string, colour: 'blue' | 'red', toneHz: number) =>
      startBaresip({ username, password: passwordOf(username), colour, toneHz });
    [talking, watching] = await Promise.all([
      phone('tan-lap', 'blue', 700),
      phone(VICTIM, 'red', 500),
    ]);
    for (const each of [talking, watching]) {
      await each.registered();
      await each.dial('1001');
    }
  });

  beforeEach(() => {
    attacker = addPhone(bedOwner());
    hosts.push(attacker.place);
  });

  afterAll(async () => {
    await talking?.close();
    await watching?.close();
    for (const place of hosts) await removePhone(bedOwner(), place);
    await system?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(command: string, args: readonly string[]): Promise<string> {
    const placed = startIn(attacker.place, command, args, { env: { HOME: folder } });
    try {
      await waitFor(`${args[0]} to end`, () => placed.process.exitCode !== null, TOOL_TIMEOUT_MS);
    } catch {
      // What it said so far is what it learnt.
    }
    await placed.stop();
    return placed.output();
  }
  const plain = (tool: string, ...args: string[]) => run(tool, args);
  const disguised = (tool: string, ...args: string[]) =>
    run('python3', ['-c', DISGUISE, tool, ...args]);
  const bansSaid = (host = attacker.host) =>
    Object.values(system.logs())
      .join('\n')
      .split('\n')
      .filter(line => line.includes('"source banned"') && line.includes(`"${host}"`));
  const bans = async () => z.array(BanView).parse((await system.api('/bans')).body);
  const callGoesOn = async () => {
    expect(await watching.sees()).toBe('blue');
    await waitFor('the tone', () => Math.abs(watching.heard().frequencyHz - 700) < 20);
    expect((await system.api('/calls')).body).toHaveLength(2);
    for (const phone of [talking, watching]) expect(phone.count('CALL_CLOSED')).toBe(0);
  };

  test('svmap finds nothing there', async () => {
    expect(await plain('svmap', CORE_HOST)).not.toContain(`${CORE_HOST}:5060`);
    expect(bansSaid().join()).toContain('"reason":"scanner"');
    await callGoesOn();
  });

  test('svwar finds no account', async () => {
    const output = await plain('svwar', '--maximumtime=5', '-d', accounts, CORE_HOST);
    expect(output).not.toContain(VICTIM);
    expect(bansSaid().join()).toContain('"reason":"scanner"');
    await callGoesOn();
  });

  test('svcrack finds no password', async () => {
    const words = ['-u', VICTIM, '-d', dictionary, '--maximumtime=5'];
    expect(await plain('svcrack', ...words, CORE_HOST)).not.toContain(passwordOf(VICTIM));
    expect(bansSaid().join()).toContain('"reason":"scanner"');
    await callGoesOn();
  });

  test('svmap in disguise is told neither a name nor a version', async () => {
    const output = await disguised('svmap', '-v', CORE_HOST);
    expect(output).toContain(`${CORE_HOST}:5060`);
    expect(output).not.toMatch(/diemcau|drachtio|janus|rtpengine|node/i);
  });

  test('svwar in disguise finds no account either', async () => {
    const names = ['--force', '--maximumtime=5', '-d', accounts, CORE_HOST];
    expect(await disguised('svwar', ...names)).toContain('found nothing');
  });

  test('accounts that exist are answered like others, until who asks for many is not answered at all', async () => {
    const client = await SipClient.open();
    try {
      const ask = (username: string) => client.request({ method: 'REGISTER', username });
      const replies = await Promise.all(accountNames.map(ask));
      const shapes = replies.map(({ status, headers }) => `${status} ${[...headers.keys()]}`);
      expect([...new Set(shapes)]).toEqual([expect.stringMatching(/^401 /)]);
      for (let asked = 4; asked < STRIKE_LIMIT; asked += 1) await ask(`nobody-${asked}`);
      await expect(ask(VICTIM)).rejects.toThrow();
      expect(bansSaid(CORE_HOST).join()).toContain('"reason":"refusals"');
      await callGoesOn();
    } finally {
      client.close();
    }
  });

  test('svcrack in disguise is not listened to any more when it comes to the right password', async () => {
    const words = ['-u', VICTIM, '-d', dictionary, '--maximumtime=5'];
    expect(await disguised('svcrack', ...words, CORE_HOST)).not.toContain(passwordOf(VICTIM));
    expect(bansSaid().join()).toContain('"reason":"wrong-password"');
    expect(await bans()).toMatchObject([
      { source: attacker.host, reason: 'wrong-password', count: 1 },
    ]);
    await callGoesOn();
    const lifted = await system.api(`/bans/${attacker.host}`, { method: 'DELETE' });
    expect(lifted.status).toBe(204);
    expect(await bans()).toEqual([]);
  });

  test('no log, at its finest, holds a password or what could be one’s proof', () => {
    const logs = Object.entries(system.logs());
    expect(logs.map(([name]) => name)).toContain('sip-agent');
    for (const [name, text] of logs) {
      for (const secret of [passwordOf(VICTIM), passwordOf('tan-lap'), system.adminToken, ha1])
        expect(text.includes(secret), name).toBe(false);
      expect(text, name).not.toMatch(/(?:response|cnonce)=\\?"?[0-9a-f]{8}/i);
    }
  });
});
