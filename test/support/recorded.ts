/** A HAR file with WebSocket messages in it, as Chromium writes it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** When, which way (`>` is the client's), and what; binary where it is bytes. */
export type Said = readonly [atMs: number, way: ">" | "<", what: string | Buffer];

/** @param unitsPerS of the messages' times: a browser writes seconds, Playwright milliseconds. @returns the file's text */
export function harOf(sessions: readonly (readonly Said[])[], unitsPerS: 1 | 1000 = 1): string {
  const entries = sessions.map((said) => ({
    request: { url: "wss://example.org/sock" },
    _resourceType: "websocket",
    _webSocketMessages: said.map(([atMs, way, what]) => ({
      type: way === ">" ? "send" : "receive",
      time: (1_700_000_000 + atMs / 1000) * unitsPerS,
      opcode: typeof what === "string" ? 1 : 2,
      data: typeof what === "string" ? what : what.toString("base64"),
    })),
  }));
  return JSON.stringify({ log: { version: "1.2", entries: [{ request: {} }, ...entries] } });
}

/** @returns the file's name */
export function writeHar(...recording: Parameters<typeof harOf>): string {
  const file = join(mkdtempSync(join(tmpdir(), "wsrally-har-")), "recorded.har");
  writeFileSync(file, harOf(...recording));
  return file;
}

/** A login, a push, a heartbeat, a message that nobody replies to, and one whose reply takes long. */
export const chat: readonly Said[] = [
  [0, "<", '{"hello":true}'],
  [20, ">", '{"login":"ann"}'],
  [30, "<", '{"type":"welcome"}'],
  [50, "<", Buffer.from([0, 1, 2, 3])],
  [60, ">", "2"],
  [61, "<", "3"],
  [80, ">", Buffer.from([9, 9])],
  [90, ">", ""],
  [120, "<", "done, ".repeat(40)],
];
