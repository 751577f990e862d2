/**
 * A server of a user's own, in a process of its own, built on a library as its users build on it: test/own-backends.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** What it saw; some count more. */
interface OwnCounts {
  readonly connections: number;
  readonly messages: number;
  readonly strangers?: number;
}

/** @param work is given the port. @returns what the server counted */
export async function withOwnBackend(
  name: string,
  work: (port: number) => Promise<void>,
  words: readonly string[] = [],
): Promise<OwnCounts> {
  const program = fileURLToPath(new URL(`../../test/own-backends/${name}.mjs`, import.meta.url));
  const server: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [program, ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    await work(Number((await lines.next()).value));
    server.stdin.end();
    return JSON.parse((await lines.next()).value ?? "");
  } finally {
    server.kill("SIGKILL");
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  }
}
