import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChatLine, MAX_CHAT_CHARS } from '../../../contract/chat.ts';
import { useStore } from '../../shared/store.ts';
import { pieces } from '../links.ts';
import type { PanelProps } from './SidePanels.tsx';

/** Who has scrolled so far up reads older lines, and is left there. */
const AT_END_PX = 40;

/** What people write to each other, and a field to write. */
export function ChatPanel({ store, visit }: PanelProps) {
  const { t } = useTranslation();
  const { chat, selfId } = useStore(store);
  useEffect(() => store.set({ chatSeen: chat.length }), [store, chat]);
  return (
    <div className="chat">
      <Log lines={chat} selfId={selfId} />
      {chat.length === 0 && <p className="mark">{t('chat.none')}</p>}
      <WriteForm onWrite={text => visit?.write(text) ?? false} />
    </div>
  );
}

interface LogProps {
  readonly lines: readonly ChatLine[];
  readonly selfId: string;
}

/** All lines, the end in sight. */
function Log({ lines, selfId }: LogProps) {
  const { t, i18n } = useTranslation();
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const isOwn = lines.at(-1)?.participantId === selfId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for every new line
  useLayoutEffect(() => {
    if (log.current && (isAtEnd.current || isOwn)) log.current.scrollTop = log.current.scrollHeight;
  }, [lines, isOwn]);
  const time = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit' });
  return (
    <div
      ref={log}
      role="log"
      aria-label={t('chat.log')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
      }}
    >
      {lines.map(({ id, name, atMs, text, participantId }) => (
        <div key={id} className="chat-line">
          <span className="chat-name">
            {participantId === selfId ? t('room.you', { name }) : name}
          </span>{' '}
          <time dateTime={new Date(atMs).toISOString()} className="mark">
            {time.format(atMs)}
          </time>
          <p>
            <Linked text={text} />
          </p>
        </div>
      ))}
    </div>
  );
}

/** A text whose addresses can be clicked; they open beside the meeting. */
function Linked({ text }: { readonly text: string }) {
  let start = 0;
  return pieces(text).map(piece => {
    const key = start;
    start += piece.text.length;
    if (piece.href === undefined) return <span key={key}>{piece.text}</span>;
    return (
      <a key={key} href={piece.href} target="_blank" rel="noopener noreferrer">
        {piece.text}
      </a>
    );
  });
}

interface WriteFormProps {
  /** False when it could not be sent. */
  readonly onWrite: (text: string) => boolean;
}

/** Enter sends, with Shift it is a new line; what could not be sent stays. */
function WriteForm({ onWrite }: WriteFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [hasFailed, setFailed] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = () => {
    if (text.trim() === '') return;
    const isSent = onWrite(text.trim());
    setFailed(!isSent);
    if (isSent) setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter within an input method, as of Vietnamese, ends the word and not the line.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      {hasFailed && (
        <p role="alert" className="problem">
          {t('chat.notSent')}
        </p>
      )}
      <label className="field">
        {t('chat.field')}
        <textarea
          ref={field}
          rows={2}
          value={text}
          maxLength={MAX_CHAT_CHARS}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <button type="submit" className="primary">
        {t('chat.send')}
      </button>
    </form>
  );
}
