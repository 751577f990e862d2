/**
 * `wsrally backend`: the pong server alone.
 */
import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { startPongServer } from "../backend/start-pong-server.js";
import { EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import type { CommandContext } from "./terminal.js";

interface BackendOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly once?: true;
  readonly deflate?: true;
  readonly json?: true;
}

export function backendCommand({ terminal, signal }: CommandContext): Command {
  return new Command("backend")
    .summary("run the pong server alone")
    .description(
      "Runs the pong server alone, until it is interrupted: answers ping with pong and echoes everything else. A page at / " +
        "pings it from a browser. When it ends it says what it counted.",
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 takes a free one", toPort, 7415)
    .option("--path <path>", "path of the WebSocket", "/sock")
    .option("--once", "end each connection after one answer, without a close frame, as a naive handler does")
    .option("--deflate", "accept permessage-deflate where it is offered")
    .option("--json", "print the counts as JSON on stdout when it ends")
    .addHelpText("after", examples)
    .action(async (options: BackendOptions) => {
      if (!options.path.startsWith("/")) {
        throw new UsageError(`Cannot serve the path ${options.path}: want one that starts with /`);
      }
      const server = await listen(options);
      const address = `${server.host.includes(":") ? `[${server.host}]` : server.host}:${server.port}`;
      terminal.stderr.write(
        `Listening on ws://${address}${options.path}; a page to try it at http://${address}/\n`,
      );
      if (!signal.aborted) await once(signal, "abort");
      const counts = server.counts();
      await server.close();
      if (options.json) terminal.stdout.write(`${JSON.stringify(counts)}\n`);
      else {
        terminal.stderr.write(
          `${counts.upgrades} WebSockets, ${counts.messagesReceived} messages received, ${counts.messagesSent} sent\n`,
        );
      }
    });
}

async function listen({ host, port, path, ...options }: BackendOptions): ReturnType<typeof startPongServer> {
  try {
    return await startPongServer({
      host,
      port,
      path,
      once: options.once ?? false,
      deflate: options.deflate ?? false,
    });
  } catch (thrown) {
    throw new EnvironmentError(
      `Cannot listen on ${host}:${port}: ${messageOf(thrown)}; --port chooses another`,
    );
  }
}

function toPort(text: string): number {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("Want a port, 0 to 65535.");
  }
  return port;
}

const examples = `
Examples:
  wsrally backend
  wsrally backend --port 9000 --path /ws
  wsrally backend --once
`;
