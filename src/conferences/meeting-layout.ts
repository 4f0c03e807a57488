import type { GridSize, SceneLayout } from '../contract/layout.ts';
import type { StageParams } from '../contract/stage.ts';
import type { Conference, HallLayout, Participant } from '../domain/conference.ts';
import type { ConferenceId, ParticipantId, SiteId } from '../domain/ids.ts';
import { leadingSite } from './members.ts';

/** How halls see a meeting while it runs; what names a participant ends with that one's stay. */
export interface MeetingLayout extends HallLayout {
  /** Leads this meeting in the place of `hqSiteId`. */
  readonly hqParticipantId?: ParticipantId;
  /** Has the large place whoever speaks. */
  readonly pinnedParticipantId?: ParticipantId;
}

/** How halls see a conference when its meeting begins. */
export function layoutOf(conference: Conference): HallLayout {
  return hallLayout({ ...conference, hqSiteId: leadingSite(conference) });
}

/** What is kept of a layout, with nothing in it that is not given. */
export function hallLayout({
  layout,
  hqSiteId,
  gridSize,
}: {
  readonly layout: SceneLayout;
  readonly hqSiteId?: string | undefined;
  readonly gridSize?: GridSize | undefined;
}): HallLayout {
  return {
    layout,
    ...(hqSiteId !== undefined && { hqSiteId: hqSiteId as SiteId }),
    ...(gridSize !== undefined && { gridSize }),
  };
}

/** The layout without somebody who left. */
export function withoutParticipant(layout: MeetingLayout, id: ParticipantId): MeetingLayout {
  const { hqParticipantId, pinnedParticipantId, ...kept } = layout;
  return {
    ...kept,
    ...(hqParticipantId !== undefined && hqParticipantId !== id && { hqParticipantId }),
    ...(pinnedParticipantId !== undefined && pinnedParticipantId !== id && { pinnedParticipantId }),
  };
}

/** The layout in the stage's words; of a site's endpoints the one that came first leads. */
export function layoutOrder(
  sceneId: ConferenceId,
  layout: MeetingLayout,
  participants: readonly Participant[],
): StageParams<'scene.layout'> {
  const { hqSiteId, hqParticipantId, pinnedParticipantId, gridSize } = layout;
  const ofSite = participants.find(({ siteId }) => siteId !== undefined && siteId === hqSiteId);
  const hqId = hqParticipantId ?? ofSite?.id;
  return {
    sceneId,
    layout: layout.layout,
    ...(hqId !== undefined && { hqId }),
    ...(pinnedParticipantId !== undefined && { pinnedId: pinnedParticipantId }),
    ...(gridSize !== undefined && { gridSize }),
  };
}
