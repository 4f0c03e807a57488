import type { Words } from './vi.ts';

export const en: Words = {
  appName: 'Điểm Cầu',
  start: {
    intro: 'Join with the link you were sent, or enter the name of the conference.',
    alias: 'Conference name',
    open: 'Open the conference',
  },
  preview: {
    title: 'Join the conference',
    name: 'Your name',
    namePlaceholder: 'For example: Nguyễn Văn An',
    pin: 'PIN',
    camera: 'Camera',
    microphone: 'Microphone',
    none: 'None',
    level: 'Microphone level',
    join: 'Join',
    joining: 'Joining…',
    picture: 'Your picture before you join',
    noCamera: 'No picture',
  },
  devices: {
    asking: 'Please allow this page to use your camera and microphone.',
    denied:
      'The browser does not allow the camera and microphone. Click the lock beside the address to allow them, or join without your picture and sound.',
    missing: 'No camera or microphone was found. You can still join to watch and listen.',
    insecure:
      'Camera and microphone work only over https. Open this page by its https address, or join to watch and listen.',
  },
  room: {
    participants_one: '{{count}} participant',
    participants_other: '{{count}} participants',
    you: '{{name}} (you)',
    site: 'site',
    muted: 'muted',
    speaking: 'speaking',
    mute: 'Mute',
    unmute: 'Unmute',
    cameraOff: 'Camera off',
    cameraOn: 'Camera on',
    leave: 'Leave',
    controls: 'Controls',
    hint: 'Keys: M microphone, V camera',
    alone: 'Nobody else is here yet. Please wait…',
    joined: '{{name}} joined',
    left: '{{name}} left',
    sound: 'Turn on sound',
    soundBlocked: 'The browser is blocking the sound.',
    cannotDecode:
      'This browser cannot show the H.264 picture of: {{names}}. You can still hear them; use Chrome or Edge to see them.',
    cannotSee: 'This browser cannot show this picture',
    reconnecting: 'Connection lost, joining again…',
  },
  ended: {
    left: 'You have left the conference.',
    'conference-closed': 'The conference has ended.',
    removed: 'You were removed from the conference.',
    again: 'Join again',
  },
  errors: {
    'conference-not-found': 'There is no conference under this link. Please check the address.',
    'room-server-down':
      'The conference server does not answer for the moment. Try again in a few minutes.',
    'pin-required': 'This conference has a PIN. Enter it, then press Join.',
    'pin-wrong': 'This PIN is not right. Look at your invitation and try again.',
    'rate-limited': 'Too many tries. Wait a moment and try again.',
    network: 'The server cannot be reached. Check your network and try again.',
    unknown: 'You could not join. Try again; if it still fails, tell your technician.',
  },
};
