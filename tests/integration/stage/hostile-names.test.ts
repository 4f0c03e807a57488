import { expect, test } from 'vitest';
import { drawTexts } from '../../../src/stage/encode/text-graph.ts';

const CANVAS = { width: 640, height: 60, background: 'black', pixelFormat: 'gray' } as const;
const BRIGHT = 60;

/** How much of a picture with this name in it is ink. */
async function inkOf(text: string): Promise<number> {
  const white = { text, fontSize: 24, color: 'white', x: '8', y: 12 };
  const frame = await drawTexts(CANVAS, [white]);
  try {
    expect([frame.width, frame.height]).toEqual([CANVAS.width, CANVAS.height]);
    return Buffer.from(frame.data?.[0] ?? []).filter(value => value > BRIGHT).length;
  } finally {
    frame.free();
  }
}

test.each([
  '<script>alert(1)</script>',
  "it's %{localtime} : \\n [in]scale=2:2[out];",
  "x':textfile=/etc/passwd:x='",
  '%{eif:1:d:9999999}',
  '\u202eekaf',
  'Xã\r\nTân\tPhú',
  '\u0007\u001b[31mred',
  'a'.repeat(2_000),
])('the name %j is letters in the picture and nothing else', async name => {
  expect(await inkOf(name)).toBeGreaterThan(0);
});

test('what FFmpeg would work out stands there as it is', async () => {
  expect(await inkOf('%{n}%{n}%{n}')).toBeGreaterThan(2 * (await inkOf('000')));
});

test('a name of halves of letters or of nothing does not stop the picture', async () => {
  for (const name of ['', '\ud83d', '\u0301\u0301\u0301']) await inkOf(name);
});
