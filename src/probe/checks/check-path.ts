/**
 * Whether path and query arrive as the client sent them; and if not, what a real backend then answers.
 */
import { type Finding, fault, note, notTested, ok } from "../../diagnosis/finding.js";
import type { PathChange } from "../../diagnosis/symptom.js";
import { answerWords, arrivesAs, queryWords, requestEvidence } from "../evidence.js";
import { plainManners } from "../probe-backend.js";
import type { ProbeContext } from "../probe-context.js";
import { upgradeText } from "../raw-client.js";
import { explained } from "./explained-fault.js";

export async function checkPath(context: ProbeContext): Promise<readonly Finding[]> {
  const { opening, target, backend, backendPath } = context;
  const request = opening.backend?.request;
  if (request === undefined || request === null || backend === null)
    return [notTested("path", "no request reached the backend")];
  const wanted = splitTarget(backendPath);
  const arrived = splitTarget(request.target);
  const sent = wanted.query.length > 0 ? wanted.query : splitTarget(target.path).query;
  const change: PathChange = {
    path: arrived.path === wanted.path ? null : { wanted: wanted.path, arrived: arrived.path },
    lost: without(sent, arrived.query),
    gained: without(arrived.query, sent),
  };
  const evidence = requestEvidence(opening, []).slice(0, 2);
  const isWhole = change.path === null && change.lost.length === 0;
  if (isWhole && change.gained.length === 0) return [ok("path")];
  const symptom = { kind: "path-changed", sent: target.path, arrived: request.target, change } as const;
  const otherwise = { cause: "something between changes it", cure: "look for what does" };
  if (isWhole) {
    const title = `the query gains ${queryWords(change.gained)} on its way`;
    return [note("path", explained(context, symptom, { title, evidence, otherwise }))];
  }
  const what = change.path === null ? "the query is lost" : "the path changes";
  const trouble = explained(context, symptom, {
    title: `${what} on its way: ${arrivesAs(target.path, request.target)}`,
    evidence: [...evidence, await consequence(context, wanted.path, change)],
    otherwise,
  });
  const cure = [intended(change), trouble.cure].filter((words) => words !== null).join("; else ");
  return [fault("path", { ...trouble, cure })];
}

/** Null where it is no path that a backend has, or where the query is what is missing. */
function intended({ path, lost }: PathChange): string | null {
  if (path === null || lost.length > 0 || path.arrived.includes("//")) return null;
  return `if the backend does have its WebSocket there: --backend-path ${path.arrived}`;
}

/** Once more, to a backend that has its WebSocket at one path, as real ones do. */
async function consequence(context: ProbeContext, path: string, change: PathChange): Promise<string> {
  const { backend, target } = context;
  if (change.path === null || backend === null)
    return `backend received: no ${queryWords(change.lost)}, which a backend that asks for a token there refuses`;
  backend.manners = { ...plainManners, onlyPath: path };
  const strict = await context.observe(upgradeText(target));
  backend.manners = plainManners;
  strict.client.end?.destroy();
  const { answer } = strict.client;
  const isHome = answer.kind === "answered" && answer.status === 200;
  return isHome
    ? "the backend's home page answers 200 in place of the WebSocket"
    : `a backend with its WebSocket at ${path} alone answers: ${answerWords(answer)}`;
}

/** A question mark with nothing behind it is no query. */
function splitTarget(target: string): { path: string; query: readonly string[] } {
  const at = target.indexOf("?");
  const query = at === -1 ? "" : target.slice(at + 1);
  return {
    path: at === -1 ? target : target.slice(0, at),
    query: query.split("&").filter((one) => one !== ""),
  };
}

/** Those of the one that the other has not, as often as it has them. */
function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
