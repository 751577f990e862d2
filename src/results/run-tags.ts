/**
 * Tags: names that a user gives a run or a probe, stored in its document and told from its first lines, for a list is not to read
 * documents of megabytes.
 */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { z } from "zod";

/** A word, so that it can be typed. */
export const tagSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** As documents hold them; absent without any. */
export const tagsSchema = z.array(tagSchema).optional();

/** Documents have their tags behind their id. */
const headBytes = 4096;

/** Of a document's file; none where it cannot be read, or is a link. */
export function readTags(file: string): readonly string[] {
  const [, list] = /"tags":\s*(\[[^\]]*\])/.exec(readHead(file)) ?? [];
  if (list === undefined) return [];
  try {
    return tagsSchema.parse(JSON.parse(list)) ?? [];
  } catch {
    // A stranger's document.
    return [];
  }
}

function readHead(file: string): string {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const head = Buffer.alloc(headBytes);
      return head.toString("utf8", 0, readSync(descriptor, head, 0, headBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return "";
  }
}
