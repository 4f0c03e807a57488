import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParticipantView } from '../../../contract/rest.ts';
import { rosterChange } from '../state.ts';

/** Tells a screen reader who came and who went. */
export function Announcer({ participants }: { readonly participants: readonly ParticipantView[] }) {
  const { t } = useTranslation();
  const before = useRef<readonly ParticipantView[]>([]);
  const [words, setWords] = useState('');
  useEffect(() => {
    const { joined, left } = rosterChange(before.current, participants);
    before.current = participants;
    const sentences = [
      ...joined.map(name => t('room.joined', { name })),
      ...left.map(name => t('room.left', { name })),
    ];
    if (sentences.length > 0) setWords(sentences.join('. '));
  }, [participants, t]);
  return (
    <p role="status" className="visually-hidden">
      {words}
    </p>
  );
}
