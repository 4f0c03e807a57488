import type { Logger } from 'pino';
import { type CallId, newParticipantId } from '../../domain/ids.ts';
import type { Place } from '../place.ts';
import type { StagePort } from '../ports.ts';
import type { Lobby } from './voice-menu.ts';

/** A scene of its own for one caller that is in no conference yet; whoever opened it closes it. */
export class StageLobby implements Lobby {
  readonly place: Place;
  readonly #stage: StagePort;
  readonly #log: Logger;
  #title: string;

  constructor(stage: StagePort, callId: CallId, name: string, log: Logger) {
    this.#stage = stage;
    this.#log = log;
    this.#title = name;
    this.place = {
      kind: 'lobby',
      sceneId: `lobby-${callId}`,
      participantId: newParticipantId(),
      name,
      openScene: signal => this.#openScene(signal),
    };
  }

  tell(title: string, lines: readonly string[], pcm: Buffer): void {
    this.show(title, lines);
    this.#play(pcm);
  }

  show(title: string, lines: readonly string[]): void {
    this.#title = title;
    const { sceneId } = this.place;
    this.#do(this.#stage.request('scene.open', { sceneId, title, lines: [...lines] }));
  }

  hush(): void {
    this.#play(Buffer.alloc(0));
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    const { sceneId } = this.place;
    await this.#stage.request('scene.close', { sceneId });
  }

  async #openScene(signal: AbortSignal): Promise<void> {
    const scene = { sceneId: this.place.sceneId, title: this.#title, lines: [] };
    await this.#stage.request('scene.open', scene, signal);
  }

  #play(pcm: Buffer): void {
    const { sceneId, participantId } = this.place;
    const clipBase64 = pcm.toString('base64');
    this.#do(this.#stage.request('announcer.play', { sceneId, participantId, clipBase64 }));
  }

  /** What cannot be shown or said is no reason to end the call: keys are still heard. */
  #do(request: Promise<unknown>): void {
    request.catch(err => this.#log.warn({ err }, 'menu not shown or not said'));
  }
}
