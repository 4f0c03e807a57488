/** A made-up key and salt of so many octets, base64. */
export function inlineKey(octets: number, fill = 0x5a): string {
  return Buffer.alloc(octets, fill).toString('base64');
}
