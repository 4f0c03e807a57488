import {
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  type CodecContext,
  FFmpegError,
} from 'node-av';

/**
 * Sets an encoder's own options before it is opened. A `Dictionary` given to `open2` would do
 * the same, but node-av 6.1.1 frees it a second time, some time after FFmpeg has: the process
 * then dies of a damaged heap, at the latest when it ends.
 *
 * @throws FFmpegError when it has no such option
 */
export function setOptions(context: CodecContext, options: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(options)) {
    const set = context.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN);
    FFmpegError.throwIfError(set, `option ${name}`);
  }
}
