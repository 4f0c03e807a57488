import {
  AV_BUFFERSRC_FLAG_KEEP_REF,
  AV_BUFFERSRC_FLAG_PUSH,
  type AVBufferSrcFlag,
  FFmpegError,
  Filter,
  FilterGraph,
  Frame,
} from 'node-av';
import type { Rect } from './protocol.ts';

/**
 * A rectangle of a picture as a picture of its own: the same memory, not a copy, which it
 * keeps alive. FFmpeg's `crop` does no more than move pointers. Whoever asked frees the frame.
 *
 * @param rect even @throws FFmpegError
 */
export function viewOf(picture: Frame, { x, y, width, height }: Rect): Frame {
  const graph = new FilterGraph();
  graph.alloc();
  const view = new Frame();
  view.alloc();
  try {
    const size = `${picture.width}x${picture.height}`;
    const source = create(graph, 'buffer', `video_size=${size}:pix_fmt=yuv420p:time_base=1/1`);
    const crop = create(graph, 'crop', `${width}:${height}:${x}:${y}`);
    const sink = create(graph, 'buffersink');
    FFmpegError.throwIfError(source.link(0, crop, 0), 'view');
    FFmpegError.throwIfError(crop.link(0, sink, 0), 'view');
    FFmpegError.throwIfError(graph.configSync(), 'view');
    const flags = AV_BUFFERSRC_FLAG_KEEP_REF | AV_BUFFERSRC_FLAG_PUSH;
    FFmpegError.throwIfError(
      source.buffersrcAddFrameSync(picture, flags as AVBufferSrcFlag),
      'view',
    );
    FFmpegError.throwIfError(sink.buffersinkGetFrameSync(view), 'view');
    return view;
  } finally {
    graph.free();
  }
}

function create(graph: FilterGraph, name: string, args: string | null = null) {
  const filter = Filter.getByName(name);
  const context = filter && graph.createFilter(filter, name, args);
  if (!context) throw new Error(`no filter ${name}`);
  return context;
}
