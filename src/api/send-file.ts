import type { Response } from 'express';
import type { SentFile } from './work-core.ts';

/** Sends a file of its own type, to be saved under a name without ending. */
export function sendFile(
  res: Response,
  name: string,
  { content, type, extension }: SentFile,
): undefined {
  res.attachment(`${name}.${extension}`).type(type).send(content);
  return undefined;
}
