import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROMPT_IDS } from '../calls/menu/prompts.ts';

/** Languages in the order in which they are said. */
export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const Line = z.string().min(1).max(60);
const Say = z.string().min(1).max(300);
const Texts = z.record(
  z.enum(PROMPT_IDS),
  z.strictObject({
    vi: z.strictObject({ say: Say, title: Line, line: Line }),
    en: z.strictObject({ say: Say, line: Line }),
  }),
);
/** What is said and shown, by prompt. */
export type Texts = z.infer<typeof Texts>;

/** @throws Error when the file is not there, or lacks a prompt or a language */
export function readTexts(file: URL): Texts {
  return Texts.parse(parse(readFileSync(file, 'utf8')));
}
