/**
 * What a reader must know of the hosts that took part in a run.
 */
import type { RunDocument } from "../results/run-document.js";

type Warning = RunDocument["warnings"][number];

/** Less than that is what a busy host does to any process. */
const startSkewUs = 5000;

/** @param madeOf what a run consists of: without one that made load, only blocks go on */
export function agentWarnings(
  { environment: { agents = [] } }: Pick<RunDocument, "environment">,
  madeOf: "blocks" | "whole",
): Warning[] {
  const gone = agents.flatMap(({ name, role, lost }) =>
    lost === undefined ? [] : [{ isProxys: role === "proxy", words: `${name} ${lost}` }],
  );
  const told = (isProxys: boolean): string =>
    gone.flatMap((one) => (one.isProxys === isProxys ? [one.words] : [])).join("; ");
  const late = agents.filter(({ startSkewUs: skewUs }) => (skewUs ?? 0) > startSkewUs);
  const lateWords = late.map((agent) => `${agent.name} by ${((agent.startSkewUs ?? 0) / 1e3).toFixed(1)} ms`);
  const whatCame =
    madeOf === "blocks"
      ? "the block that was being measured is void, and what came after it was loaded by the others, at the same rate"
      : "the run ended there, with what was measured until then";
  return [
    ...warning(
      "agent-lost",
      told(true),
      ", and the proxies with it: the run ended there, with what was measured until then",
    ),
    ...warning("agent-lost", told(false), `: ${whatCame}`),
    ...warning(
      "start-skew",
      lateWords.length === 0 ? "" : `agents began late, at worst ${lateWords.join(", ")}`,
    ),
  ];
}

function warning(code: string, who: string, what = ""): Warning[] {
  return who === "" ? [] : [{ code, message: `${who}${what}` }];
}
