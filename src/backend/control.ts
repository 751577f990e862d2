/**
 * How a run that did not start a server asks it for its counts: by plain requests with the run's token, each answered by
 * a report.
 */
import { collectYoungGarbage } from "../base/collect-garbage.js";
import { createReporter } from "./create-reporter.js";
import type { PongServer } from "./pong-server.js";

/** What can be asked, by its path. */
export const controlPaths = {
  report: "/.wsrally/report",
  reset: "/.wsrally/reset",
  serve: "/.wsrally/serve",
  drain: "/.wsrally/drain",
} as const;

export type Control = (path: string) => string | null;

/** Where nobody has a token nobody can ask. */
export const noControl: Control = () => null;

/** @param find the server, which is there before anybody asks. @returns the answer, as JSON; null for what is no question */
export function createControl(find: () => PongServer): Control {
  const report = createReporter(find);
  return (path) => {
    switch (path) {
      case controlPaths.report:
        break;
      case controlPaths.reset:
        find().resetCounts();
        collectYoungGarbage();
        break;
      case controlPaths.serve:
        find().take?.({ kind: "serving" });
        break;
      case controlPaths.drain:
        find().take?.({ kind: "draining", code: 1012, status: 503 });
        break;
      default:
        return null;
    }
    return JSON.stringify(report());
  };
}
