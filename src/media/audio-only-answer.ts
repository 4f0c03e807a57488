import type { RtpAddress } from '../calls/ports.ts';

/**
 * The answer to a copy that rtpengine offers: its sound to `to`, nothing else.
 * Port 0 refuses a stream (RFC 3264 §6); its rtpmap stays, or rtpengine does
 * not know the stream again, and only inactive would still be sent.
 */
export function audioOnlyAnswer(offerSdp: string, to: RtpAddress): string {
  const [session = '', ...media] = offerSdp.split(/^(?=m=)/m);
  return session + media.map(section => answerSection(section, to)).join('');
}

function answerSection(section: string, to: RtpAddress): string {
  const isAudio = section.startsWith('m=audio');
  return section
    .replace(/^m=(\w+) \d+/, `m=$1 ${isAudio ? to.rtpPort : 0}`)
    .replace(/^c=.*$/m, `c=IN IP4 ${to.host}`)
    .replace(/^a=rtcp:.*\r?\n/m, '')
    .replace(/^a=sendonly$/m, isAudio ? 'a=recvonly' : 'a=inactive')
    .replace(/^a=sendonly\r$/m, isAudio ? 'a=recvonly\r' : 'a=inactive\r');
}
