import { useTranslation } from 'react-i18next';
import type { RecordView } from '../../../../contract/records.ts';
import { Status, type Tone } from '../Status.tsx';

type State = 'signed' | 'running' | 'unsigned' | 'uncalled';

const TONES: Readonly<Record<State, Tone>> = {
  signed: 'good',
  running: 'busy',
  unsigned: 'warn',
  uncalled: 'idle',
};

/** How far a record is. */
export function RecordState({ record }: { readonly record: RecordView }) {
  const { t } = useTranslation();
  const state = stateOf(record);
  return <Status tone={TONES[state]}>{t(`records.states.${state}`)}</Status>;
}

function stateOf({ signed, endedAtMs, ledBy }: RecordView): State {
  if (signed) return 'signed';
  if (endedAtMs === undefined) return 'running';
  return ledBy === undefined ? 'uncalled' : 'unsigned';
}
