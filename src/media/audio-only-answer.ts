import type { RtpAddress } from '../calls/ports.ts';

/** RFC 863: nobody listens there, and an inactive stream is not sent. */
const DISCARD_PORT = 9;

/**
 * The answer to a copy that rtpengine offers: its sound to `to`, nothing else.
 * A stream that is not wanted is inactive, not port 0, which rtpengine takes
 * for an answer that does not fit.
 */
export function audioOnlyAnswer(offerSdp: string, to: RtpAddress): string {
  const [session = '', ...media] = offerSdp.split(/^(?=m=)/m);
  return session + media.map(section => answerSection(section, to)).join('');
}

function answerSection(section: string, to: RtpAddress): string {
  const isAudio = section.startsWith('m=audio');
  return section
    .replace(/^m=(\w+) \d+/, `m=$1 ${isAudio ? to.rtpPort : DISCARD_PORT}`)
    .replace(/^c=.*$/m, `c=IN IP4 ${to.host}`)
    .replace(/^a=rtcp:.*\r?\n/m, '')
    .replace(/^a=sendonly$/m, isAudio ? 'a=recvonly' : 'a=inactive')
    .replace(/^a=sendonly\r$/m, isAudio ? 'a=recvonly\r' : 'a=inactive\r');
}
