/** Questions about a scene that seats and views both ask. */
import type { Person, SceneFacts, TileMarks, TileSubject } from './types.ts';

export function hasPicture(facts: SceneFacts, id: string): boolean {
  return facts.pictures.get(id)?.isLive === true;
}

/** Everybody whose camera is live: people in the order they came, then who is not among them. */
export function liveCameraIds(facts: SceneFacts): string[] {
  const known = [...facts.people.map(person => person.id), ...facts.pictures.keys()];
  return [...new Set(known)].filter(id => {
    const picture = facts.pictures.get(id);
    return picture?.isLive === true && !picture.content;
  });
}

/** The slides to be shown: the pinned ones, else those that came last. */
export function slidesId(facts: SceneFacts): string | undefined {
  const live = [...facts.pictures].filter(([, { content, isLive }]) => content && isLive);
  const ids = live.map(([id]) => id);
  return ids.find(id => id === facts.pinnedId) ?? ids.at(-1);
}

/** What is written on somebody's tile. */
export function tileSubject(facts: SceneFacts, id: string): TileSubject {
  const person = facts.people.find(candidate => candidate.id === id);
  const name = person?.name ?? facts.pictures.get(id)?.name ?? id;
  return { participantId: id, name, marks: marksOf(facts, id, person) };
}

function marksOf(facts: SceneFacts, id: string, person: Person | undefined): TileMarks {
  return {
    speaking: facts.talkingIds ? facts.talkingIds.has(id) : facts.speakerIds[0] === id,
    muted: person?.muted ?? false,
    handRaised: person?.handRaised ?? false,
    poorLine: facts.poorIds.has(id),
    noPicture: !hasPicture(facts, id),
  };
}
