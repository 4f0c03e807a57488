/** One GOB to a packet, cut between bits; RFC 4587 §4.1. FFmpeg's own packets cut GOBs within macroblocks. */
export function h261Payloads(picture: Buffer): Buffer[] {
  const text = [...picture].map(byte => byte.toString(2).padStart(8, '0')).join('');
  const starts = [...text.matchAll(/0{15}1(?!0000)/g)].map(match => match.index);
  return starts.map((start, index) => {
    const from = index === 0 ? 0 : start; // the first with the picture header
    const to = starts[index + 1] ?? text.length;
    const [sbit, ebit] = [from & 7, -to & 7];
    const header = Buffer.from([(sbit << 5) | (ebit << 2) | 1, 0, 0, 0]);
    return Buffer.concat([header, picture.subarray(from >> 3, (to + 7) >> 3)]);
  });
}
