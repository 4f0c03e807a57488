import pino from 'pino';
import { afterEach, describe } from 'vitest';
import { openStore, type Store } from '../../../src/store/index.ts';
import { people } from './suites/people.ts';

const log = pino({ level: 'silent' });
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe('accounts', () => {
  people({
    store: async () => {
      const store = await openStore({ file: ':memory:', log });
      opened.push(store);
      return store;
    },
  });
});
