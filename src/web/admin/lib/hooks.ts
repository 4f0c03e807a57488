import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../../contract/operation.ts';
import type { Permission } from '../../../contract/permissions.ts';
import { useStore } from '../../shared/store.ts';
import { type Answer, Question } from './answers.ts';
import type { App } from './app.ts';
import type { AnyOperation, Ask } from './client.ts';
import type { LiveState } from './live.ts';
import { toProblem } from './problem.ts';
import type { Place } from './router.ts';
import { problemText } from './words.ts';

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('used outside of the app');
  return app;
}

export function usePlace(): Place {
  return useStore(useApp().router.store);
}

export function useCan(permission: Permission): boolean {
  const { view } = useStore(useApp().session.store);
  return view?.permissions.includes(permission) ?? false;
}

/** What is live, with these topics watched as long as the component is there. */
export function useLive(...topics: readonly string[]): LiveState {
  const { live } = useApp();
  const joined = topics.join(' ');
  useEffect(() => {
    const undo = joined
      .split(' ')
      .filter(Boolean)
      .map(topic => live.watch(topic));
    return () => {
      for (const one of undo) one();
    };
  }, [live, joined]);
  return useStore(live.store);
}

export interface ShownAnswer<T> extends Answer<T> {
  readonly reload: () => void;
}

/**
 * The answer to a question, kept up to date.
 *
 * @param entities kinds of stored things whose change makes it ask again
 */
export function useAnswer<O extends AnyOperation>(
  operation: O,
  ask: Ask<O>,
  entities: readonly string[] = [],
): ShownAnswer<AnswerOf<O>> {
  const { client, live } = useApp();
  const key = JSON.stringify(ask);
  const followed = entities.join(' ');
  const last = useRef<AnswerOf<O> | undefined>(undefined);
  const question = useMemo(
    () => new Question(client, operation, JSON.parse(key) as Ask<O>, last.current),
    [client, operation, key],
  );
  useEffect(() => {
    void question.load();
    return question.follow(live, followed.split(' '));
  }, [question, live, followed]);
  const answer = useStore(question.store);
  last.current = answer.data;
  return { ...answer, reload: () => void question.load() };
}

/** Runs what a button does: busy while it runs, with a notice when it fails. */
export function useAct(): readonly [
  isBusy: boolean,
  act: (work: () => Promise<unknown>, done?: string) => Promise<boolean>,
] {
  const { notices } = useApp();
  const { t } = useTranslation();
  const [running, setRunning] = useState(0);
  const act = async (work: () => Promise<unknown>, done?: string) => {
    setRunning(count => count + 1);
    try {
      await work();
      if (done) notices.add('done', done);
      return true;
    } catch (thrown) {
      notices.add('failed', problemText(toProblem(thrown), t));
      return false;
    } finally {
      setRunning(count => count - 1);
    }
  };
  return [running > 0, act];
}

/** The time, for what is told as “3 minutes ago”. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A text that follows another after a pause, for searching while typing. */
export function useSettled(value: string, afterMs = 250): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
