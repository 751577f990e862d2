/**
 * `wsrally backend`: the pong server alone.
 */
import { once } from "node:events";
import { Command, InvalidArgumentError, Option } from "commander";
import { hasFaults } from "../backend/fault-plan.js";
import type { BackendEngine, PongServer } from "../backend/pong-server.js";
import { startPongServer } from "../backend/start-pong-server.js";
import { EnvironmentError, messageOf, UsageError, UserFacingError } from "../base/errors.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { tokenPattern, tokenWords } from "../scenario/behind.js";
import { addFaultFlags, type FaultOptions, readFaultFlags } from "./backend-faults.js";
import { givenToken, tokenFileWords } from "./given-token.js";
import { type CommandContext, say } from "./terminal.js";

interface BackendOptions extends FaultOptions {
  readonly host: string;
  readonly port: number;
  readonly ports: number;
  readonly path: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly deflate?: true;
  readonly engine: BackendEngine | "auto";
  readonly json?: true;
}

const highestPort = 65_535;

export function backendCommand({ terminal, signal }: CommandContext): Command {
  const command = new Command("backend")
    .description(
      "Runs the pong server alone, until it is interrupted: answers ping with pong and echoes everything else. A page at / " +
        "pings it from a browser. When it ends it says what it counted.",
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 takes a free one", toPort, 7415)
    .option("--ports <n>", "listen on this many, counted up from --port", toPortCount, 1)
    .option("--path <path>", "path of the WebSocket", "/sock")
    .option(
      "--token <token>",
      "know a run by it: measuring commands with the same --token and this address as --behind use this backend, on every path; others are counted apart",
      toToken,
    )
    .option("--token-file <file>", tokenFileWords)
    .option("--deflate", "accept permessage-deflate where it is offered; takes the ws engine")
    .addOption(
      new Option("--engine <name>", "what serves: epoll costs less, ws serves everywhere")
        .choices(["auto", "epoll", "ws"])
        .default("auto"),
    )
    .option("--json", "print the counts as JSON on stdout when it ends");
  return addFaultFlags(command)
    .addHelpText("after", examples)
    .action(async (options: BackendOptions) => {
      const isDefaultPath = command.getOptionValueSource("path") === "default";
      const server = await listen(options, isDefaultPath);
      const [address = "", ...further] = addressesOf(server);
      const others = further.length === 0 ? "" : `, and on ${further.join(", ")}`;
      say(
        terminal,
        `Listening on ws://${address}${options.path}${others}; a page to try it at http://${address}/`,
      );
      if (!signal.aborted) await once(signal, "abort");
      const { engine } = server;
      const counts = server.counts();
      await server.close();
      if (options.json) terminal.stdout.write(`${JSON.stringify({ engine, ...counts })}\n`);
      else {
        say(
          terminal,
          `${counts.upgrades} WebSockets, ${counts.messagesReceived} messages received, ${counts.messagesSent} sent`,
        );
      }
    });
}

async function listen(options: BackendOptions, isDefaultPath: boolean): Promise<PongServer> {
  const { host, port, ports, path, deflate = false, engine } = options;
  const token = givenToken(options) ?? null;
  if (!path.startsWith("/"))
    throw new UsageError(`Cannot serve the path ${path}: want one that starts with /`);
  if (port + ports - 1 > highestPort) {
    throw new UsageError(`Cannot listen on ${ports} ports from ${port} on: the last port is ${highestPort}`);
  }
  const faults = readFaultFlags(options);
  if (deflate && (hasFaults(faults) || engine === "epoll")) {
    throw new UsageError(
      "Cannot combine --deflate with faults or --engine epoll: it takes the ws engine, which has neither",
    );
  }
  try {
    const isOnce = options.once ?? false;
    return await startPongServer({
      ...{ host, port, ports, token, once: isOnce, deflate, engine, faults },
      // Proxies may change it, and a run knows its own.
      path: token !== null && isDefaultPath ? null : path,
      stamps: token !== null && !deflate && engine !== "ws" && isLinuxLayerAvailable().available,
    });
  } catch (thrown) {
    if (thrown instanceof UserFacingError) throw thrown;
    throw new EnvironmentError(
      `Cannot listen on ${host}:${port}: ${messageOf(thrown)}; --port chooses another`,
    );
  }
}

function addressesOf({ host, ports }: PongServer): string[] {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  return ports.map((port) => `${bracketed}:${port}`);
}

function toToken(text: string): string {
  if (!tokenPattern.test(text)) throw new InvalidArgumentError(`Want ${tokenWords}.`);
  return text;
}

function toPort(text: string): number {
  return toWhole(text, 0, "Want a port, 0 to 65535.");
}

function toPortCount(text: string): number {
  return toWhole(text, 1, "Want a number of ports, 1 or more.");
}

function toWhole(text: string, least: number, wanted: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number) || number < least || number > highestPort) {
    throw new InvalidArgumentError(wanted);
  }
  return number;
}

const examples = `
Examples:
  wsrally backend
  wsrally backend --port 9000 --path /ws
  wsrally backend --once
  wsrally backend --host 10.0.0.7 --token-file word.txt       behind a proxy that somebody else runs
  wsrally backend --delay exp:20 --close-after 1000:1011
`;
