import { describe, expect, test } from 'vitest';
import { parseAddress, parseSipUri, tagOf } from '../../../../src/sip-agent/message/address.ts';
import { headerKey, writtenName } from '../../../../src/sip-agent/message/names.ts';
import { newBranch, newTag, serialize } from '../../../../src/sip-agent/message/serialize.ts';
import { completeTopVia, completeVia, parseVia } from '../../../../src/sip-agent/message/via.ts';

const SOURCE = { host: '192.0.2.9', port: 1234 };

describe('addresses', () => {
  test.each([
    ['<sip:a@b>;tag=x', 'sip:a@b', 'x'],
    ['"A <b>; tag=no" <sip:a@b;lr>;Tag=x;y', 'sip:a@b;lr', 'x'],
    ['sip:a@b;tag=x', 'sip:a@b', 'x'],
    ['Phòng họp <sip:a@b>', 'sip:a@b', undefined],
    ['<sip:a@b>;tag=', 'sip:a@b', undefined],
    ['<sip:a@b> ; tag = x', 'sip:a@b', 'x'],
  ])('%s', (value, uri, tag) => {
    expect(parseAddress(value)?.uri).toBe(uri);
    expect(tagOf(value)).toBe(tag);
  });

  test.each(['', '<sip:a@b', ';tag=x'])('%j is none', value => {
    expect(parseAddress(value)).toBeUndefined();
  });
});

describe('SIP URIs', () => {
  test.each([
    ['sip:a@b', 'a', 'b', undefined],
    ['SIP:a:pw@B.example:5080;transport=tcp?x=y', 'a:pw', 'B.example', 5080],
    ['sips:b', undefined, 'b', undefined],
    ['sip:a@[2001:db8::1]:5061', 'a', '2001:db8::1', 5061],
  ])('%s', (uri, user, host, port) => {
    expect(parseSipUri(uri)).toMatchObject({ user, host, port });
  });

  test.each(['tel:+84', 'http://x', 'sip:', 'sip:a@', 'sip:a@b:0', 'sip:a@b:99999', 'sip:a b'])(
    '%j is none',
    uri => {
      expect(parseSipUri(uri)).toBeUndefined();
    },
  );

  test('parameters are found whatever their case', () => {
    expect(parseSipUri('sip:b;Transport=TCP;lr')?.params).toEqual(
      new Map([
        ['transport', 'TCP'],
        ['lr', ''],
      ]),
    );
  });
});

describe('Via', () => {
  test.each([
    ['SIP/2.0/UDP 192.0.2.1', 'udp', '192.0.2.1', undefined],
    ['SIP / 2.0 / TCP  host : 5080 ; branch=x', 'tcp', 'host', 5080],
    ['SIP/2.0/UDP [2001:db8::1]:5060;rport', 'udp', '2001:db8::1', 5060],
  ])('%s', (value, protocol, host, port) => {
    expect(parseVia(value)).toMatchObject({ protocol, host, port });
  });

  test('towards a peer rport is filled in only when it asked', () => {
    const plain = 'SIP/2.0/UDP 192.0.2.9:5060;branch=z';
    expect(completeVia(plain, SOURCE, { always: false })).toBe(plain);
    expect(completeVia(`${plain};rport`, SOURCE, { always: false })).toBe(`${plain};rport=1234`);
  });

  test('received is added where the address is another, and a false one replaced', () => {
    const value = 'SIP/2.0/UDP 10.0.0.1;received=1.1.1.1;rport;branch=z';
    expect(completeVia(value, SOURCE, { always: false })).toBe(
      'SIP/2.0/UDP 10.0.0.1;branch=z;rport=1234;received=192.0.2.9',
    );
  });

  test('only the top one is completed, and every other byte kept', () => {
    const head = Buffer.concat([
      Buffer.from(
        'OPTIONS sip:x SIP/2.0\r\nTo: a\r\nv: SIP/2.0/UDP 192.0.2.9\r\n ;branch=z, SIP/2.0/UDP b\r\nX: ',
      ),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('\r\nVia: c\r\n\r\n'),
    ]);
    const completed = completeTopVia(head, SOURCE);
    expect(completed.includes(Buffer.from([0xff, 0xfe]))).toBe(true);
    expect(completed.toString('latin1')).toBe(
      'OPTIONS sip:x SIP/2.0\r\nTo: a\r\nv: SIP/2.0/UDP 192.0.2.9 ;branch=z;rport=1234, SIP/2.0/UDP b\r\nX: \xff\xfe\r\nVia: c\r\n\r\n',
    );
  });

  test('bare line feeds become whole line ends for the application', () => {
    const head = Buffer.from('OPTIONS sip:x SIP/2.0\nv: SIP/2.0/UDP 192.0.2.9\n\n');
    expect(completeTopVia(head, SOURCE).toString()).toBe(
      'OPTIONS sip:x SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.9;rport=1234\r\n\r\n',
    );
  });
});

describe('header names', () => {
  test.each([
    ['v', 'via'],
    ['M', 'contact'],
    ['Call-Id', 'call-id'],
    ['x', 'session-expires'],
  ])('%s is %s', (name, key) => {
    expect(headerKey(name)).toBe(key);
  });

  test.each([
    ['user-agent', 'User-Agent'],
    ['rack', 'RAck'],
    ['call-id', 'Call-ID'],
    ['www-authenticate', 'WWW-Authenticate'],
    ['foo-bar', 'Foo-Bar'],
    ['X-ODD-case', 'X-ODD-case'],
    ['f', 'From'],
  ])('%s is written %s', (name, written) => {
    expect(writtenName(name)).toBe(written);
  });
});

test('Content-Length counts bytes', () => {
  const data = serialize('SIP/2.0 200 OK', [['to', 'x']], Buffer.from('đ'));
  expect(data.toString()).toBe('SIP/2.0 200 OK\r\nTo: x\r\nContent-Length: 2\r\n\r\nđ');
});

test('branches and tags are never twice the same', () => {
  const made = Array.from({ length: 500 }, () => [newBranch(), newTag()]).flat();
  expect(new Set(made).size).toBe(1_000);
  expect(made[0]).toMatch(/^z9hG4bK[A-Za-z0-9]+$/);
});
