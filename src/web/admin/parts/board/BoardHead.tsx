import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ConferenceView } from '../../../../contract/conferences.ts';
import { SceneLayout } from '../../../../contract/layout.ts';
import type { MeetingView } from '../../../../contract/meetings.ts';
import { operations } from '../../../../contract/operations.ts';
import type { ParticipantDetailView } from '../../../../contract/rest.ts';
import { diallingOf } from '../../lib/board.ts';
import { clockTime, duration } from '../../lib/format.ts';
import { useAct, useApp, useCan, useNow } from '../../lib/hooks.ts';
import { Choice } from '../Fields.tsx';
import { Icon } from '../Icon.tsx';
import { Progress } from '../JobsRunning.tsx';
import { Link } from '../Link.tsx';
import { Question } from '../Question.tsx';
import { Status } from '../Status.tsx';
import { MessageQuestion } from './MessageQuestion.tsx';

export interface BoardHeadProps {
  readonly conference: ConferenceView;
  readonly meeting: MeetingView | undefined;
  readonly participants: readonly ParticipantDetailView[];
}

const EXTEND_MIN = 15;

/** The meeting as a whole: since when, how many are there, and what is done to all at once. */
export function BoardHead({ conference, meeting, participants }: BoardHeadProps) {
  const { t } = useTranslation();
  const mayRun = useCan('meetings.run');
  return (
    <header className="board-head">
      <div className="page-head">
        <h1>
          <Link to={`/conferences/${conference.id}`}>{conference.name}</Link>
        </h1>
        {meeting ? (
          <MeetingTimes meeting={meeting} />
        ) : (
          <Status tone="idle">{t('conferences.idle')}</Status>
        )}
      </div>
      {meeting?.message && (
        <p className="banner calm">
          <Icon name="message" />
          {t('board.messageShown', { text: meeting.message.text })}
        </p>
      )}
      {meeting && mayRun && (
        <BoardActions conference={conference} meeting={meeting} participants={participants} />
      )}
    </header>
  );
}

function MeetingTimes({ meeting }: { readonly meeting: MeetingView }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (
    <p className="row">
      <Status tone="busy">{t('meetings.states.running')}</Status>
      <span className="numbers">{duration(now - meeting.startedAtMs)}</span>
      {meeting.endsAtMs !== undefined && (
        <span className="hint">
          {t('board.endsAt', { time: clockTime(meeting.endsAtMs, i18n.language) })}
        </span>
      )}
      {meeting.locked && (
        <Status tone="warn" icon="lock">
          {t('board.locked')}
        </Status>
      )}
    </p>
  );
}

function BoardActions({ conference, meeting, participants }: Required<BoardActionsProps>) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [isBusy, act] = useAct();
  const [asks, setAsks] = useState<'end' | 'message'>();
  const params = { id: conference.id };
  const dialling = diallingOf(meeting);
  const failed = meeting.sites.filter(({ state }) => state === 'failed').length;
  const missing = meeting.sites.filter(({ state }) => MISSING.includes(state)).length;
  const areAllMuted = participants.length > 0 && participants.every(({ muted }) => muted);

  const dial = (sites: 'failed' | 'missing') =>
    act(() => client.call(operations.dialSites, { params, body: { sites } }));
  const muteAll = () =>
    act(() => client.call(operations.muteAll, { params, body: { muted: !areAllMuted } }));
  const lock = () =>
    act(() => client.call(operations.lockMeeting, { params, body: { locked: !meeting.locked } }));
  const extend = () =>
    act(
      () => client.call(operations.extendMeeting, { params, body: { minutes: EXTEND_MIN } }),
      t('board.extended', { minutes: EXTEND_MIN }),
    );
  const setLayout = (layout: ConferenceView['layout']) =>
    act(() => client.call(operations.setLayout, { params, body: { layout } }));
  const end = async () => {
    if (await act(() => client.call(operations.endMeeting, { params }))) setAsks(undefined);
  };

  return (
    <>
      {dialling && (
        <div className="row">
          <Progress label={t('board.dialling')} done={dialling.done} total={dialling.total} />
          <span>{t('board.dialling')}</span>
          <Button
            onPress={() => void act(() => client.call(operations.cancelDialling, { params }))}
          >
            {t('board.cancelDialling')}
          </Button>
        </div>
      )}
      <div className="board-actions" role="toolbar" aria-label={t('board.actions')}>
        <Button isDisabled={isBusy || missing === 0} onPress={() => void dial('missing')}>
          <Icon name="call" />
          {t('board.callAll', { count: missing })}
        </Button>
        <Button isDisabled={isBusy || failed === 0} onPress={() => void dial('failed')}>
          <Icon name="redo" />
          {t('board.redialFailed', { count: failed })}
        </Button>
        <Button isDisabled={isBusy || participants.length === 0} onPress={() => void muteAll()}>
          <Icon name={areAllMuted ? 'mic' : 'muted'} />
          {t(areAllMuted ? 'board.unmuteAll' : 'board.muteAll')}
        </Button>
        <Button isDisabled={isBusy} onPress={() => void lock()}>
          <Icon name="lock" />
          {t(meeting.locked ? 'board.unlock' : 'board.lock')}
        </Button>
        <Button isDisabled={isBusy} onPress={() => void extend()}>
          <Icon name="clock" />
          {t('board.extend', { minutes: EXTEND_MIN })}
        </Button>
        <Button onPress={() => setAsks('message')}>
          <Icon name="message" />
          {t('board.message')}
        </Button>
        <Choice
          className="inline"
          label={t('conferences.fields.layout')}
          value={conference.layout}
          options={SceneLayout.options.map(one => ({ value: one, label: t(`layouts.${one}`) }))}
          onChange={layout => void setLayout(layout)}
        />
        <Button className="danger" onPress={() => setAsks('end')}>
          <Icon name="stop" />
          {t('board.end')}
        </Button>
      </div>
      {asks === 'message' && (
        <MessageQuestion
          conferenceId={conference.id}
          shown={meeting.message?.text ?? ''}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === 'end' && (
        <Question
          title={t('board.endAsk', { name: conference.name })}
          action={t('board.end')}
          isDangerous
          isBusy={isBusy}
          onYes={() => void end()}
          onClose={() => setAsks(undefined)}
        >
          <p>{t('board.endHint', { count: participants.length })}</p>
        </Question>
      )}
    </>
  );
}

interface BoardActionsProps extends BoardHeadProps {
  readonly meeting: MeetingView;
}

const MISSING = ['failed', 'left', 'retry-at', 'not-called'];
