import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallTraceView } from '../../../../contract/rest.ts';
import { clockTime } from '../../lib/format.ts';

export interface LadderProps {
  readonly messages: CallTraceView['messages'];
  readonly device: string;
}

/** The SIP messages between a device and us, one arrow each; an arrow opens its text and SDP. */
export function Ladder({ messages, device }: LadderProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const first = messages[0]?.atMs ?? 0;
  const turn = (index: number) => {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setOpen(next);
  };
  if (messages.length === 0) return <p className="hint">{t('calls.noMessages')}</p>;
  return (
    <div className="ladder">
      <div className="ladder-ends" aria-hidden="true">
        <span>{device}</span>
        <span>{t('appName')}</span>
      </div>
      <ol className="plain">
        {messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages are only ever added at the end
          <li key={index}>
            <Message
              message={message}
              sinceMs={message.atMs - first}
              isOpen={open.has(index)}
              onTurn={() => turn(index)}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface MessageProps {
  readonly message: CallTraceView['messages'][number];
  readonly sinceMs: number;
  readonly isOpen: boolean;
  readonly onTurn: () => void;
}

function Message({ message, sinceMs, isOpen, onTurn }: MessageProps) {
  const { t, i18n } = useTranslation();
  const { direction, summary, text, atMs } = message;
  return (
    <>
      <button
        type="button"
        className={`ladder-row ${direction}`}
        aria-expanded={isOpen}
        onClick={onTurn}
      >
        <time className="numbers" dateTime={new Date(atMs).toISOString()}>
          {clockTime(atMs, i18n.language, true)} <small>+{Math.round(sinceMs)} ms</small>
        </time>
        <span className="arrow">
          <span className="visually-hidden">{t(`calls.directions.${direction}`)}</span>
          <span className="arrow-words">{summary}</span>
        </span>
      </button>
      {isOpen && <pre>{text}</pre>}
    </>
  );
}
