import { beforeEach, expect, test, vi } from 'vitest';
import { watchWays } from '../../../../src/web/room/network/way-watch.ts';

const [DIRECT, RELAYED] = [2_130_706_431, 41_885_695];

let priority: number | null;
let go: (to: number | null) => void;
const onWorse = vi.fn();

beforeEach(() => {
  onWorse.mockReset();
  const listeners: (() => void)[] = [];
  go = to => {
    priority = to;
    for (const listener of listeners) listener();
  };
  priority = null;
  watchWays(
    {
      getSelectedCandidatePair: () => (priority === null ? null : { local: { priority } }),
      addEventListener: (_, listener) => listeners.push(listener),
    },
    onWorse,
  );
});

test('the first way, and a better one, are nothing to tell', () => {
  go(RELAYED);
  go(DIRECT);
  go(DIRECT);
  expect(onWorse).not.toHaveBeenCalled();
});

test('a worse one is, once', () => {
  go(DIRECT);
  go(RELAYED);
  expect(onWorse).toHaveBeenCalledTimes(1);
  go(RELAYED);
  expect(onWorse).toHaveBeenCalledTimes(1);
});

test('what the browser does not tell is no worse way', () => {
  go(DIRECT);
  go(null);
  go(RELAYED);
  expect(onWorse).not.toHaveBeenCalled();
});
