import type { StageOrder } from '../../contract/stage.ts';
import type { FloorLine } from '../layout/types.ts';

/** What the gateway has said of the floor, by this process' clock. */
export interface FloorStanding {
  readonly name?: string;
  /** When the time is over, where there is a limit. */
  readonly endsAtMs?: number;
  readonly queue: readonly string[];
}

/** Words of the line; halls read Vietnamese. */
const SPEAKS = 'Đang phát biểu';
const WAIT = 'Chờ phát biểu';
const LEFT = 'còn';
const OVER = 'quá giờ';

/** Undefined when nobody has the floor or waits for it. */
export function floorStanding(
  { floor, queue }: Pick<StageOrder<'scene.floor'>, 'floor' | 'queue'>,
  atMs: number,
): FloorStanding | undefined {
  if (!floor && queue.length === 0) return undefined;
  if (!floor) return { queue };
  const { name, remainingMs } = floor;
  return { name, queue, ...(remainingMs !== undefined && { endsAtMs: atMs + remainingMs }) };
}

/** As it is written at one time: other words once a second, and only where time is limited. */
export function floorLine({ name, endsAtMs, queue }: FloorStanding, atMs: number): FloorLine {
  const parts = [
    ...(name === undefined ? [] : [`${SPEAKS}: ${name}`]),
    ...(queue.length === 0 ? [] : [`${WAIT}: ${queue.join(', ')}`]),
  ];
  const time = endsAtMs === undefined ? undefined : timeLeft(endsAtMs - atMs);
  return { text: parts.join(' — '), ...(time && { time }) };
}

function timeLeft(remainingMs: number): NonNullable<FloorLine['time']> {
  const isOver = remainingMs <= 0;
  const seconds = isOver ? Math.floor(-remainingMs / 1000) : Math.ceil(remainingMs / 1000);
  return { label: isOver ? OVER : LEFT, clock: clockOf(seconds), isOver };
}

/** `mm:ss`, more minutes where need be. */
function clockOf(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
