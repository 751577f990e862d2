/**
 * Whether path and query arrive as the client sent them; and if not, what a real backend then answers.
 */
import { type Finding, fault, notTested, ok } from "../../diagnosis/finding.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { placeOf } from "../../proxy/nginx/nginx-tree.js";
import { answerWords, requestEvidence } from "../evidence.js";
import { plainManners } from "../probe-backend.js";
import type { ProbeContext } from "../probe-context.js";
import { upgradeText } from "../raw-client.js";

export async function checkPath(context: ProbeContext): Promise<readonly Finding[]> {
  const { opening, target, backend, view, backendPath } = context;
  const request = opening.backend?.request;
  if (request === undefined || request === null || backend === null)
    return [notTested("path", "no request reached the backend")];
  const [path = "", query = null] = splitTarget(backendPath);
  const wanted = query === null && !target.path.includes("?") ? path : backendPath;
  if (request.target === wanted) return [ok("path")];
  // Once more, to a backend that has its WebSocket at one path, as real ones do.
  backend.manners = { ...plainManners, onlyPath: path };
  const strict = await context.observe(upgradeText(target));
  backend.manners = plainManners;
  strict.client.end?.destroy();
  const { answer } = strict.client;
  const isHome = answer.kind === "answered" && answer.status === 200;
  const consequence = isHome
    ? "the backend's home page answers 200 in place of the WebSocket"
    : `a backend with its WebSocket at ${path} alone answers: ${answerWords(answer)}`;
  return [
    fault("path", {
      side: "proxy",
      title: `the path changes on its way: ${target.path} arrives as ${request.target}`,
      evidence: [...requestEvidence(opening, []).slice(0, 2), consequence],
      ...explainPath(view, context),
    }),
  ];
}

function splitTarget(target: string): [string, string | null] {
  const at = target.indexOf("?");
  return at === -1 ? [target, null] : [target.slice(0, at), target.slice(at)];
}

function explainPath(view: ConfigView | null, { opening }: ProbeContext): { cause: string; cure: string } {
  const intended = `if the backend does have its WebSocket there: --backend-path ${opening.backend?.request?.path ?? ""}`;
  if (view === null) return { cause: "something between changes the path", cure: intended };
  const [rewrite] = view.effective("rewrite");
  if (rewrite !== undefined) {
    return {
      cause: `\`rewrite ${rewrite.args.join(" ")}\` at ${placeOf(rewrite.origin)}`,
      cure: `take the rewrite out, or leave the WebSocket's path out of it; ${intended}`,
    };
  }
  const [pass] = view.effective("proxy_pass");
  const url = pass?.args[0] ?? "";
  const uri = /^\w+:\/\/[^/]+(\/.*)$/.exec(url)?.[1];
  if (pass !== undefined && uri !== undefined) {
    return {
      cause:
        `\`proxy_pass ${url}\` at ${placeOf(pass.origin)} ends in a URI (${uri}), which takes the place of what ` +
        `${view.where} matched`,
      cure: `${intended}; else leave the URI${uri === "/" ? " (the trailing slash)" : ""} out:\nproxy_pass ${url.slice(0, -uri.length)};`,
    };
  }
  return {
    cause: `\`proxy_pass ${url}\` at ${placeOf(pass?.origin ?? null)} builds the path anew`,
    cure: intended,
  };
}
