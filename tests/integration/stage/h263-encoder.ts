import {
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_H263_MB_INFO,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  Dictionary,
  FF_ENCODER_H263,
  FFmpegError,
  FilterGraph,
  Frame,
  Packet,
  Rational,
} from 'node-av';

export interface CodedPicture {
  readonly data: Buffer;
  /** Where it may be cut between macroblocks. */
  readonly macroblocks: Buffer | undefined;
}

/** CIF pictures of FFmpeg's encoder in this process, which says where macroblocks begin. */
export async function encodeH263(source: string, pictures: number): Promise<CodedPicture[]> {
  const graph = new FilterGraph();
  const encoder = await openEncoder();
  const frame = new Frame();
  frame.alloc();
  try {
    graph.alloc();
    FFmpegError.throwIfError(graph.parsePtr(`${source},format=yuv420p,buffersink@out`), 'graph');
    FFmpegError.throwIfError(await graph.config(), 'graph');
    const sink = graph.getFilter('buffersink@out');
    if (!sink) throw new Error('no sink');
    const coded: CodedPicture[] = [];
    for (let index = 0; index < pictures; index++) {
      FFmpegError.throwIfError(await sink.buffersinkGetFrame(frame), 'frame');
      frame.pts = BigInt(index);
      FFmpegError.throwIfError(await encoder.sendFrame(frame), 'encode');
      frame.unref();
      coded.push(...(await drain(encoder)));
    }
    return coded;
  } finally {
    frame.free();
    encoder.freeContext();
    graph.free();
  }
}

async function openEncoder(): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_H263);
  if (!codec) throw new Error('no H.263 encoder');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = 352;
  encoder.height = 288;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, 25);
  encoder.framerate = new Rational(25, 1);
  encoder.gopSize = 25;
  encoder.bitRate = 600_000n;
  const options = Dictionary.fromObject({ mb_info: '1000' });
  FFmpegError.throwIfError(await encoder.open2(codec, options), 'encoder');
  return encoder;
}

async function drain(encoder: CodecContext): Promise<CodedPicture[]> {
  const coded: CodedPicture[] = [];
  const packet = new Packet();
  packet.alloc();
  try {
    for (;;) {
      const result = await encoder.receivePacket(packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return coded;
      FFmpegError.throwIfError(result, 'packet');
      const macroblocks = packet.getSideData(AV_PKT_DATA_H263_MB_INFO);
      if (packet.data)
        coded.push({
          data: Buffer.from(packet.data),
          macroblocks: macroblocks ? Buffer.from(macroblocks) : undefined,
        });
      packet.unref();
    }
  } finally {
    packet.free();
  }
}
