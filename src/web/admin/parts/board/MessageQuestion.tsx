import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import { useAct, useApp } from '../../lib/hooks.ts';
import { Choice, TextInput } from '../Fields.tsx';
import { Question } from '../Question.tsx';

export interface MessageQuestionProps {
  readonly conferenceId: string;
  readonly shown: string;
  readonly onClose: () => void;
}

const SECONDS = ['15', '30', '60', '300'] as const;

/** Words for every screen of the meeting. */
export function MessageQuestion({ conferenceId, shown, onClose }: MessageQuestionProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [text, setText] = useState(shown);
  const [seconds, setSeconds] = useState<(typeof SECONDS)[number]>('30');
  const [isBusy, act] = useAct();
  const show = async () => {
    const body = { text: text.trim(), seconds: Number(seconds) };
    const params = { id: conferenceId };
    if (await act(() => client.call(operations.showMessage, { params, body }))) onClose();
  };
  return (
    <Question
      title={t('board.message')}
      action={t(text.trim() === '' && shown ? 'board.takeMessageAway' : 'board.showMessage')}
      isBusy={isBusy || (text.trim() === '' && shown === '')}
      onYes={() => void show()}
      onClose={onClose}
    >
      <TextInput
        label={t('board.messageText')}
        value={text}
        onChange={setText}
        rows={3}
        autoFocus
      />
      <Choice
        label={t('board.messageFor')}
        value={seconds}
        options={SECONDS.map(one => ({
          value: one,
          label: t('board.seconds', { count: Number(one) }),
        }))}
        onChange={setSeconds}
      />
    </Question>
  );
}
