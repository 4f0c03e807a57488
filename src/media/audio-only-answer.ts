import type { RtpAddress } from '../calls/ports.ts';

/**
 * The answer to a copy that rtpengine offers: its sound to `to`, nothing else.
 * Port 0 refuses a stream (RFC 3264 §6); its rtpmap stays, or rtpengine does
 * not know the stream again, and only inactive would still be sent. RTCP of a
 * refused stream is sent all the same, to port 1 if nothing else is said: it
 * goes where that of the sound goes.
 */
export function audioOnlyAnswer(offerSdp: string, to: RtpAddress): string {
  const [session = '', ...media] = offerSdp.split(/^(?=m=)/m);
  return session + media.map(section => answerSection(section, to)).join('');
}

function answerSection(section: string, to: RtpAddress): string {
  const isAudio = section.startsWith('m=audio');
  return section
    .replace(/^(?:c=|a=rtcp:).*\r?\n/gm, '')
    .replace(
      /^m=(\w+) \d+(.*?)(\r?\n)/,
      `m=$1 ${isAudio ? to.rtpPort : 0}$2$3c=IN IP4 ${to.host}$3a=rtcp:${to.rtcpPort}$3`,
    )
    .replace(/^a=sendonly$/m, isAudio ? 'a=recvonly' : 'a=inactive')
    .replace(/^a=sendonly\r$/m, isAudio ? 'a=recvonly\r' : 'a=inactive\r');
}
