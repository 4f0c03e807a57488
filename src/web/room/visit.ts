/**
 * A visit in the browser, from the join to its end: joins, keeps the store true,
 * and joins anew by itself when a connection is lost. Knows no React.
 */
import type { ChairRequest } from '../../contract/chair.ts';
import type { JoinView, WaitView } from '../../contract/rest.ts';
import { isReachable, JoinError, join, lead, leave, socketUrl } from './api.ts';
import { ActError, type EndedReason, Events } from './events.ts';
import type { AudioBridge } from './media/audiobridge.ts';
import { type BrowserCodecs, browserCodecs } from './media/codecs.ts';
import { JanusSession } from './media/janus.ts';
import type { LocalTracks, Medium } from './media/local-media.ts';
import { chooseScreen } from './media/screen.ts';
import type { VideoRoom } from './media/videoroom.ts';
import { ConnectionWatch } from './network/connection-watch.ts';
import { NetworkWatch } from './network/network-watch.ts';
import { Retries } from './network/retries.ts';
import { OwnFloor } from './own-floor.ts';
import { watchFeedsOnPage } from './page-watch.ts';
import { Sharing } from './sharing.ts';
import type { FinalReason, RoomStore } from './state.ts';
import { Talking } from './talking.ts';
import { showWait, toldTo } from './told.ts';
import { type VisitMediaDeps, visitMedia } from './visit-media.ts';

interface Connections {
  readonly view: JoinView;
  readonly events: Events;
  readonly session: JanusSession;
  readonly audio: AudioBridge;
  readonly video: VideoRoom;
}

export class Visit {
  readonly #alias: string;
  readonly #store: RoomStore;
  readonly #media: LocalTracks;
  readonly #codecs: BrowserCodecs = browserCodecs();
  readonly sharing: Sharing;
  readonly network: NetworkWatch;
  readonly #connection: ConnectionWatch;
  readonly #retries: Retries;
  readonly #floor: OwnFloor;
  readonly #talking: Talking;
  #connections: Partial<Connections> = {};
  #attempt = 0;
  #isOver = false;
  readonly #unwatchPage: () => void;
  #feedsOnPage: Parameters<VideoRoom['show']> = [new Set(), new Set()];
  /** Says at the next join that we were let in before. */
  #pass: string | undefined;
  /** The socket of a wait to be let in. */
  #wait: Events | undefined;
  /** To be raised again after joining anew. */
  #handWasUp = false;

  constructor(alias: string, store: RoomStore, media: LocalTracks) {
    this.#alias = alias;
    this.#store = store;
    this.#media = media;
    this.sharing = new Sharing(store, chooseScreen);
    this.#connection = new ConnectionWatch(store, window, {
      onDead: () => this.#onLost(this.#attempt),
      onOnline: () => this.#retries.now(),
    });
    this.#retries = new Retries({
      probe: isReachable,
      attempt: () => this.#rejoin(),
      onTry: () => this.#connection.disconnected(),
      onWait: (cause, untilMs) => this.#connection.willRetry(cause, untilMs),
    });
    this.network = new NetworkWatch(store, {
      maxPictureBps: () => this.#connections.view?.maxVideoBitrateBps ?? 0,
      turnCamera: on => this.setCamera(on),
    });
    this.#talking = new Talking(store);
    this.#floor = new OwnFloor(store, muted => this.setMuted(muted));
    this.#unwatchPage = watchFeedsOnPage(store, document, (...feeds) => {
      this.#feedsOnPage = feeds;
      this.#connections.video?.show(...feeds);
    });
    media.follow({ onTrack: (medium, track) => void this.#changeTrack(medium, track) });
    addEventListener('pagehide', this.#onPageHide);
  }

  /** @throws JoinError when the first join fails; later ones are tried again */
  async start(): Promise<void> {
    this.#store.set({ phase: { name: 'joining' } });
    try {
      await this.#connect();
    } catch (err) {
      this.#disconnect('left');
      throw err instanceof JoinError ? err : new JoinError('unknown');
    }
  }

  /**
   * Silences the microphone where it is, in the browser. The room server is not
   * told: it would stop listening, and miss that we stopped and began to talk.
   */
  setMuted(muted: boolean): void {
    if (this.#media.microphone) this.#media.microphone.enabled = !muted;
    this.#store.set({
      muted,
      ...(muted ? { isOpenForFloor: false } : { isAskedToUnmute: false }),
    });
    this.#connections.events?.setMuted(muted);
  }

  setCamera(on: boolean): void {
    if (this.#media.camera) this.#media.camera.enabled = on;
    this.#store.set({ cameraOn: on });
  }

  /** Asks to speak, or does not any longer. */
  raiseHand(raised: boolean): void {
    this.#connections.events?.raiseHand(raised);
  }

  /** Asks to share a screen while somebody else does, or does not any longer. */
  requestContent(wanted: boolean): void {
    this.#connections.events?.requestContent(wanted);
  }

  /** Shares on, whoever asked to share instead. */
  denyContent(): void {
    this.#connections.events?.denyContent();
  }

  /** Writes to everybody in the meeting. False while the gateway is not reached. */
  write(text: string): boolean {
    return this.#connections.events?.write(text) ?? false;
  }

  /** Does something as a chair. @throws ActError with a code of the error table, or `network` */
  async act(act: ChairRequest): Promise<void> {
    const { events } = this.#connections;
    if (!events) throw new ActError('network');
    await events.act(act);
  }

  /** Becomes a chair by the PIN of chairs. @throws JoinError */
  async lead(pin: string): Promise<void> {
    if (this.token === undefined) throw new JoinError('network');
    await lead(this.token, pin);
    this.#store.set({ pin });
  }

  /** Proves this visit to the API; undefined while it is not connected. */
  get token(): string | undefined {
    return this.#connections.view?.token;
  }

  /** Opens the microphone when a chair asked for it, or does not. */
  answerUnmuteWish(opens: boolean): void {
    this.#store.set({ isAskedToUnmute: false });
    if (opens) this.setMuted(false);
  }

  /** While joining again is waited for. */
  tryAgainNow(): void {
    this.#retries.now();
  }

  leave(): void {
    this.#finish('left');
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    const { name, pin } = this.#store.get();
    const view = await join({
      alias: this.#alias,
      name,
      decodes: [...this.#codecs.decodes],
      ...(pin && { pin }),
      ...(this.#pass !== undefined && { pass: this.#pass }),
    });
    if (this.#isOver) return void ('token' in view && leave(view.token));
    if ('waiting' in view) this.#waitToBeLetIn(attempt, view);
    else await this.#enter(attempt, view);
  }

  #waitToBeLetIn(attempt: number, { waiting }: WaitView): void {
    const { token, reason, conference } = waiting;
    this.#pass = token;
    showWait(this.#store, 'waits', reason);
    this.#store.set({ conferenceName: conference.name });
    this.#wait = this.#openEvents(attempt, token);
  }

  #openEvents(attempt: number, token: string): Events {
    return new Events(token, {
      ...toldTo(this.#store, this.#floor, this.sharing),
      onAdmitted: () => {
        showWait(this.#store, 'admitted');
        this.#connect().catch(() => this.#onLost(this.#attempt));
      },
      onEnded: reason => this.#onEnded(attempt, reason),
      onLost: () => this.#onLost(attempt),
    });
  }

  async #enter(attempt: number, view: JoinView): Promise<void> {
    this.#connections = { view };
    this.#pass = view.token;
    this.#store.set({ isChair: view.chair, selfId: view.participantId, roll: undefined });
    const lost = () => this.#onLost(attempt);
    const events = this.#openEvents(attempt, view.token);
    this.#connections = { view, events };
    const { token, ice } = view;
    const server = socketUrl('/janus');
    const session = await JanusSession.open({ server, token, ice, onLost: lost });
    this.#connections = { view, events, session };
    this.#connection.connected(session);
    const { conference, participantId } = view;
    this.#store.set({
      phase: { name: 'in' },
      conferenceName: conference.name,
      selfId: participantId,
      streams: new Map(),
      undecodable: new Set(),
    });
    const { audio, video, watched, screen } = visitMedia(session, view, this.#mediaDeps, lost);
    this.#connections = { view, events, session, audio, video };
    video.show(...this.#feedsOnPage);
    await Promise.all([audio.join(), video.join()]);
    events.setMuted(this.#store.get().muted);
    if (this.#handWasUp && !view.back) events.raiseHand(true);
    this.#handWasUp = false;
    const isLost = this.#connections.session !== session;
    if (isLost) return;
    this.network.start(watched);
    this.sharing.connected(screen);
  }

  get #mediaDeps(): VisitMediaDeps {
    return {
      store: this.#store,
      tracks: this.#media,
      codecs: this.#codecs,
      connection: this.#connection,
      onTalking: (id, talking) => this.#talking.changed(id, talking),
    };
  }

  /** A device that was not there when we joined takes joining anew. */
  async #changeTrack(medium: Medium, track: MediaStreamTrack | undefined): Promise<void> {
    const attempt = this.#attempt;
    const { audio, video } = this.#connections;
    this.#store.set({ [medium]: track });
    const isSent =
      medium === 'microphone'
        ? await audio?.changeMicrophone(track)
        : await video?.changeCamera(track);
    if (isSent === false && track) this.#onLost(attempt);
  }

  #onEnded(attempt: number, reason: EndedReason): void {
    if (attempt !== this.#attempt) return; // of a seat that we have left for another
    const isFinal =
      reason === 'conference-closed' || reason === 'removed' || reason === 'turned-away';
    if (isFinal) this.#finish(reason);
    else this.#onLost(attempt);
  }

  /** Joins anew, later each time; what an older attempt still says is not heard. */
  #onLost(attempt: number): void {
    if (this.#isOver || attempt !== this.#attempt) return;
    const { order, selfId } = this.#store.get();
    this.#handWasUp ||= order?.hands.some(hand => hand.participantId === selfId) ?? false;
    this.#attempt += 1;
    this.#disconnect('lost');
    if (!showWait(this.#store, 'lost'))
      this.#store.set({ phase: { name: 'reconnecting' }, streams: new Map(), talking: new Set() });
    this.#connection.disconnected();
    this.#retries.begin();
  }

  async #rejoin(): Promise<void> {
    const attempt = this.#attempt + 1;
    try {
      await this.#connect();
    } catch (err) {
      if (attempt === this.#attempt) this.#disconnect('lost');
      throw err;
    }
  }

  #finish(reason: FinalReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#retries.stop();
    removeEventListener('pagehide', this.#onPageHide);
    this.#disconnect('left');
    this.#connection.close();
    this.network.close();
    this.sharing.close();
    this.#talking.close();
    this.#unwatchPage();
    this.#media.stop();
    this.#store.set({ phase: { name: 'ended', reason }, streams: new Map(), sound: undefined });
  }

  /** Who is `lost` comes back to its place: the gateway sees that it is away by its sockets. */
  #disconnect(how: 'left' | 'lost'): void {
    const { view, events, session, audio } = this.#connections;
    this.#connections = {};
    audio?.close();
    this.#wait?.close();
    this.#wait = undefined;
    this.sharing.disconnected();
    this.network.stop();
    events?.close();
    session?.close();
    if (view && how === 'left') leave(view.token);
  }

  readonly #onPageHide = (): void => {
    const { view } = this.#connections;
    if (view) leave(view.token);
  };
}
