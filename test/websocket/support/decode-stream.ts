/** Runs reads through a frame decoder as an engine would: out of one buffer that others overwrite after each read. */
import { FrameDecoder, type FrameDecoderOptions } from "#wsrally/websocket/frame-decoder.js";
import type { FrameFaultCode } from "#wsrally/websocket/frame-fault.js";

/** What came (`text`, `binary`, `ping`, `pong`, with the bytes in hex; `close`, with its code and reason). */
export type DecodedEvent = readonly [kind: string, content: string];

export interface Decoding {
  readonly events: readonly DecodedEvent[];
  readonly closeCode: number | null;
  readonly faultCode: FrameFaultCode | null;
}

export type DecodeOptions = Omit<FrameDecoderOptions, "sink" | "textCheck"> &
  Partial<Pick<FrameDecoderOptions, "textCheck">>;

const connection = 3;

export function decodeStream(chunks: readonly Buffer[], options: DecodeOptions): Decoding {
  const events: DecodedEvent[] = [];
  const keep = (kind: string) => (_connection: number, buffer: Buffer, start: number, end: number) => {
    events.push([kind, buffer.toString("hex", start, end)]);
  };
  const decoder = new FrameDecoder({
    textCheck: "utf8",
    ...options,
    sink: {
      message(of, buffer, start, end, isBinary) {
        keep(isBinary ? "binary" : "text")(of, buffer, start, end);
      },
      ping: keep("ping"),
      pong: keep("pong"),
      close: (_connection, code, reason) => events.push(["close", `${code} ${reason}`]),
    },
  });
  const offset = 5;
  const shared = Buffer.alloc(offset + Math.max(0, ...chunks.map(({ length }) => length)));
  let closeCode: number | null = null;
  let faultCode: FrameFaultCode | null = null;
  for (const chunk of chunks) {
    shared.fill(0xee);
    chunk.copy(shared, offset);
    const fault = decoder.read(connection, shared, offset, offset + chunk.length);
    if (fault === null) continue;
    closeCode = fault.closeCode;
    faultCode = fault.code;
  }
  return { events, closeCode, faultCode };
}

/** Cuts a stream at the given places (taken modulo its length). */
export function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  const borders = [0, ...sorted, stream.length];
  return borders.slice(1).map((end, index) => stream.subarray(borders[index], end));
}

export function everyByte(stream: Buffer): Buffer[] {
  return [...stream].map((byte) => Buffer.of(byte));
}
