/**
 * Runs in a page before its own scripts, with `pretended` above it: PNGs as base64. Its camera sees
 * one picture, its microphone next to nothing, and its screen shows the other.
 */
(() => {
  const still = (base64, width, height) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
    createImageBitmap(new Blob([bytes])).then(image => {
      const draw = () => context.drawImage(image, 0, 0, width, height);
      draw();
      setInterval(draw, 100); // a canvas that is not drawn sends nothing
    });
    return canvas.captureStream(10).getVideoTracks()[0];
  };
  const almostSilence = () => {
    const sound = new AudioContext();
    const [hum, quiet] = [sound.createOscillator(), sound.createGain()];
    quiet.gain.value = 0.004;
    const out = sound.createMediaStreamDestination();
    hum.connect(quiet).connect(out);
    hum.start();
    return out.stream.getAudioTracks()[0];
  };
  const device = (kind, deviceId, label) => ({ kind, deviceId, label, groupId: 'pc' });
  Object.assign(navigator.mediaDevices, {
    getUserMedia: async ({ video }) =>
      new MediaStream([video ? still(pretended.camera, 640, 360) : almostSilence()]),
    getDisplayMedia: async () => new MediaStream([still(pretended.screen, 1280, 720)]),
    enumerateDevices: async () => [
      device('videoinput', 'camera', 'Máy quay tích hợp'),
      device('audioinput', 'microphone', 'Micro tích hợp'),
      device('audiooutput', 'speaker', 'Loa máy tính'),
    ],
  });
})();
