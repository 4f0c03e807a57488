/** What the menu can say; `prompts/texts.yaml` has the words of each. */
export const PROMPT_IDS = [
  'enter-number',
  'unknown-number',
  'enter-pin',
  'wrong-pin',
  'entering',
  'goodbye',
] as const;
export type PromptId = (typeof PROMPT_IDS)[number];

/** One thing to say, in all languages one after the other. */
export interface Prompt {
  /** 16-bit little-endian samples, 8 kHz, one channel; empty where no sound was built. */
  readonly pcm: Buffer;
  /** Large on the hall's screen. */
  readonly title: string;
  readonly lines: readonly string[];
}

export type Prompts = Readonly<Record<PromptId, Prompt>>;

const BYTES_PER_MS = 16;

/** How long it takes to say. */
export function durationMs({ pcm }: Prompt): number {
  return Math.ceil(pcm.length / BYTES_PER_MS);
}
