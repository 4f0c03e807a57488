/** A shared screen: taken from the browser, published beside the camera on a connection of its own. */
import type { Handle, JanusSession, Jsep, Message } from './janus.ts';
import { detach, send } from './janus.ts';
import { type PublishTerms, publishTrack, restartPublisher } from './publish.ts';

/** Text has to be sharp, and every decoder of a hall takes this much. */
const SCREEN = { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 15 } };

/** Sound as it is: what makes speech clear spoils music. */
const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** What is shared. */
export interface SharedScreen {
  readonly picture: MediaStreamTrack;
  /** Where the browser gives it: Chromium does for a tab. */
  readonly sound: MediaStreamTrack | undefined;
}

/** Of the Screen Capture standard, and not in the compiler's library yet. */
interface ScreenWish extends DisplayMediaStreamOptions {
  readonly selfBrowserSurface: 'exclude' | 'include';
  readonly systemAudio: 'exclude' | 'include';
}

export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** Lets the person choose what to share; undefined when they chose nothing. */
export async function chooseScreen(): Promise<SharedScreen | undefined> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(screenWish());
    const [picture] = stream.getVideoTracks();
    if (!picture) return undefined;
    picture.contentHint = 'detail';
    const [sound] = stream.getAudioTracks();
    if (sound) sound.contentHint = 'music';
    return { picture, sound };
  } catch (err) {
    if (err instanceof DOMException && err.name === 'NotAllowedError') return undefined;
    throw err;
  }
}

/**
 * The meeting must not be heard in itself: its own tab is not offered, and the sound of the
 * whole computer only where the browser leaves this page out of it.
 */
function screenWish(): ScreenWish {
  const canLeaveOut = 'restrictOwnAudio' in navigator.mediaDevices.getSupportedConstraints();
  return {
    video: SCREEN,
    audio: { ...SOUND, ...(canLeaveOut && { restrictOwnAudio: true }) },
    selfBrowserSurface: 'exclude',
    systemAudio: canLeaveOut ? 'include' : 'exclude',
  };
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
