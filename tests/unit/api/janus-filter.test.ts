import { beforeEach, describe, expect, it } from 'vitest';
import { JanusFilter, type Verdict } from '../../../src/api/janus-proxy/filter.ts';
import { FakeVisit } from './support.ts';

const SESSION = 4_503_599_627_370_497;
const VIDEO = 101;
const AUDIO = 102;
const SDP = { type: 'offer', sdp: 'v=0\r\n' };

let filter: JanusFilter;
let visit: FakeVisit;

const ask = (frame: object): Verdict =>
  filter.fromBrowser(JSON.stringify({ transaction: 't', ...frame }));

function forwarded(frame: object): Record<string, unknown> {
  const verdict = ask(frame);
  if (verdict.kind !== 'forward') throw new Error(`refused: ${verdict.reason}`);
  return verdict.frame;
}

function attach(plugin: string, id: number): void {
  const { transaction } = forwarded({ janus: 'attach', session_id: SESSION, plugin });
  filter.fromServer(JSON.stringify({ janus: 'success', transaction, data: { id } }));
}

beforeEach(() => {
  visit = new FakeVisit();
  filter = new JanusFilter(token => (token === 'token-1' && !visit.isLeft ? visit : undefined));
  forwarded({ janus: 'create', token: 'token-1' });
  filter.fromServer(JSON.stringify({ janus: 'success', transaction: 't', data: { id: SESSION } }));
  attach('janus.plugin.videoroom', VIDEO);
  attach('janus.plugin.audiobridge', AUDIO);
});

const video = (body: object, rest: object = {}) => ({
  janus: 'message',
  session_id: SESSION,
  handle_id: VIDEO,
  body,
  ...rest,
});
const audio = (body: object, rest: object = {}) => ({ ...video(body, rest), handle_id: AUDIO });
const own = (janus: string, rest: object = {}) => ({ janus, session_id: SESSION, ...rest });

describe('what a participant may not ask', () => {
  const destroy = { request: 'destroy', room: 'room-1', secret: 'x' };
  it.each<[string, object]>([
    ['a second plugin', own('attach', { plugin: 'janus.plugin.streaming' })],
    ['the admin API', own('list_sessions')],
    ['information on the server', own('info')],
    ['to claim a session', own('claim')],
    ['to create a room', video({ request: 'create', room: 'mine' })],
    ['to destroy a room', video(destroy)],
    ['to destroy the audio room', audio(destroy)],
    ['to edit a room', video({ request: 'edit', new_secret: 'x' })],
    ['to kick', video({ request: 'kick', id: 'p2' })],
    ['to kick from the sound', audio({ request: 'kick', id: 'p2' })],
    ['to moderate', video({ request: 'moderate', id: 'p2', mid: '0', mute: true })],
    ['to forward', video({ request: 'rtp_forward', host: '192.0.2.1' })],
    ['to forward the sound', audio({ request: 'rtp_forward', host: '192.0.2.1' })],
    ['to stop forwarding', video({ request: 'stop_rtp_forward' })],
    ['who is forwarded', video({ request: 'listforwarders' })],
    ['to change who is allowed', video({ request: 'allowed', action: 'disable' })],
    ['to record', video({ request: 'enable_recording', record: true })],
    ['to record the sound', audio({ request: 'enable_recording', record: true })],
    ['to mute another', audio({ request: 'mute', id: 'p2' })],
    ['to mute the room', audio({ request: 'mute_room' })],
    ['to change rooms', audio({ request: 'changeroom', room: 'other' })],
    ['to play a file', audio({ request: 'play_file', filename: '/etc/passwd' })],
    ['which rooms there are', video({ request: 'list' })],
    ['what an object inherits', video({ request: 'toString' })],
    ['nothing', video({})],
    ['a body that is a list', video([] as object)],
    ['a role that is none', video({ request: 'join', ptype: 'admin' })],
    ['a subscription to nothing', video({ request: 'join', ptype: 'subscriber', streams: [] })],
    ['a feed that is an object', video({ request: 'subscribe', streams: [{ feed: {} }] })],
    ['to share a screen unasked', video({ request: 'join', ptype: 'publisher', content: true })],
    ['a codec that no room has', video({ request: 'publish', videocodec: 'h265' })],
    ['a negative bit rate', video({ request: 'configure', bitrate: -1 })],
    ['loudness without end', audio({ request: 'configure', volume: 100_000 })],
    ['an SDP that is none', video({ request: 'publish' }, { jsep: { type: 'pranswer', sdp: '' } })],
    [
      'an SDP without end',
      video({ request: 'publish' }, { jsep: { type: 'offer', sdp: 'x'.repeat(300_000) } }),
    ],
    ['a candidate that is none', own('trickle', { handle_id: VIDEO, candidate: { candidate: 7 } })],
    ['another session', { ...own('keepalive'), session_id: SESSION + 1 }],
    ['the end of another session', { ...own('destroy'), session_id: 1 }],
    ['no session', { janus: 'keepalive' }],
    ['another’s handle', { ...video({ request: 'leave' }), handle_id: 999 }],
    ['to detach another’s handle', own('detach', { handle_id: 999 })],
    ['to trickle for another', own('trickle', { handle_id: 999, candidate: { completed: true } })],
    ['a message without a handle', own('message', { body: { request: 'leave' } })],
    ['a transaction of ours', own('keepalive', { transaction: 'gateway-attach-1' })],
  ])('%s', (_, frame) => {
    const verdict = ask(frame);
    expect(verdict.kind).toBe('refuse');
    if (verdict.kind !== 'refuse') return;
    expect(verdict.reply).toMatchObject({
      janus: 'error',
      transaction: 'transaction' in frame ? frame.transaction : 't',
      error: { code: 403, reason: expect.any(String) },
    });
  });

  it.each([
    ['not JSON', '{'],
    ['no frame', '[]'],
    ['no transaction', '{"janus":"create"}'],
  ])('%s closes', (_, text) => expect(filter.fromBrowser(text).kind).toBe('close'));
});

describe('what is written over', () => {
  const self = { room: 'room-1', id: 'p1', display: 'Lan' };
  const forged = { room: 'other', id: 'p2', display: 'Boss', secret: 'x', pin: 'y', token: 'z' };

  it.each([
    [
      'publisher join',
      video({ ...forged, request: 'join', ptype: 'publisher' }),
      { ...self, request: 'join', ptype: 'publisher' },
    ],
    [
      'join and publish',
      video({ ...forged, request: 'joinandconfigure', ptype: 'publisher', video: true }),
      { ...self, request: 'joinandconfigure', ptype: 'publisher', video: true },
    ],
    [
      'audio join',
      audio({
        ...forged,
        request: 'join',
        codec: 'pcma',
        rtp: { ip: '192.0.2.1', port: 9 },
        record: true,
      }),
      { ...self, request: 'join', codec: 'opus' },
    ],
    [
      'subscription',
      video({
        ...forged,
        request: 'join',
        ptype: 'subscriber',
        streams: [{ feed: 'p2', mid: '0' }],
      }),
      { request: 'join', ptype: 'subscriber', room: 'room-1', streams: [{ feed: 'p2', mid: '0' }] },
    ],
    [
      'list of participants',
      video({ ...forged, request: 'listparticipants' }),
      { request: 'listparticipants', room: 'room-1' },
    ],
    [
      'own name while publishing',
      video({ request: 'publish', display: 'Boss', record: true, filename: '/tmp/x' }),
      { request: 'publish', display: 'Lan' },
    ],
    [
      'own settings',
      video({ ...forged, request: 'configure', keyframe: true }),
      { request: 'configure', keyframe: true },
    ],
  ])('%s', (_, frame, body) => expect(forwarded(frame).body).toEqual(body));

  it('neither the token nor a secret of the browser goes on', () => {
    const frame = {
      ...video({ request: 'leave' }),
      token: 'token-1',
      apisecret: 'guess',
      extra: 1,
    };
    expect(forwarded(frame)).toEqual({
      janus: 'message',
      transaction: 't',
      session_id: SESSION,
      handle_id: VIDEO,
      body: { request: 'leave' },
    });
  });
});

describe('a shared screen', () => {
  const join = (content: unknown) =>
    video({ request: 'join', ptype: 'publisher', id: 'p2-content', content });

  it('has an id of its own, for who may share', () => {
    visit.share();
    expect(forwarded(join(true)).body).toEqual({
      request: 'join',
      ptype: 'publisher',
      room: 'room-1',
      id: 'p1-content',
      display: 'Lan',
    });
  });

  it('is nothing else than true', () => {
    visit.share();
    expect(ask(join('p2')).kind).toBe('refuse');
  });

  it('is let through no more when sharing ended', async () => {
    visit.share();
    await visit.stopSharing();
    expect(ask(join(true)).kind).toBe('refuse');
  });
});

describe('what janus.js sends', () => {
  it.each<[string, object]>([
    ['keepalive', own('keepalive')],
    ['destroy', own('destroy')],
    ['detach', own('detach', { handle_id: VIDEO })],
    ['hangup', own('hangup', { handle_id: VIDEO })],
    [
      'a candidate',
      own('trickle', {
        handle_id: VIDEO,
        candidate: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 },
      }),
    ],
    ['the last candidate', own('trickle', { handle_id: VIDEO, candidate: { completed: true } })],
    ['publish', video({ request: 'publish', video: true, bitrate: 500_000 }, { jsep: SDP })],
    ['the codec to publish', video({ request: 'publish', videocodec: 'vp8' }, { jsep: SDP })],
    ['start', video({ request: 'start' }, { jsep: { type: 'answer', sdp: 'v=0' } })],
    [
      'update',
      video({ request: 'update', subscribe: [{ feed: 'p2' }], unsubscribe: [{ sub_mid: '1' }] }),
    ],
    ['switch', video({ request: 'switch', streams: [{ feed: 'p2', mid: '0', sub_mid: '1' }] })],
    ['unpublish', video({ request: 'unpublish' })],
    ['pause', video({ request: 'pause' })],
    ['new ways for what is published', video({ request: 'configure' }, { jsep: SDP })],
    ['new ways for what is received', video({ request: 'configure', restart: true })],
    ['new ways for the sound', audio({ request: 'configure' }, { jsep: SDP })],
    ['own mute', audio({ request: 'configure', muted: true }, { jsep: SDP })],
  ])('%s passes', (_, frame) => expect(ask(frame).kind).toBe('forward'));
});

describe('handles', () => {
  it('more than a page needs are refused, whatever the transactions say', () => {
    let passed = 0;
    for (let n = 0; n < 50; n += 1) {
      const transaction = `same-${n % 2}`;
      if (ask(own('keepalive', { transaction })).kind === 'forward')
        filter.fromServer(JSON.stringify({ janus: 'ack', transaction }));
      const verdict = ask(own('attach', { transaction, plugin: 'janus.plugin.videoroom' }));
      if (verdict.kind === 'forward') passed += 1;
      filter.fromServer(
        JSON.stringify({ janus: 'error', transaction, error: { code: 1, reason: '' } }),
      );
    }
    expect(passed).toBe(6);
  });

  it('the reply to an attach carries the browser’s transaction', () => {
    const { transaction } = forwarded(
      own('attach', { transaction: 'mine', plugin: 'janus.plugin.audiobridge' }),
    );
    const reply = filter.fromServer(
      JSON.stringify({ janus: 'success', session_id: SESSION, transaction, data: { id: 103 } }),
    );
    expect(JSON.parse(reply)).toEqual({
      janus: 'success',
      session_id: SESSION,
      transaction: 'mine',
      data: { id: 103 },
    });
    expect(ask({ ...audio({ request: 'leave' }), handle_id: 103 }).kind).toBe('forward');
  });

  it('a detached handle is not owned any more', () => {
    filter.fromServer(JSON.stringify({ janus: 'detached', session_id: SESSION, sender: VIDEO }));
    expect(ask(video({ request: 'leave' })).kind).toBe('refuse');
  });

  it('every other frame reaches the browser as it came', () => {
    const text = '{"janus":"event",  "sender":101, "plugindata":{"data":{}}}';
    expect(filter.fromServer(text)).toBe(text);
  });
});

describe('the visit', () => {
  it('a token nobody has is answered and closed', () => {
    const stranger = new JanusFilter(() => undefined);
    const verdict = stranger.fromBrowser('{"janus":"create","transaction":"t","token":"no"}');
    expect(verdict).toMatchObject({ kind: 'close', reply: { janus: 'error', transaction: 't' } });
  });

  it('a visit that was left may ask nothing more', async () => {
    await visit.leave();
    expect(ask(video({ request: 'join', ptype: 'publisher' })).kind).toBe('close');
  });

  it('a second session closes', () => {
    expect(ask({ janus: 'create', token: 'token-1' }).kind).toBe('close');
  });
});

describe('a microphone that is held closed', () => {
  it.each(['join', 'configure'])('stays closed in a %s, until it is let go', request => {
    const body = () => forwarded(audio({ request, muted: false })).body;
    expect(body()).toMatchObject({ request, muted: false });
    visit.isHeldMuted = true;
    expect(body()).toMatchObject({ request, muted: true });
    visit.isHeldMuted = false;
    expect(body()).toMatchObject({ request, muted: false });
  });
});
