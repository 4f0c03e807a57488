/**
 * The room page's floor: the pictures and the mixed sound by janus.js alone, as its demos do it.
 * `visit` is set before: { server, token, room, feeds, columns }.
 */
import Janus from './janus.es.js';

const { server, token, room, feeds, columns } = globalThis.visit;
const sound = Object.assign(new Audio(), { autoplay: true });
const main = document.querySelector('main');
main.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;

// biome-ignore lint/correctness/useHookAtTopLevel: not a hook, only named like one
const dependencies = Janus.useDefaultDependencies({ adapter: globalThis.adapter });
Janus.init({ debug: [], dependencies, callback: connect });

function connect() {
  const janus = new Janus({ server, token, iceServers: [], success: () => start(janus) });
}

function start(janus) {
  hear(janus);
  learnWhoPublishes(janus);
}

function learnWhoPublishes(janus) {
  janus.attach({
    plugin: 'janus.plugin.videoroom',
    success: handle => handle.send({ message: { request: 'join', ptype: 'publisher', room } }),
    onmessage: ({ videoroom, publishers }) => {
      if (videoroom === 'joined') show(janus, publishers);
    },
  });
}

function show(janus, publishers) {
  const wanted = publishers.filter(({ id }) => feeds.includes(id));
  const streams = wanted.map(({ id, streams }) => ({
    feed: id,
    mid: streams.find(({ type }) => type === 'video').mid,
  }));
  janus.attach({
    plugin: 'janus.plugin.videoroom',
    success: handle => {
      handle.send({ message: { request: 'join', ptype: 'subscriber', room, streams } });
      show.handle = handle;
    },
    onmessage: (_, jsep) => answer(show.handle, jsep, { request: 'start', room }),
    onremotetrack: (track, mid, on) => {
      if (!on || document.getElementById(mid)) return;
      const video = document.createElement('video');
      Object.assign(video, { id: mid, autoplay: true, muted: true, playsInline: true });
      Janus.attachMediaStream(video, new MediaStream([track]));
      main.append(video);
    },
  });
}

function hear(janus) {
  janus.attach({
    plugin: 'janus.plugin.audiobridge',
    success: handle => {
      handle.send({ message: { request: 'join', room, muted: true } });
      hear.handle = handle;
    },
    onmessage: ({ audiobridge }, jsep) => {
      if (audiobridge === 'joined' && !hear.isOffered) offerToHear(hear.handle);
      if (jsep) hear.handle.handleRemoteJsep({ jsep });
    },
    onremotetrack: track => {
      Janus.attachMediaStream(sound, new MediaStream([track]));
    },
  });
}

function offerToHear(handle) {
  hear.isOffered = true;
  handle.createOffer({
    tracks: [{ type: 'audio', capture: false, recv: true }],
    success: jsep => handle.send({ message: { request: 'configure', muted: true }, jsep }),
  });
}

function answer(handle, jsep, message) {
  if (!jsep) return;
  handle.createAnswer({
    jsep,
    tracks: [],
    success: own => handle.send({ message, jsep: own }),
  });
}
