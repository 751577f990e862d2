/**
 * What the `ws` package has its own mind about, so that an end on it takes and refuses what an end on our own frames does.
 */
import type { WebSocket } from "ws";

/** What ws closes with for what it refuses to take (its Receiver's errors); 1002 for all others. */
const closeCodes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** The close code that goes with an error of ws's, by the error's own code; null for an error that is no frame's. */
export function closeCodeOfWsError(code: string | undefined): number | null {
  // Node's zlib could not make a message of what was compressed (its permessage-deflate.js).
  if (code?.startsWith("Z_")) return 1007;
  return code?.startsWith("WS_ERR_") ? (closeCodes[code] ?? 1002) : null;
}

/**
 * Fragments that a message may have. RFC 6455 knows no limit, and our own frames have none: this is for ws alone, which
 * keeps an object for each fragment. It is enough for the largest message in fragments of 64 bytes.
 * @param messageBytesMax the largest message taken
 */
export function wsFragmentsMax(messageBytesMax: number): number {
  return Math.ceil(messageBytesMax / 64);
}

/** Answers to pings that may wait until the socket takes them. */
const waitingPongsMax = 64;

/**
 * Answers pings, in place of ws, which cuts a connection off without a word when 60 answers wait: pings that come together
 * need not all be answered (RFC 6455, 5.5.3). For a WebSocket whose `autoPong` is false.
 * @param isMasked whether its frames go to a server
 */
export function answerPings(socket: WebSocket, isMasked: boolean): void {
  let waiting = 0;
  socket.on("ping", (data) => {
    if (waiting === waitingPongsMax || socket.readyState !== socket.OPEN) return;
    waiting++;
    socket.pong(data, isMasked, () => waiting--);
  });
}
