import { useStore } from '../../../shared/store.ts';
import type { PanelProps } from '../SidePanels.tsx';
import { Door } from './Door.tsx';
import { EndForAll } from './EndForAll.tsx';
import { HallsView } from './HallsView.tsx';
import { ScreenMessage } from './ScreenMessage.tsx';
import { SoundOfAll } from './SoundOfAll.tsx';
import { SpeakingTurns } from './SpeakingTurns.tsx';
import { TimeLeft } from './TimeLeft.tsx';
import { WaitingRoom } from './WaitingRoom.tsx';

/** What a chair does with the meeting as a whole. */
export function ChairPanel({ store, visit }: PanelProps) {
  const { chair } = useStore(store);
  if (!chair) return null;
  const section = { store, visit, chair };
  return (
    <div className="chair-tools">
      <WaitingRoom {...section} />
      <SpeakingTurns {...section} />
      <SoundOfAll {...section} />
      <HallsView {...section} />
      <ScreenMessage {...section} />
      <Door {...section} />
      <TimeLeft {...section} />
      <EndForAll {...section} />
    </div>
  );
}
