/** How large a picture is in its tile. */

/** Of the small size of a camera. */
const SMALL_WIDTH_PX = 320;
const ASPECT_RATIO = 16 / 9;
/** Of a face among nine; more looks soft. */
const MAX_ENLARGEMENT = 1.5;
/** Of a denser display nobody sees the single points of a moving picture. */
const MAX_DENSITY = 1.5;

/** Whether the small size of a camera, which fills its tile, is enough. @param density device pixels for each of CSS */
export function isSmallTile(
  { width, height }: { readonly width: number; readonly height: number },
  density: number,
): boolean {
  const shownPx = Math.max(width, height * ASPECT_RATIO) * Math.min(density, MAX_DENSITY);
  return shownPx <= SMALL_WIDTH_PX * MAX_ENLARGEMENT;
}
