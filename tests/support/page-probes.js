/**
 * Runs in every page of the tests' browsers, before its own scripts: keeps a
 * list of the peer connections and offers `probes`, which `page.ts` calls.
 */
(() => {
  const FFT_SIZE = 4096;
  const LOWEST_HZ = 200;
  const HIGHEST_HZ = 3400;
  const SILENCE_DB = -200;

  const peers = [];
  const analysers = new Map();

  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...settings) {
      super(...settings);
      peers.push(this);
    }
  };

  /** Mean of the upper third, where the tests' pictures have no moving bar. */
  function videoColour(video) {
    const width = video.videoWidth;
    const height = Math.floor(video.videoHeight / 3);
    if (width === 0 || height === 0) return null;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(video, 0, 0, width, height, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const sums = [0, 0, 0];
    for (let index = 0; index < data.length; index += 4) {
      for (const channel of [0, 1, 2]) sums[channel] += data[index + channel];
    }
    return sums.map(sum => sum / (width * height));
  }

  function size({ videoWidth: width, videoHeight: height }) {
    return { width, height };
  }

  async function sendOnly(rids) {
    for (const sender of peers.flatMap(peer => peer.getSenders())) {
      const parameters = sender.getParameters();
      if (!parameters.encodings?.some(({ rid }) => rid)) continue;
      for (const encoding of parameters.encodings) encoding.active = rids.includes(encoding.rid);
      await sender.setParameters(parameters);
    }
  }

  async function framesDecoded(video) {
    const track = video.srcObject?.getVideoTracks()[0];
    for (const receiver of peers.flatMap(peer => peer.getReceivers())) {
      if (!track || receiver.track.id !== track.id) continue;
      for (const entry of (await receiver.getStats()).values()) {
        if (entry.type === 'inbound-rtp') return entry.framesDecoded ?? 0;
      }
    }
    return 0;
  }

  /** All pictures together, as the connections count them. */
  async function pictures() {
    const counts = { packetsReceived: 0, packetsLost: 0 };
    const sum = { pictures: 0, framesDecoded: 0, framesDropped: 0, ...counts };
    for (const receiver of peers.flatMap(peer => peer.getReceivers())) {
      for (const entry of (await receiver.getStats()).values()) {
        if (entry.type !== 'inbound-rtp' || entry.kind !== 'video') continue;
        sum.pictures += 1;
        sum.framesDecoded += entry.framesDecoded ?? 0;
        sum.framesDropped += entry.framesDropped ?? 0;
        sum.packetsReceived += entry.packetsReceived;
        sum.packetsLost += entry.packetsLost;
      }
    }
    return sum;
  }

  /** How loud what comes in is, 0 to 1, as the connections measure it. */
  async function soundLevel() {
    let loudest = 0;
    for (const receiver of peers.flatMap(peer => peer.getReceivers())) {
      for (const entry of (await receiver.getStats()).values()) {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
          loudest = Math.max(loudest, entry.audioLevel ?? 0);
      }
    }
    return loudest;
  }

  async function listen(media) {
    if (analysers.get(media)?.stream === media.srcObject) return;
    const audio = new AudioContext({ sampleRate: 48_000 });
    await audio.resume();
    const analyser = new AnalyserNode(audio, { fftSize: FFT_SIZE, smoothingTimeConstant: 0.5 });
    audio.createMediaStreamSource(media.srcObject).connect(analyser);
    analysers.set(media, { stream: media.srcObject, analyser });
  }

  function levels(media, tonesHz) {
    const { analyser } = analysers.get(media);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const binHz = analyser.context.sampleRate / FFT_SIZE;
    let best = Math.ceil(LOWEST_HZ / binHz);
    for (let bin = best; bin * binHz <= HIGHEST_HZ; bin++) {
      if (bins[bin] > bins[best]) best = bin;
    }
    const levelAt = bin => Math.max(SILENCE_DB, bins[bin]);
    return {
      strongest: { frequencyHz: best * binHz, levelDb: levelAt(best) },
      levelsDb: tonesHz.map(toneHz => levelAt(Math.round(toneHz / binHz))),
    };
  }

  globalThis.probes = {
    ...{ videoColour, size, sendOnly, framesDecoded, pictures },
    ...{ soundLevel, listen, levels },
  };
})();
