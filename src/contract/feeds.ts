/**
 * Ids of the feeds in the VideoRoom. A camera's feed has its participant's id; these are the
 * others, so that the gateway, its proxy and the pages know them apart.
 */

const CONTENT_SUFFIX = '-content';
const COMPOSED_PREFIX = 'composed-';

/** The screen that a participant shares. */
export function contentFeedId(participantId: string): string {
  return `${participantId}${CONTENT_SUFFIX}`;
}

/** Whose shared screen a feed is; undefined for every other feed. */
export function sharerOf(feedId: string): string | undefined {
  return feedId.endsWith(CONTENT_SUFFIX) ? feedId.slice(0, -CONTENT_SUFFIX.length) : undefined;
}

/** The picture the halls see, for browsers that cannot decode H.264. */
export function composedFeedId(conferenceId: string): string {
  return `${COMPOSED_PREFIX}${conferenceId}`;
}

export function isComposedFeed(feedId: string): boolean {
  return feedId.startsWith(COMPOSED_PREFIX);
}
