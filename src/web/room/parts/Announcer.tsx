import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../shared/store.ts';
import { announcements, type Heard } from '../announcements.ts';
import { initialState, type RoomStore } from '../state.ts';

/** Tells a screen reader who came and went, asks to speak, has the floor, and wrote. */
export function Announcer({ store }: { readonly store: RoomStore }) {
  const { t } = useTranslation();
  const state = useStore(store);
  const before = useRef<Heard>(initialState);
  const [said, setSaid] = useState({ count: 0, words: '' });
  useEffect(() => {
    const news = announcements(before.current, state);
    before.current = state;
    if (news.length === 0) return;
    const words = news.map(({ key, name }) => t(key, { name })).join('. ');
    setSaid(({ count }) => ({ count: count + 1, words }));
  }, [state, t]);
  return (
    <p role="status" className="visually-hidden">
      {/* Another element each time: the same words twice are read twice. */}
      <span key={said.count}>{said.words}</span>
    </p>
  );
}
