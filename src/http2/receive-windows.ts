/**
 * How much a peer may send before it is told that we have taken it: windows as Chrome has them, so that a proxy keeps as
 * much for us. Half a window taken is given back.
 */
import { settingIds, windowUsual } from "./frame-types.js";
import { preface, settingsFrame, windowUpdate } from "./write-frames.js";

/** Of each stream. */
export const streamWindow = 6 * 1024 * 1024;
/** Of the connection. */
export const connectionWindow = 15 * 1024 * 1024;

/**
 * While more than this waits for window on the streams of a connection, its own window is not given back, so that a peer
 * who takes nothing cannot fill the memory. What waits at a client is its own load.
 */
export const waitingBytesMost = { client: Number.POSITIVE_INFINITY, server: 64 * 1024 * 1024 } as const;

/** What a client sends first of all, these windows among it. */
export const openingBytes = Buffer.concat([
  preface,
  settingsFrame([
    [settingIds.enablePush, 0],
    [settingIds.initialWindowSize, streamWindow],
  ]),
  windowUpdate(0, connectionWindow - windowUsual),
]);
