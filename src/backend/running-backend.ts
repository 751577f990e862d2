/**
 * A backend that a run did not start, `wsrally backend --token`: asked over HTTP, wherever it listens.
 */
import { request } from "node:http";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError } from "../base/errors.js";
import { tokenHeader } from "../websocket/run-token.js";
import type { Backend } from "./backend-process.js";
import { controlPaths } from "./control.js";
import type { BackendReport } from "./messages.js";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const answerMs = 2000;

/** @returns null where none answers that knows the token */
export async function findRunningBackend(address: ListenAddress, token: string): Promise<Backend | null> {
  const beforeNs = monotonicClock.now();
  const first = await ask(address, token, controlPaths.report);
  const afterNs = monotonicClock.now();
  if (first?.engine == null) return null;
  const must = async (path: string): Promise<BackendReport> => {
    const report = await ask(address, token, path);
    if (report === null)
      throw new EnvironmentError(`The backend at ${address.host}:${address.port} answers no more`);
    return report;
  };
  return {
    pids: [],
    engine: first.engine,
    host: address.host,
    port: address.port,
    ports: [address.port],
    // Two machines' clocks count from different boots.
    sharesClock: first.atNs >= beforeNs && first.atNs <= afterNs,
    goesDown: false,
    push: null,
    report: () => must(controlPaths.report),
    reset: () => must(controlPaths.reset),
    async take({ kind }) {
      if (kind === "down") throw new EnvironmentError("A backend that this run did not start cannot go down");
      await must(kind === "draining" ? controlPaths.drain : controlPaths.serve);
    },
    // It goes on for whoever started it.
    stop: () => Promise.resolve(),
  };
}

/** Null for anything but a report. */
function ask({ host, port }: ListenAddress, token: string, path: string): Promise<BackendReport | null> {
  return new Promise((resolve) => {
    const sent = request(
      { host, port, path, agent: false, headers: { [tokenHeader]: token }, timeout: answerMs },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => resolve(response.statusCode === 200 ? reportIn(body) : null));
        response.on("error", () => resolve(null));
      },
    );
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(null));
    sent.end();
  });
}

function reportIn(body: string): BackendReport | null {
  try {
    const report: unknown = JSON.parse(body);
    const isReport = typeof report === "object" && report !== null && "counts" in report && "atNs" in report;
    return isReport ? (report as BackendReport) : null;
  } catch {
    // Some other server's page.
    return null;
  }
}
