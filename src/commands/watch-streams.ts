/**
 * What becomes of stdout and stderr when whoever reads them leaves, or the disk they go to is full: never a crash. Without
 * its reader a stream takes what is written and loses it, and the work goes on; where one pipe has been both, as in
 * `2>&1 | head`, nobody hears of the work any more, and it is to stop.
 */
import { fstatSync } from "node:fs";
import { codeOf, messageOf } from "../base/errors.js";

type Stream = Pick<NodeJS.WriteStream, "write" | "on"> & { readonly fd: number };

interface StreamWatch {
  /** Why stdout did not take all of its output though somebody wants it; null where it did. */
  outputTrouble(): string | null;
}

/** @param abandoned called when the reader of both streams has left */
export function watchStreams(
  { stdout, stderr }: { readonly stdout: Stream; readonly stderr: Stream },
  abandoned: () => void,
): StreamWatch {
  let trouble: string | null = null;
  const areOne = isOnePipe(stdout.fd, stderr.fd);
  const left = (error: unknown): boolean => {
    const isGone = ["EPIPE", "ECONNRESET"].includes(codeOf(error) ?? "");
    if (isGone && areOne) abandoned();
    return isGone;
  };
  afterFailure(stderr, left);
  afterFailure(stdout, (error) => {
    if (left(error)) return;
    trouble = messageOf(error);
    stderr.write(`Cannot write the output: ${trouble}\n`);
  });
  return { outputTrouble: () => trouble };
}

/** Loses what is written after the first failure, of which it tells. */
function afterFailure(stream: Stream, tell: (error: unknown) => void): void {
  let isOver = false;
  const end = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    tell(error);
  };
  const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: never[]) => boolean;
  stream.on("error", end);
  // A file's stream throws what a pipe's tells later.
  stream.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    try {
      return isOver || write(chunk, ...rest);
    } catch (thrown) {
      end(thrown);
      return true;
    }
  };
}

function isOnePipe(one: number, other: number): boolean {
  try {
    const [first, second] = [fstatSync(one), fstatSync(other)];
    return first.ino === second.ino && first.dev === second.dev && (first.isFIFO() || first.isSocket());
  } catch {
    return false;
  }
}
