import { useEffect, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { operations } from '../../../../contract/operations.ts';
import type { ParticipantDetailView } from '../../../../contract/rest.ts';
import { type BoardTile, STATE_LOOKS } from '../../lib/board.ts';
import { clockTime, percent } from '../../lib/format.ts';
import { useAct, useApp, useCan } from '../../lib/hooks.ts';
import type { Snapshots } from '../../lib/snapshots.ts';
import { reasonText } from '../../lib/words.ts';
import { Icon } from '../Icon.tsx';
import { Status } from '../Status.tsx';
import { TilePicture } from './TilePicture.tsx';

export interface BoardTileProps {
  readonly conferenceId: string;
  readonly tile: BoardTile;
  readonly isRunning: boolean;
  readonly snapshots: Snapshots;
}

/** One site: how it is, what it sends, and what can be done. */
export function BoardTileView({ conferenceId, tile, isRunning, snapshots }: BoardTileProps) {
  const { t } = useTranslation();
  const mayRun = useCan('meetings.run');
  const { name, state, site, participant } = tile;
  const classes = ['tile-card', state, participant?.speaking && 'speaking'];
  return (
    <li className={classes.filter(Boolean).join(' ')} aria-label={name}>
      <TilePicture participant={participant} name={name} snapshots={snapshots} />
      <div className="tile-words">
        <h3>
          {site?.role === 'hq' && (
            <span className="mark hq" title={t('roles.hq')}>
              ★<span className="visually-hidden"> {t('roles.hq')}</span>
            </span>
          )}
          {site?.role === 'hq' && ' '}
          {name}
        </h3>
        <Status {...STATE_LOOKS[state]}>{t(`board.states.${state}`)}</Status>
        <Facts tile={tile} />
      </div>
      {mayRun && <TileActions conferenceId={conferenceId} tile={tile} isRunning={isRunning} />}
    </li>
  );
}

function Facts({ tile: { site, participant, isLarge } }: { readonly tile: BoardTile }) {
  const { t, i18n } = useTranslation();
  if (!participant) {
    const reason = site?.reason && reasonText(site.reason, t);
    const next =
      site?.nextTryAtMs !== undefined &&
      t('board.nextTry', { time: clockTime(site.nextTryAtMs, i18n.language, true) });
    const tries = site && site.attempts > 1 && t('board.attempts', { count: site.attempts });
    return <p className="hint">{[reason, next, tries].filter(Boolean).join(' · ')}</p>;
  }
  const { picture, poorLine, alarms, muted, speaking, handRaised, away } = participant;
  return (
    <p className="facts">
      {isLarge && <Status tone="good">{t('board.large')}</Status>}
      {away && <Status tone="warn">{t('board.away')}</Status>}
      {handRaised && (
        <Status tone="busy" icon="hand">
          {t('board.handRaised')}
        </Status>
      )}
      {muted && (
        <Status tone="idle" icon="muted">
          {t('board.muted')}
        </Status>
      )}
      {speaking && !muted && (
        <Status tone="good" icon="mic">
          {t('board.speaking')}
        </Status>
      )}
      {poorLine && <Status tone="warn">{t('sites.poorLine')}</Status>}
      {alarms.map(alarm => (
        <Status key={alarm} tone="bad">
          {t(`alarms.${alarm}`)}
        </Status>
      ))}
      {picture && (
        <span className="hint">
          {t('board.loss', { ratio: percent(picture.lossRatio, i18n.language) })}
        </span>
      )}
    </p>
  );
}

interface TileActionsProps {
  readonly conferenceId: string;
  readonly tile: BoardTile;
  readonly isRunning: boolean;
}

function TileActions({ conferenceId, tile, isRunning }: TileActionsProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [isBusy, act] = useAct();
  const { site, participant, state } = tile;
  const params = { id: conferenceId };
  const siteIds = site ? [site.siteId] : [];
  const isCalled = ['dialling', 'ringing', 'retry-at', 'waiting'].includes(state);
  const call = () =>
    act(() => client.call(operations.dialSites, { params, body: { sites: siteIds } }));
  const hangUp = () => act(() => client.call(operations.hangUpSite, { params, body: { siteIds } }));
  return (
    <div className="tile-actions">
      {participant && <MuteButton conferenceId={conferenceId} participant={participant} />}
      {site && !participant && isRunning && !isCalled && (
        <Button isDisabled={isBusy} onPress={() => void call()}>
          <Icon name="redo" />
          {t(site.attempts > 0 ? 'board.redial' : 'board.call')}
        </Button>
      )}
      {site && isRunning && (participant || isCalled) && (
        <Button isDisabled={isBusy} onPress={() => void hangUp()}>
          <Icon name="close" />
          {t(participant ? 'board.hangUp' : 'board.stopCalling')}
        </Button>
      )}
      {participant && <MoreMenu conferenceId={conferenceId} participant={participant} />}
    </div>
  );
}

interface ParticipantProps {
  readonly conferenceId: string;
  readonly participant: ParticipantDetailView;
}

/** Shows at once what was asked for; what comes from the gateway has the last word. */
function MuteButton({ conferenceId, participant }: ParticipantProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [, act] = useAct();
  const [asked, setAsked] = useState<boolean>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: every word of the gateway counts
  useEffect(() => setAsked(undefined), [participant.muted]);
  const muted = asked ?? participant.muted;
  const turn = async () => {
    setAsked(!muted);
    const params = { id: conferenceId, participantId: participant.id };
    const body = { muted: !muted };
    const work = () => client.call(operations.changeParticipant, { params, body });
    if (!(await act(work))) setAsked(undefined);
  };
  return (
    <Button className={muted ? 'pressed' : ''} aria-pressed={muted} onPress={() => void turn()}>
      <Icon name={muted ? 'muted' : 'mic'} />
      {t(muted ? 'board.unmute' : 'board.mute')}
    </Button>
  );
}

function MoreMenu({ conferenceId, participant }: ParticipantProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const [, act] = useAct();
  const params = { id: conferenceId, participantId: participant.id };
  const spotlight = (isOn: boolean) =>
    act(() => client.call(operations.changeParticipant, { params, body: { spotlight: isOn } }));
  return (
    <MenuTrigger>
      <Button className="square" aria-label={t('board.more', { name: participant.name })}>
        <Icon name="more" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list-box" aria-label={t('board.more', { name: participant.name })}>
          <MenuItem className="list-item" onAction={() => void spotlight(true)}>
            {t('board.spotlight')}
          </MenuItem>
          <MenuItem className="list-item" onAction={() => void spotlight(false)}>
            {t('board.unspotlight')}
          </MenuItem>
          <MenuItem
            className="list-item danger-words"
            onAction={() => void act(() => client.call(operations.removeParticipant, { params }))}
          >
            {t('board.remove')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
