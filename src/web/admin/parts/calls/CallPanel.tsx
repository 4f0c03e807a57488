import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { CallRecordView } from '../../../../contract/rest.ts';
import { dateTime, duration, number } from '../../lib/format.ts';
import { useAct, useAnswer, useApp, useCan } from '../../lib/hooks.ts';
import { nextStepText } from '../../lib/words.ts';
import { Fact, FactsList } from '../FactsList.tsx';
import { Panel } from '../Panel.tsx';
import { Answered } from '../States.tsx';
import { Ladder } from './Ladder.tsx';
import { Verdict } from './Verdict.tsx';

/** A call at the side: what came of it, what to do about it, and its messages. */
export function CallPanel({ callId, onClose }: { callId: string; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const trace = useAnswer(operations.getCallTrace, { params: { id: callId } }, ['call']);
  const call = trace.data?.call;
  const title = call
    ? t('calls.title', {
        who: call.sipUsername || call.remoteAddr,
        at: dateTime(call.startedAtMs, i18n.language),
      })
    : t('calls.one');
  return (
    <Panel title={title} size="wide" onClose={onClose}>
      <Answered answer={trace}>
        {({ call: record, messages }) => (
          <>
            <Verdict call={record} />
            <NextStep call={record} />
            <CallFacts call={record} />
            <h3>{t('calls.messages')}</h3>
            <p className="hint">{t('calls.messagesHint')}</p>
            <Ladder messages={messages} device={record.userAgent || record.remoteAddr} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function NextStep({ call }: { readonly call: CallRecordView }) {
  const { t } = useTranslation();
  const step = nextStepText(call.verdict?.reason ?? '', t);
  return step ? <p className="next-step">{step}</p> : null;
}

function CallFacts({ call }: { readonly call: CallRecordView }) {
  const { client } = useApp();
  const { t, i18n } = useTranslation();
  const mayEnd = useCan('calls.end');
  const [isBusy, act] = useAct();
  const end = () =>
    act(() => client.call(operations.endCall, { params: { id: call.callId } }), t('calls.hungUp'));
  const { inviteToAnswerMs: answeredMs, startedAtMs, endedAtMs } = call;
  return (
    <>
      <FactsList>
        <Fact label={t('calls.dialled')}>{call.dialled}</Fact>
        <Fact label={t('calls.address')}>{call.remoteAddr}</Fact>
        <Fact label={t('calls.device')}>{call.userAgent}</Fact>
        <Fact label={t('calls.answeredAfter')}>
          {answeredMs === undefined ? undefined : `${number(answeredMs, i18n.language)} ms`}
        </Fact>
        <Fact label={t('meetings.duration')}>
          {endedAtMs === undefined ? undefined : duration(endedAtMs - startedAtMs)}
        </Fact>
        <Fact label={t('calls.sipCallId')}>{call.sipCallId}</Fact>
      </FactsList>
      {!call.verdict && mayEnd && (
        <p>
          <Button className="danger" isDisabled={isBusy} onPress={() => void end()}>
            {t('calls.hangUp')}
          </Button>
        </p>
      )}
    </>
  );
}
