/** Key frame requests by SIP INFO, RFC 5168. */

export const MEDIA_CONTROL_TYPE = 'application/media_control+xml';

/** Body that asks the peer for a key frame; RFC 5168 §5. */
export const PICTURE_FAST_UPDATE = [
  '<?xml version="1.0" encoding="utf-8"?>',
  '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>',
  '',
].join('\r\n');

/** Whether a body asks for a key frame. */
export function isPictureFastUpdate(contentType: string | undefined, body: string): boolean {
  return (
    contentType?.toLowerCase().startsWith(MEDIA_CONTROL_TYPE) === true &&
    /<\s*picture_fast_update\s*\/?\s*>/i.test(body)
  );
}
