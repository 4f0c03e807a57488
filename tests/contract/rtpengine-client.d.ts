declare module 'rtpengine-client' {
  import type { EventEmitter } from 'node:events';

  interface Target {
    readonly host: string;
    readonly port: number;
  }
  type Command = (target: Target, options: object) => Promise<unknown>;

  /** The UDP client as far as it is used here; the package brings no types. */
  export class Client extends EventEmitter {
    constructor(options: { timeout: number; localAddress?: string; localPort?: number });
    offer: Command;
    answer: Command;
    delete: Command;
    query: Command;
    list: Command;
    ping: Command;
    subscribeRequest: Command;
    subscribeAnswer: Command;
    close(): void;
  }
}
