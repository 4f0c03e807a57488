/** Pieces of at most so many bytes, all about as long: a short last one costs a packet too. */
export function cutEvenly(data: Buffer, maxBytes: number): Buffer[] {
  const count = Math.ceil(data.length / Math.max(1, maxBytes));
  const bytes = Math.ceil(data.length / count);
  return Array.from({ length: count }, (_, index) =>
    data.subarray(index * bytes, (index + 1) * bytes),
  ).filter(piece => piece.length > 0);
}
