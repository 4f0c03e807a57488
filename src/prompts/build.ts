/**
 * Makes the sound of the voice menu: `node src/prompts/build.ts`. Each prompt is a
 * recording, `prompts/recorded/<language>/<prompt>.wav` (any rate and format
 * FFmpeg reads), or else what espeak-ng makes of its words.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROMPT_IDS } from '../calls/menu/prompts.ts';
import { SOUND_FOLDER, TEXTS_FILE } from './index.ts';
import { decodeToPcm } from './resample.ts';
import { LANGUAGES, type Language, readTexts } from './texts.ts';
import { writeWav } from './wav.ts';

const RECORDED_FOLDER = new URL('../../prompts/recorded/', import.meta.url);
/** Words a minute: slower than espeak-ng's 175, for a hall's loudspeaker. */
const SPEED_WPM = 150;

await buildPrompts();

async function buildPrompts(): Promise<void> {
  const texts = readTexts(TEXTS_FILE);
  const scratch = mkdtempSync(join(tmpdir(), 'diemcau-prompts-'));
  try {
    for (const language of LANGUAGES) {
      mkdirSync(new URL(`${language}/`, SOUND_FOLDER), { recursive: true });
      for (const id of PROMPT_IDS) {
        const recorded = fileURLToPath(new URL(`${language}/${id}.wav`, RECORDED_FOLDER));
        const source = existsSync(recorded)
          ? recorded
          : speak(texts[id][language].say, language, scratch);
        const pcm = await decodeToPcm(source);
        writeFileSync(new URL(`${language}/${id}.wav`, SOUND_FOLDER), writeWav(pcm));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @throws Error when espeak-ng is not there or lacks the language */
function speak(text: string, language: Language, folder: string): string {
  const file = join(folder, 'spoken.wav');
  const voice = ['-v', language, '-s', String(SPEED_WPM), '-a', '120'];
  execFileSync('espeak-ng', [...voice, '-w', file, '--stdin'], { input: text });
  return file;
}
