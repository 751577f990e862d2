/** What a server says in the body of an answer that is no 101: its own reason, more often than not. */
import type { IncomingMessage } from "node:http";

const bytesMost = 400;
const limitMs = 1000;

/** The start of it, as far as it comes in time; empty for none. */
export function readRefusalBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const finish = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(parts).subarray(0, bytesMost).toString("utf8"));
    };
    const timer = setTimeout(finish, limitMs);
    response.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length >= bytesMost) finish();
    });
    for (const event of ["end", "close", "error"]) response.on(event, finish);
  });
}
