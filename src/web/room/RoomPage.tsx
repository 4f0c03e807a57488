import { useEffect, useRef } from 'react';
import { useStore } from '../shared/store.ts';
import { JoinError } from './api.ts';
import { lastRecord } from './last-record.ts';
import { openDevices } from './media/devices.ts';
import { LocalTracks } from './media/local-media.ts';
import { loadPreferences } from './media/preferences.ts';
import { Ended } from './parts/Ended.tsx';
import { Meeting } from './parts/Meeting.tsx';
import { type JoinChoice, Preview } from './parts/Preview.tsx';
import { Waiting } from './parts/Waiting.tsx';
import type { RoomStore } from './state.ts';
import { Visit } from './visit.ts';

export interface RoomPageProps {
  readonly alias: string;
  readonly store: RoomStore;
  /** `?name=…&join=1`, for meeting-room computers. */
  readonly deepLink: { readonly name: string; readonly joinsAtOnce: boolean };
}

/** Preview, meeting and farewell: which of them is shown follows the store's phase. */
export function RoomPage({ alias, store, deepLink }: RoomPageProps) {
  const { phase, name } = useStore(store);
  const visit = useRef<Visit>(undefined);
  const tracks = useRef<LocalTracks>(undefined);

  const join = async (givenName: string, { media, pin, speakerId }: JoinChoice) => {
    const { camera, microphone } = media;
    tracks.current = new LocalTracks(media);
    store.set({
      name: givenName,
      pin,
      camera,
      microphone,
      speakerDeviceId: speakerId,
      cameraOn: true,
      muted: microphone === undefined,
      view: loadPreferences().view,
    });
    visit.current = new Visit(alias, store, tracks.current);
    try {
      await visit.current.start();
    } catch (err) {
      visit.current.leave();
      const { code: error, retryAtMs } = err instanceof JoinError ? err : new JoinError('unknown');
      store.set({ phase: { name: 'preview', error, retryAtMs } });
    }
  };

  const autoJoins = deepLink.joinsAtOnce && deepLink.name !== '';
  const hasBegun = useRef(false);
  useEffect(() => {
    if (!autoJoins || hasBegun.current) return;
    hasBegun.current = true;
    const { speakerId } = loadPreferences();
    void openDevices({}).then(media => join(deepLink.name, { media, pin: '', speakerId }));
  });

  switch (phase.name) {
    case 'preview':
    case 'joining':
      return (
        <Preview
          initialName={deepLink.name || name || loadPreferences().name}
          isJoining={phase.name === 'joining' || (autoJoins && !('error' in phase))}
          error={phase.name === 'preview' ? phase.error : undefined}
          retryAtMs={phase.name === 'preview' ? phase.retryAtMs : undefined}
          leadsAtFirst={phase.name === 'preview' && (phase.leads ?? false)}
          lastRecord={lastRecord(alias, Date.now())}
          onJoin={join}
        />
      );
    case 'in':
    case 'reconnecting':
      return (
        tracks.current && <Meeting store={store} visit={visit.current} tracks={tracks.current} />
      );
    case 'waiting':
      return (
        <Waiting
          store={store}
          onLeave={() => visit.current?.leave()}
          onLead={() => {
            visit.current?.leave();
            store.set({ phase: { name: 'preview', leads: true } });
          }}
        />
      );
    case 'ended':
      return <Ended alias={alias} reason={phase.reason} store={store} />;
  }
}
