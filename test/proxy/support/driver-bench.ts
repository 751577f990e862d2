/**
 * What a test of a driver needs around it: its program, an echo server behind, a folder with a user's config in it, and
 * clients in front.
 */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import type { PrepareRequest, ProxyDriver } from "#wsrally/proxy/driver.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { installProgram } from "#wsrally/proxy/program/install-program.js";
import type { PreparedProxy, ProxyEndpoint, RunningProxy } from "#wsrally/proxy/proxy.js";
import { withFolder } from "../../support/with-folder.js";
import type { AskedConfig, ContractFixture } from "./contract-fixture.js";
import { contractFixtures } from "./contract-fixtures.js";
import { never, withBench } from "./proxy-bench.js";

export interface DriverBench {
  readonly fixture: ContractFixture;
  /** Of the user; `file` is in it. */
  readonly folder: string;
  readonly file: string;
  /** Where the driver has its own files, in folders of their own. */
  readonly privateFolder: string;
  /** With a config of its own, or the text of a user's. */
  prepare(
    config: string | Readonly<Record<string, string>>,
    asked?: Partial<PrepareRequest>,
  ): Promise<PreparedProxy>;
  start(asked: AskedConfig): Promise<RunningProxy>;
}

/** Runs a test with its surroundings, and clears them away whatever happens. */
export async function withDriver(
  driver: ProxyDriver,
  test: (bench: DriverBench) => Promise<void>,
): Promise<void> {
  // From PATH, a variable, or the cache folder, which it is fetched into where there is none.
  await findProgram(driver.program).catch(() => installProgram(driver.program));
  const fixture = contractFixtures[driver.kind];
  await withBench(({ setting }) =>
    withFolder(async (folder) => {
      const file = join(folder, fixture.fileName);
      const request = {
        ...setting,
        access: "opened",
        upstream: "ours",
        confinedTo: null,
        variant: null,
        isPlaced: false,
        signal: never,
      } as const;
      const prepare: DriverBench["prepare"] = (config, asked = {}) => {
        if (typeof config === "string") writeFileSync(file, config);
        const source =
          typeof config === "string"
            ? ({ kind: "file", file } as const)
            : ({ kind: "built-in", set: config } as const);
        return driver.prepare({ ...request, source, ...asked });
      };
      await test({
        fixture,
        folder,
        file,
        privateFolder: setting.folder,
        prepare,
        start: async (asked) => (await prepare(fixture.config(asked))).start(never),
      });
    }),
  );
}

/** An open WebSocket; once open, its errors are nobody's. @throws when it was refused, or not answered in time */
export async function openSocket({ host, port }: ProxyEndpoint, handshakeTimeout = 5000): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}:${port}/sock`, { handshakeTimeout });
  await once(socket, "open");
  socket.on("error", () => undefined);
  return socket;
}

/** What is answered to a plain request, on a connection of its own. @throws where nothing is for so long */
export async function bodyOf({ host, port }: ProxyEndpoint, path: string, limitMs = 5000): Promise<string> {
  const request = get({ host, port, path, agent: false, timeout: limitMs });
  request.on("timeout", () => request.destroy());
  const [response] = await once(request, "response");
  return text(response);
}

/** By what the config that is in force is known, at a path that the proxy answers itself. */
export async function markOf({ host, port }: ProxyEndpoint): Promise<string> {
  const [response] = await once(get({ host, port, path: "/mark", agent: false }), "response");
  const body = await text(response);
  return response.headers["x-mark"] ?? body;
}

/** Its close code, once it is over. */
export function closeOf(socket: WebSocket): Promise<number> {
  return once(socket, "close").then(([code]) => code as number);
}
