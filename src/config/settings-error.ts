import type { z } from 'zod';

/** One thing wrong with the settings. */
export interface SettingsProblem {
  /** Path of the key, or the name of the environment variable. */
  readonly path: string;
  readonly message: string;
}

/** The settings cannot be used; the message has one line per problem. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(({ path, message }) => `setting ${path}: ${message}`).join('\n'));
    this.problems = problems;
  }
}

/** The schema's findings; an unknown key is named with its whole path. */
export function problemsOf(error: z.ZodError): SettingsProblem[] {
  return error.issues.flatMap(issue => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path.join('.'), message: issue.message }];
    }
    return issue.keys.map(key => ({
      path: [...issue.path, key].join('.'),
      message: 'unknown key',
    }));
  });
}
