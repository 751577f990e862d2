/** Reads a file whose name somebody else chose: it may be a pipe, a device or larger than memory. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** What is there is no file to read to its end; the message says what it is, without the path. */
class NoPlainFileError extends Error {
  override readonly name = "NoPlainFileError";
}

/**
 * Never waits for a pipe's writer, and reads nothing of a file that is too long.
 * @param mostBytes 32 MiB unless given
 * @throws NoPlainFileError, or the system's error
 */
export function readSmallFile(path: string, mostBytes = 32 * 1024 ** 2): Buffer {
  // Opened before it is asked what it is, so that nobody can put another in its place.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(descriptor);
    if (found.isDirectory()) throw new NoPlainFileError("it is a folder");
    if (!found.isFile()) throw new NoPlainFileError("it is a pipe or a device; want a file");
    if (found.size > mostBytes) throw new NoPlainFileError(`it is longer than ${mostBytes >> 20} MiB`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
