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

/** What a client sends first of all, these windows among it. */
export const openingBytes = Buffer.concat([
  preface,
  settingsFrame([
    [settingIds.enablePush, 0],
    [settingIds.initialWindowSize, streamWindow],
  ]),
  windowUpdate(0, connectionWindow - windowUsual),
]);
