/** A shared screen: taken from the browser, published beside the camera on a connection of its own. */
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import { detach, send } from './janus.ts';
import { type PublishTerms, publishTrack, restartPublisher } from './publish.ts';

/** Text has to be sharp, and every decoder of a hall takes this much. */
const SCREEN = { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 15 } };

export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** Lets the person choose what to share; undefined when they chose nothing. */
export async function chooseScreen(): Promise<MediaStreamTrack | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
    const [track] = stream.getVideoTracks();
    if (track) track.contentHint = 'detail';
    return track;
  } catch (err) {
    if (err instanceof DOMException && err.name === 'NotAllowedError') return undefined;
    throw err;
  }
}

export interface ScreenFeedOptions extends PublishTerms {
  readonly roomId: string;
  readonly track: MediaStreamTrack;
  readonly onFailed: () => void;
}

export class ScreenFeed {
  readonly #handle: Handle;

  private constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** Joins as the one who shares and publishes. @throws Error when the room server does not take it */
  static async open(session: JanusSession, options: ScreenFeedOptions): Promise<ScreenFeed> {
    let onJoined: (problem?: string) => void = () => undefined;
    const joined = new Promise<string | undefined>(resolve => {
      onJoined = resolve;
    });
    const onMessage = (message: Message, jsep: Jsep | undefined) => {
      if (message.videoroom === 'joined') onJoined();
      if (message.error !== undefined) onJoined(String(message.error));
      if (jsep) handle.handleRemoteJsep({ jsep });
    };
    const { onFailed } = options;
    const restartIce = () => restartPublisher(handle);
    const handle = await session.attach('videoroom', { onMessage, restartIce, onFailed });
    try {
      const room = options.roomId;
      await send(handle, { request: 'join', ptype: 'publisher', room, content: true });
      const problem = await joined;
      if (problem !== undefined) throw new Error(problem);
      await publishTrack(handle, options.track, options);
      return new ScreenFeed(handle);
    } catch (err) {
      await detach(handle);
      throw err;
    }
  }

  close(): Promise<void> {
    return detach(this.#handle);
  }
}
