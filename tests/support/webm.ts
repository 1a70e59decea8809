/** A picture a second, each of one colour: red, green, blue and again. What a browser shows tells where in the video it is. */
export const COLORS = ['red', 'green', 'blue'] as const;

/** The colour that is shown at a time. */
export const colorAt = (seconds: number) => COLORS[Math.floor(seconds) % COLORS.length];

/** Key frames of VP8, 64 by 36 pixels of one colour, as the encoder of Chromium 156 made them. */
const FRAMES = [
  'cAMAnQEqQAAkAAAHCIWFiJmEiAEkEBOtUB/AEDhHB++hNnlwAP79vaD/2M36M36M39gD/+ylf7KV/spX/2RgAA==',
  'kAMAnQEqQAAkAAAHCIWFiJmEiAEkEA7AP4A/oCCFkZuACD986ID+Ux///SVLiKqv/SVv//4RirilL//B+ZFdGoA=',
  'cAMAnQEqQAAkAAAHCIWFiJmEiAEkEBOtUB/AEDhHB++hNnlwAP7+ZqH/+lgv0sF+lgv/SwX/00jxpHjSPlNA',
].map((text) => Buffer.from(text, 'base64'));

const ID = {
  ...{ header: 0x1a45dfa3, docType: 0x4282, docTypeVersion: 0x4287, docTypeReadVersion: 0x4285 },
  ...{ segment: 0x18538067, info: 0x1549a966, timestampScale: 0x2ad7b1, duration: 0x4489 },
  ...{ muxingApp: 0x4d80, writingApp: 0x5741, tracks: 0x1654ae6b, track: 0xae },
  ...{ trackNumber: 0xd7, trackUid: 0x73c5, trackType: 0x83, codec: 0x86, video: 0xe0 },
  ...{ width: 0xb0, height: 0xba, cues: 0x1c53bb6b, cuePoint: 0xbb, cueTime: 0xb3 },
  ...{ cuePositions: 0xb7, cueTrack: 0xf7, cuePosition: 0xf1, cluster: 0x1f43b675 },
  ...{ timestamp: 0xe7, simpleBlock: 0xa3, void: 0xec },
} as const;

/** An element; its length always takes 8 bytes, so that nothing moves where a value changes. */
function element(id: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const name = Buffer.from(id.toString(16), 'hex');
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([name, length, body]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

const text = (value: string) => Buffer.from(value, 'latin1');

/**
 * A WebM video with an index: one cluster a second, of a picture and bytes that say nothing.
 *
 * @param seconds how long it plays
 * @param bytesPerSecond of a cluster; at least 1000
 * @param fill what the bytes that say nothing are made of
 */
export function webm(seconds: number, bytesPerSecond: number, fill = 1): Buffer {
  const clusters = Array.from({ length: seconds }, (_, at) => cluster(at, bytesPerSecond, fill));
  const info = element(
    ID.info,
    element(ID.timestampScale, number(1_000_000)),
    element(ID.duration, float(seconds * 1_000)),
    ...[ID.muxingApp, ID.writingApp].map((id) => element(id, text('haulout'))),
  );
  const size = [element(ID.width, number(64)), element(ID.height, number(36))];
  const numbers = [ID.trackNumber, ID.trackUid, ID.trackType].map((id) => element(id, number(1)));
  const track = [...numbers, element(ID.codec, text('V_VP8')), element(ID.video, ...size)];
  const tracks = element(ID.tracks, element(ID.track, ...track));
  const cues = (begin: number) =>
    element(ID.cues, ...clusters.map((_, at) => cue(at, begin + at * bytesPerSecond)));
  const before = info.length + tracks.length + cues(0).length;
  const header = element(
    ID.header,
    element(ID.docType, text('webm')),
    ...[ID.docTypeVersion, ID.docTypeReadVersion].map((id) => element(id, number(2))),
  );
  return Buffer.concat([header, element(ID.segment, info, tracks, cues(before), ...clusters)]);
}

function cue(at: number, position: number): Buffer {
  const place = [element(ID.cueTrack, number(1)), element(ID.cuePosition, number(position))];
  const time = element(ID.cueTime, number(at * 1_000));
  return element(ID.cuePoint, time, element(ID.cuePositions, ...place));
}

function cluster(at: number, bytes: number, fill: number): Buffer {
  const frame = FRAMES[at % FRAMES.length] as Buffer;
  const time = element(ID.timestamp, number(at * 1_000));
  const block = (...more: readonly Buffer[]) =>
    element(ID.simpleBlock, Buffer.from([0x81, 0, 0, 0x80]), frame, ...more);
  const bare = element(ID.cluster, time, block()).length;
  // Decoders do not look at what is behind a picture.
  return element(ID.cluster, time, block(Buffer.alloc(bytes - bare, 1 + ((at + fill) % 251))));
}
