import { useEffect, useState } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MeetingView } from '../../../contract/meetings.ts';
import { operations } from '../../../contract/operations.ts';
import { type BoardFilter, filtered, isInTrouble, isMissing, tilesOf } from '../lib/board.ts';
import { useAct, useAnswer, useApp, useCan, useLive } from '../lib/hooks.ts';
import { dataUrl, Snapshots } from '../lib/snapshots.ts';
import { BoardHead } from '../parts/board/BoardHead.tsx';
import { BoardTileView } from '../parts/board/BoardTile.tsx';
import { Link } from '../parts/Link.tsx';
import { Answered, Empty } from '../parts/States.tsx';

/** A meeting as it runs: everybody who is there or should be, and what can be done. */
export function Board({ conferenceId = '' }: { readonly conferenceId?: string }) {
  const { t } = useTranslation();
  const params = { id: conferenceId };
  const live = useLive('meetings', `meeting:${conferenceId}`);
  const conference = useAnswer(operations.getConference, { params }, ['conference', 'mapping']);
  const first = useAnswer(operations.getMeeting, { params }, ['meeting']);
  const snapshots = useSnapshots(conferenceId);
  const [filter, setFilter] = useState<BoardFilter>('all');
  const meeting = running(live.meetings.get(conferenceId) ?? first.data);
  const participants = live.participants.get(conferenceId) ?? [];
  const tiles = tilesOf(meeting, participants);
  const counts: Record<BoardFilter, number> = {
    all: tiles.length,
    connected: tiles.filter(({ state }) => state === 'connected').length,
    missing: tiles.filter(isMissing).length,
    trouble: tiles.filter(isInTrouble).length,
  };
  return (
    <Answered answer={conference}>
      {about => (
        <>
          <BoardHead conference={about} meeting={meeting} participants={participants} />
          {!meeting && tiles.length === 0 ? (
            <NotRunning conferenceId={conferenceId} siteCount={about.members.length} />
          ) : (
            <>
              <ToggleButtonGroup
                className="segments"
                aria-label={t('board.show')}
                disallowEmptySelection
                selectedKeys={[filter]}
                onSelectionChange={keys => setFilter([...keys][0] as BoardFilter)}
              >
                {(['all', 'connected', 'missing', 'trouble'] as const).map(one => (
                  <ToggleButton key={one} id={one}>
                    {t(`board.filters.${one}`)} <strong>{counts[one]}</strong>
                  </ToggleButton>
                ))}
              </ToggleButtonGroup>
              <ul className="board plain" aria-label={t('board.tiles')}>
                {filtered(tiles, filter).map(tile => (
                  <BoardTileView
                    key={tile.key}
                    conferenceId={conferenceId}
                    tile={tile}
                    isRunning={meeting !== undefined}
                    snapshots={snapshots}
                  />
                ))}
              </ul>
              {filtered(tiles, filter).length === 0 && (
                <p className="hint">{t('board.nobodyLike')}</p>
              )}
            </>
          )}
        </>
      )}
    </Answered>
  );
}

function running(meeting: MeetingView | undefined): MeetingView | undefined {
  return meeting?.state === 'running' ? meeting : undefined;
}

/** Pictures are taken while the page is looked at, and the tile is in view. */
function useSnapshots(conferenceId: string): Snapshots {
  const { client } = useApp();
  const [snapshots] = useState(
    () =>
      new Snapshots({
        now: () => Date.now(),
        take: async participant => {
          const ask = { params: { id: conferenceId }, query: { participant, width: 320 } } as const;
          return dataUrl(await client.download(operations.getSnapshot, ask));
        },
      }),
  );
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') snapshots.tick();
    }, 1000);
    return () => clearInterval(timer);
  }, [snapshots]);
  return snapshots;
}

interface NotRunningProps {
  readonly conferenceId: string;
  readonly siteCount: number;
}

function NotRunning({ conferenceId, siteCount }: NotRunningProps) {
  const { client } = useApp();
  const { t } = useTranslation();
  const mayRun = useCan('meetings.run');
  const [isBusy, act] = useAct();
  const start = (dial: 'planned' | 'none') =>
    act(() =>
      client.call(operations.startMeeting, { params: { id: conferenceId }, body: { dial } }),
    );
  const hint = t(siteCount > 0 ? 'board.idleHint' : 'board.noSitesHint', { count: siteCount });
  return (
    <Empty icon="eye" title={t('board.idle')} hint={hint}>
      {mayRun && siteCount > 0 && (
        <Button className="primary" isDisabled={isBusy} onPress={() => void start('planned')}>
          {t('board.start')}
        </Button>
      )}
      {mayRun && (
        <Button isDisabled={isBusy} onPress={() => void start('none')}>
          {t('board.startQuietly')}
        </Button>
      )}
      {siteCount === 0 && (
        <Link to="/mapping" className="button">
          {t('nav.mapping')}
        </Link>
      )}
    </Empty>
  );
}
