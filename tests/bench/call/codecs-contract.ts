import type { ReceivedCount } from '../../support/sip-phone/media-stream.ts';

/** What the bench asks of the process with the codecs. */
export type CodecsRequest = { readonly id: number } & CodecsCommand;

export type CodecsCommand =
  | {
      readonly do: 'add';
      readonly username: string;
      readonly password: string;
      readonly server: { readonly host: string; readonly port: number };
    }
  | { readonly do: 'call'; readonly codec: number; readonly number: string }
  | { readonly do: 'hang-up'; readonly codec: number }
  | { readonly do: 'received' };

export interface CodecsReply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** RTP of all codecs since they began. */
export interface ReceivedReport {
  readonly audio: ReceivedCount;
  readonly video: ReceivedCount;
  /** Of each codec, in the order they were added. */
  readonly picturesByCodec: readonly number[];
}
