/**
 * What the voice menu says: the words of `prompts/texts.yaml`, and the sound that
 * `build.ts` made of them, or of recordings. Loaded once, at the gateway's start.
 */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { PROMPT_IDS, type Prompt, type PromptId, type Prompts } from '../calls/menu/prompts.ts';
import { LANGUAGES, readTexts, type Texts } from './texts.ts';
import { readWav, SAMPLE_RATE_HZ } from './wav.ts';

export const TEXTS_FILE = new URL('../../prompts/texts.yaml', import.meta.url);
/** One folder for each language, `<prompt>.wav` in it. */
export const SOUND_FOLDER = new URL('../../dist/prompts/', import.meta.url);

/** Between one language and the next. */
const PAUSE = Buffer.alloc((SAMPLE_RATE_HZ * 2 * 400) / 1000);

/**
 * Words and sound of all prompts. One whose sound is not there is only shown.
 *
 * @throws Error when the words are not there
 */
export function loadPrompts(log: Logger): Prompts {
  const texts = readTexts(TEXTS_FILE);
  const silent: PromptId[] = [];
  const entries = PROMPT_IDS.map(id => {
    const pcm = soundOf(id);
    if (!pcm) silent.push(id);
    return [id, toPrompt(texts[id], pcm ?? Buffer.alloc(0))] as const;
  });
  if (silent.length > 0)
    log.warn({ silent }, 'the voice menu is shown but not heard: run npm run build:prompts');
  return Object.fromEntries(entries) as Record<PromptId, Prompt>;
}

function toPrompt({ vi, en }: Texts[PromptId], pcm: Buffer): Prompt {
  return { title: vi.title, lines: [vi.line, en.line], pcm };
}

function soundOf(id: PromptId): Buffer | undefined {
  try {
    const clips = LANGUAGES.map(language =>
      readWav(readFileSync(new URL(`${language}/${id}.wav`, SOUND_FOLDER))),
    );
    return Buffer.concat(clips.flatMap((clip, at) => (at > 0 ? [PAUSE, clip] : [clip])));
  } catch {
    return undefined; // not built: `loadPrompts` says so once for all
  }
}
