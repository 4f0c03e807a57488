import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRAVE = ['serious', 'critical'];

/** As much of axe-core's answer as is used. */
interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

declare global {
  /** Set in pages by axe-core. */
  var axe: { run(options: object): Promise<{ violations: Violation[] }> };
}

/** What axe-core finds wrong with a page and calls serious, one line for each place. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // By the debugger, to which the page's policy does not apply.
  await page.evaluate(`${SOURCE};0`);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run({ resultTypes: ['violations'] });
    return found;
  });
  return violations
    .filter(({ impact }) => GRAVE.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`,
      ),
    );
}

/** How many pixels more than there are the page, or its main part, would need across. */
export function overhangPx(page: Page): Promise<number> {
  return page.evaluate(`Math.max(...[document.documentElement, document.querySelector('#page')]
    .map(part => part ? part.scrollWidth - part.clientWidth : 0))`);
}
