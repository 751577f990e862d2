/**
 * The lines of a log that may grow without bound.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** About 30,000 messages: what comes after them says nothing new, and a debug log can fill a disk. */
const limitBytes = 4 * 1024 * 1024;

/** The file's first lines, none when there is no such file. */
export function readLogLines(file: string): string[] {
  let descriptor: number;
  try {
    // A link in the place of a log is not followed: the folder is the proxy's own.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    // Nothing was logged yet.
    return [];
  }
  try {
    const buffer = Buffer.alloc(Math.min(fstatSync(descriptor).size, limitBytes));
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    return buffer
      .toString("utf8", 0, length)
      .split("\n")
      .filter((line) => line !== "");
  } finally {
    closeSync(descriptor);
  }
}
