/**
 * Prepares, starts and asks configs where the only name server is this process, and prints which names it was asked for.
 * Takes a list of configs on standard input; must run in a network of its own whose resolver is 127.0.0.1.
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { messageOf } from "#wsrally/base/errors.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { ProxyEndpoint, ProxySetting } from "#wsrally/proxy/proxy.js";
import type { ProxyKind } from "#wsrally/scenario/proxy-kind.js";
import { upgradeRequest } from "../../support/raw-client.js";
import { never, withBench } from "./proxy-bench.js";

export interface ConfigToAsk {
  readonly proxy: ProxyKind;
  readonly file: string;
  /** Whether it is a stranger's, and may be read from its folder alone. */
  readonly isConfined: boolean;
  /** What tells lines that the config can do without: it is tried again without each that is refused. */
  readonly dispensable?: string;
  /** What to ask the running proxy for. */
  readonly paths: readonly string[];
}

export interface Asked {
  /** Names that the name server was asked for, of all configs. */
  readonly names: readonly string[];
  readonly ends: readonly ConfigEnd[];
}

interface ConfigEnd {
  readonly file: string;
  /** Null for a config that ran, in the end. */
  readonly refusal: string | null;
  /** What was refused of it before. */
  readonly refusals: readonly string[];
}

const asked: string[] = [];
/** Configs that wait for their proxy to start and to answer. */
const atOnce = 3;
/** Longer than a proxy takes to answer, or to ask. */
const answerLimitMs = 300;

/** Answers every question with "no such name", at once. */
async function startNameServer(): Promise<() => void> {
  const server = createSocket("udp4");
  server.on("message", (question, { port, address }) => {
    asked.push(nameIn(question));
    const answer = Buffer.from(question);
    answer.writeUInt16BE(0x8183, 2);
    server.send(answer, port, address);
  });
  server.bind(53, "127.0.0.1");
  await once(server, "listening");
  return () => server.close();
}

/** Of the question that a message begins with (RFC 1035, 4.1.2). */
function nameIn(message: Buffer): string {
  const labels: string[] = [];
  for (let at = 12, length = message[at] ?? 0; length > 0; at += length + 1, length = message[at] ?? 0)
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
  return labels.join(".");
}

/** What is looked up at a request only is looked up then. */
async function ask({ tls, host, port }: ProxyEndpoint, path: string): Promise<void> {
  const socket: Socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect(port, host);
  socket.on("error", () => undefined);
  socket.write(upgradeRequest(path));
  // One that is cut off was asked all the same.
  await Promise.race([once(socket, "data"), once(socket, "close"), sleep(answerLimitMs)]).catch(
    () => undefined,
  );
  socket.destroy();
}

async function run(
  { proxy, file, isConfined, paths }: ConfigToAsk,
  setting: ProxySetting,
): Promise<string | null> {
  try {
    const confinedTo = isConfined ? [{ path: dirname(file), tracked: null }] : null;
    const target = { kind: "proxy" as const, proxy, configFile: file, confinedTo };
    const running = await (await prepareProxy(target, {}, setting, never)).start(never);
    await Promise.all(paths.map((path) => ask(running.endpoint, path)));
    await running.stop();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** Whether the config was changed so that it may be taken now. */
function withoutRefused({ file, dispensable }: ConfigToAsk, refusal: string): boolean {
  if (dispensable === undefined) return false;
  const lines = readFileSync(file, "utf8").split("\n");
  const pattern = new RegExp(`\\b\\w+${dispensable.replaceAll(".", "\\.")}`);
  const place = Number(refusal.match(new RegExp(`${file}:(\\d+)`))?.[1]) - 1;
  const name = pattern.exec(refusal)?.[0] ?? dispensable;
  const culprit = pattern.test(lines[place] ?? "") ? place : lines.findIndex((line) => line.includes(name));
  if (culprit === -1) return false;
  writeFileSync(file, lines.with(culprit, "").join("\n"));
  return true;
}

async function look(config: ConfigToAsk, setting: ProxySetting): Promise<ConfigEnd> {
  const refusals: string[] = [];
  let refusal = await run(config, setting);
  while (refusal !== null && withoutRefused(config, refusal)) {
    refusals.push(refusal);
    refusal = await run(config, setting);
  }
  return { file: config.file, refusal, refusals };
}

const configs = JSON.parse(await text(process.stdin)) as ConfigToAsk[];
const stop = await startNameServer();
// The name server hears of it, and so would of others.
await lookup("control.asked.test").catch(() => undefined);
const ends: ConfigEnd[] = [];
await withBench(async ({ setting }) => {
  const work = async (): Promise<void> => {
    for (let next = configs.shift(); next !== undefined; next = configs.shift())
      ends.push(await look(next, setting));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
});
stop();
process.stdout.write(JSON.stringify({ names: asked, ends } satisfies Asked));
