import { AV_LOG_ERROR, AVERROR_EOF, FFmpegError, Filter, FilterGraph, Frame, Log } from 'node-av';
import { SAMPLE_RATE_HZ } from './wav.ts';

/**
 * The first sound of a file, as 16-bit samples of one channel at `SAMPLE_RATE_HZ`.
 *
 * @throws Error when FFmpeg cannot read it
 */
export async function decodeToPcm(file: string): Promise<Buffer> {
  Log.setLevel(AV_LOG_ERROR); // it would guess aloud what one channel means
  const graph = new FilterGraph();
  graph.alloc();
  const frame = new Frame();
  frame.alloc();
  try {
    const format = `sample_fmts=s16:channel_layouts=mono:sample_rates=${SAMPLE_RATE_HZ}`;
    const path = file.replace(/[\\:']/g, '\\$&');
    const chain = [
      ['amovie', `filename=${path}`],
      ['aresample', String(SAMPLE_RATE_HZ)],
      ['aformat', format],
      ['abuffersink', null],
    ] as const;
    const filters = chain.map(([name, args]) => {
      const filter = Filter.getByName(name);
      const context = filter && graph.createFilter(filter, name, args);
      if (!context) throw new Error(`FFmpeg cannot make ${name} for ${file}`);
      return context;
    });
    for (const [at, filter] of filters.entries()) {
      const next = filters[at + 1];
      if (next) FFmpegError.throwIfError(filter.link(0, next, 0), 'link');
    }
    FFmpegError.throwIfError(await graph.config(), file);
    const sink = filters[filters.length - 1];
    const parts: Buffer[] = [];
    for (;;) {
      const result = await sink?.buffersinkGetFrame(frame);
      if (result === undefined || result === AVERROR_EOF) return Buffer.concat(parts);
      FFmpegError.throwIfError(result, file);
      const data = frame.data?.[0];
      if (data) parts.push(Buffer.from(data.subarray(0, frame.nbSamples * 2)));
      frame.unref();
    }
  } finally {
    frame.free();
    graph.free();
  }
}
