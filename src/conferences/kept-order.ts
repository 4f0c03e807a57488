import type { ParticipantId, SiteId } from '../domain/ids.ts';
import type { Floor, Hand, SpeakingMode } from './speaking-order.ts';

/** Somebody by what stays: a page comes back as the same participant, a site as another one. */
export interface KeptPerson {
  readonly participantId: ParticipantId;
  readonly siteId?: SiteId;
}

/** Who may speak and who waits to, as it is kept over the end of the rooms and of the gateway. */
export interface KeptOrder {
  readonly mode: SpeakingMode;
  readonly hands: readonly (KeptPerson & Pick<Hand, 'raisedAtMs'>)[];
  readonly floor?: KeptPerson & Omit<Floor, 'participantId'>;
  /** Large for everybody, whoever speaks. */
  readonly spotlight?: KeptPerson;
}

/** What somebody had who is back. */
export interface KeptPlace {
  readonly raisedAtMs?: number;
  readonly floor?: Omit<Floor, 'participantId'>;
  readonly hadSpotlight: boolean;
}

/** Nothing that a new conference would not have. */
export function isPlain({ mode, hands, floor, spotlight }: KeptOrder): boolean {
  return mode === 'free' && hands.length === 0 && !floor && !spotlight;
}

/** What belongs to people who are not back yet. */
export class AbsentPeople {
  #order: Omit<KeptOrder, 'mode'>;

  constructor(order: Omit<KeptOrder, 'mode'> = { hands: [] }) {
    this.#order = order;
  }

  /** Hands over what was somebody's, once. */
  welcome(person: KeptPerson): KeptPlace {
    const { hands, floor, spotlight } = this.#order;
    const hand = hands.find(one => isSame(one, person));
    const ownFloor = floor && isSame(floor, person) ? floor : undefined;
    const hadSpotlight = spotlight !== undefined && isSame(spotlight, person);
    this.#order = {
      hands: hands.filter(one => one !== hand),
      ...(floor && !ownFloor && { floor }),
      ...(spotlight && !hadSpotlight && { spotlight }),
    };
    return {
      ...(hand && { raisedAtMs: hand.raisedAtMs }),
      ...(ownFloor && { floor: timesOf(ownFloor) }),
      hadSpotlight,
    };
  }

  /** The floor is somebody else's, or nobody's. */
  forgetFloor(): void {
    const { floor: _, ...rest } = this.#order;
    this.#order = rest;
  }

  /** Somebody else is large, or nobody. */
  forgetSpotlight(): void {
    const { spotlight: _, ...rest } = this.#order;
    this.#order = rest;
  }

  /** What stands now, and what waits for those who are not back. */
  addedTo(order: KeptOrder): KeptOrder {
    return { ...this.#order, ...order, hands: [...this.#order.hands, ...order.hands] };
  }
}

function isSame(one: KeptPerson, other: KeptPerson): boolean {
  if (one.siteId !== undefined) return one.siteId === other.siteId;
  return one.participantId === other.participantId;
}

function timesOf({ sinceMs, endsAtMs }: Omit<Floor, 'participantId'>) {
  return { sinceMs, ...(endsAtMs !== undefined && { endsAtMs }) };
}
