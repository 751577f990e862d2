/** Reads a file whose name or content somebody else chose: it may be a pipe, a device, a link or larger than memory. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { codeOf } from "./errors.js";

/** What is there is no file to read to its end; the message says what it is, without the path. */
class NoPlainFileError extends Error {
  override readonly name = "NoPlainFileError";
}

const { O_RDONLY } = constants;
/** Windows has neither. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>;

/**
 * Never waits for a pipe's writer, and reads nothing of a file that is too long.
 * @param mostBytes 32 MiB unless given
 * @throws NoPlainFileError, or the system's error
 */
export function readSmallFile(path: string, mostBytes = 32 * 1024 ** 2): Buffer {
  return readOpened(openSync(path, O_RDONLY | O_NONBLOCK), mostBytes);
}

/**
 * The same of a file that came with its folder from elsewhere: a link would be read with this user's rights, wherever it
 * leads.
 */
export function readUnlinkedFile(path: string, mostBytes: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (thrown) {
    if (codeOf(thrown) === "ELOOP") throw new NoPlainFileError("it is a link; want the file itself");
    throw thrown;
  }
  return readOpened(descriptor, mostBytes);
}

/** Opened before it is asked what it is, so that nobody can put another in its place. */
function readOpened(descriptor: number, mostBytes: number): Buffer {
  try {
    const found = fstatSync(descriptor);
    if (found.isDirectory()) throw new NoPlainFileError("it is a folder");
    if (!found.isFile()) throw new NoPlainFileError("it is a pipe or a device; want a file");
    if (found.size > mostBytes) throw tooLong(mostBytes);
    return readToEnd(descriptor, found.size, mostBytes);
  } finally {
    closeSync(descriptor);
  }
}

/** A file of /proc says that it is empty, and one may grow while it is read. */
function readToEnd(descriptor: number, size: number, mostBytes: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length > mostBytes) throw tooLong(mostBytes);
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(length + 4096)]);
  }
}

function tooLong(mostBytes: number): NoPlainFileError {
  return new NoPlainFileError(`it is longer than ${mostBytes >> 20} MiB`);
}
