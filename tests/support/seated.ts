import type { Visit } from '../../src/conferences/visit.ts';
import type { JoinRequest, Visits } from '../../src/conferences/visits.ts';

/** Joins and is let in at once. @throws Error for who has to wait, and what a join throws */
export async function seated(visits: Visits, input: JoinRequest): Promise<Visit> {
  const { visit } = await visits.join(input);
  if (!visit) throw new Error(`${input.name} has to wait`);
  return visit;
}
