/**
 * Files that are whole whatever happens: a disk that fills, or a process that is killed, leaves what was there before.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Of files that may hold what a config or a log tells of others, and of their folder. */
export const privateFile = 0o600;
export const privateFolder = 0o700;

/** What everybody may read, as far as the user's umask allows. */
const usualFile = 0o666;

/**
 * Replaces a file in one step, so that a reader never sees half of it. A link in its place is replaced, and none is written
 * through.
 * @throws the system's error
 */
export function replaceFile(file: string, text: string, mode = usualFile): void {
  const draft = `${file}.part`;
  try {
    // What somebody put there goes: a draft of a run that was killed, or a link.
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: "wx", mode });
    renameSync(draft, file);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
}

/** Adds all of the text to a file, or nothing. @param mode where it is made @throws the system's error */
export function appendWhole(file: string, text: string, mode = usualFile): void {
  const descriptor = openSync(file, "a", mode);
  try {
    const { size } = fstatSync(descriptor);
    try {
      writeFileSync(descriptor, text);
    } catch (thrown) {
      ftruncateSync(descriptor, size);
      throw thrown;
    }
  } finally {
    closeSync(descriptor);
  }
}
