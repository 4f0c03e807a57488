import { useEffect, useRef } from 'react';
import { useStore } from '../shared/store.ts';
import { JoinError } from './api.ts';
import { type LocalMedia, openDevices } from './media/devices.ts';
import { Ended } from './parts/Ended.tsx';
import { Meeting } from './parts/Meeting.tsx';
import { Preview } from './parts/Preview.tsx';
import type { RoomStore } from './state.ts';
import { Visit } from './visit.ts';

export interface RoomPageProps {
  readonly alias: string;
  readonly store: RoomStore;
  /** `?name=…&join=1`, for meeting-room computers. */
  readonly deepLink: { readonly name: string; readonly joinsAtOnce: boolean };
}

const NAME_KEY = 'diemcau.name';

/** Preview, meeting and farewell: which of them is shown follows the store's phase. */
export function RoomPage({ alias, store, deepLink }: RoomPageProps) {
  const { phase, name } = useStore(store);
  const visit = useRef<Visit>(undefined);
  const media = useRef<LocalMedia>(undefined);

  const join = async (givenName: string, devices: LocalMedia, pin = '') => {
    localStorage.setItem(NAME_KEY, givenName);
    media.current = devices;
    store.set({ name: givenName, pin, cameraOn: true, muted: false });
    visit.current = new Visit(alias, store, devices);
    try {
      await visit.current.start();
    } catch (err) {
      visit.current.leave();
      const error = err instanceof JoinError ? err.code : 'unknown';
      store.set({ phase: { name: 'preview', error } });
    }
  };

  const autoJoins = deepLink.joinsAtOnce && deepLink.name !== '';
  const hasBegun = useRef(false);
  useEffect(() => {
    if (!autoJoins || hasBegun.current) return;
    hasBegun.current = true;
    void openDevices({}).then(devices => join(deepLink.name, devices));
  });

  switch (phase.name) {
    case 'preview':
    case 'joining':
      return (
        <Preview
          initialName={deepLink.name || name || localStorage.getItem(NAME_KEY) || ''}
          isJoining={phase.name === 'joining' || (autoJoins && !('error' in phase))}
          error={phase.name === 'preview' ? phase.error : undefined}
          onJoin={join}
        />
      );
    case 'in':
    case 'reconnecting':
      return <Meeting store={store} visit={visit.current} camera={media.current?.camera} />;
    case 'ended':
      return <Ended reason={phase.reason} />;
  }
}
