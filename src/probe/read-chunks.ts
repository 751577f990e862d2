/** A body in chunks (RFC 9112, 7.1), as far as it has come. Pure. */

export interface ChunkedBody {
  /** What its chunks hold. */
  readonly body: Buffer;
  /** Whether its last chunk has come, or something that is no chunk: nothing more is to be waited for. */
  readonly isWhole: boolean;
}

const lineEnd = "\r\n";
/** The size in hexadecimal, and extensions that nobody here knows. */
const sizeLine = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;

/** @param raw as it came on the wire, from behind the head on */
export function readChunks(raw: Buffer): ChunkedBody {
  const parts: Buffer[] = [];
  const told = (isWhole: boolean): ChunkedBody => ({ body: Buffer.concat(parts), isWhole });
  for (let at = 0; ; ) {
    const end = raw.indexOf(lineEnd, at);
    if (end === -1) return told(false);
    const size = sizeLine.exec(raw.toString("latin1", at, end))?.[1];
    if (size === undefined || Number.parseInt(size, 16) === 0) return told(true);
    const from = end + lineEnd.length;
    const to = from + Number.parseInt(size, 16);
    parts.push(raw.subarray(from, to));
    if (to + lineEnd.length > raw.length) return told(false);
    at = to + lineEnd.length;
  }
}
