/**
 * Why a request was answered, or cut, before the backend saw it.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigLine, sectionText } from "../language/config-tree.js";
import { quotedWords } from "../language/mask-config.js";
import { criteriaOf, splitCondition } from "../route/condition.js";
import type { RouteEnd } from "../route/follow-route.js";
import { foundNoBackend } from "../run/read-log-line.js";
import { clientLimits } from "./client-limits.js";
import { isOfClient } from "./config-parts.js";
import { type ConfigView, quoteOf, timeoutOf, written, writtenSection } from "./config-view.js";
import { causesOf, explainServerLog } from "./explain-server.js";
import { frontendRoom, processRoom } from "./facts.js";
import { nearMisses } from "./near-miss.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;
type Unanswered = Extract<Symptom, { kind: "unanswered" }>;

export function explainAnswer(view: ConfigView, { status, location, log, asked }: Early): Explanation | null {
  const end = view.route?.end ?? null;
  if (end === null) return null;
  if (end.kind === "answered" && fits(end, status)) return ruleAnswered(view, end, location);
  if (end.kind === "no-backend" && status === 503) return noBackend(view, { ...end, host: null });
  if (end.kind === "no-server" && status === 503) return noServer(view, end.backend);
  const frontend = view.route?.frontend ?? null;
  if (frontend?.kind === "frontend" && log.some(({ line }) => foundNoBackend(line)))
    return noBackend(view, { frontend, named: null, host: asked?.host ?? null });
  const byLog = explainServerLog(view, causesOf(log), status);
  if (byLog !== null) return byLog;
  const limit = clientLimits(view)[0];
  if (limit !== undefined && (status === 429 || status === 403)) return limited(limit.line);
  const rule = uncertainRule(view);
  if (rule === null) return null;
  const isPassword = status === 401 && rule.args.includes("auth");
  return isPassword ? passwordAsked(view, rule) : { ...ruleWords(rule), quotes: [quoteOf(rule)] };
}

function fits({ answer }: Extract<RouteEnd, { kind: "answered" }>, status: number): boolean {
  return answer.status === null || answer.status === status;
}

/** A rule whose condition only a running HAProxy can tell, and that would end the request. */
function uncertainRule({ route }: ConfigView): ConfigLine | null {
  const found = route?.steps.find(
    ({ line, truth }) =>
      truth === null &&
      /\b(?:deny|reject|tarpit|return|auth|redirect|silent-drop)\b/.test(line.args.join(" ")),
  );
  return found?.line ?? null;
}

function ruleAnswered(
  view: ConfigView,
  { by, answer }: Extract<RouteEnd, { kind: "answered" }>,
  location: string | null,
): Explanation {
  const quotes = [quoteOf(by)];
  switch (answer.how) {
    case "redirect":
      return {
        cause: `${written(by)} redirects this path${location === null ? "" : ` to ${location}`}, and WebSocket clients follow no redirect`,
        cure: `connect to where it points, or except the path:\n${exception(view, by)}`,
        quotes,
      };
    case "auth":
      return passwordAsked(view, by);
    case "service":
      return {
        cause: `${written(by)} answers for this path itself`,
        cure: "another path for one of the two: `stats uri` answers for every path that begins so",
        quotes,
      };
    default:
      return { ...ruleWords(by, view), quotes };
  }
}

function passwordAsked(view: ConfigView, by: ConfigLine): Explanation {
  return {
    cause: `${written(by)} asks for a password; a page cannot give one to its WebSocket: Chrome and Firefox send what was typed for the page itself, Safari sends none`,
    cure: `a token in a cookie or in the query that the backend checks, and:\n${exception(view, by)}`,
    quotes: [quoteOf(by)],
  };
}

/** The rule again with this path left out. */
function exception({ route }: ConfigView, by: ConfigLine): string {
  const { words, condition } = splitCondition(by.args);
  const path = route?.path.split("?")[0] ?? "/ws";
  const rule = quotedWords([by.name, ...words]);
  if (condition === null) return `${rule} if !{ path_beg ${path} }`;
  const given = quotedWords(by.args.slice(words.length + 1));
  return condition.isUnless
    ? `${rule} unless { path_beg ${path} } || ${given}`
    : `${rule} if !{ path_beg ${path} } ${given}`;
}

function ruleWords(by: ConfigLine, view?: ConfigView): Explanation {
  const { condition } = splitCondition(by.args);
  const lines = view?.route?.steps.find(({ line }) => line === by)?.section.lines ?? [];
  const fetches = criteriaOf(condition, (name) =>
    lines.filter((one) => one.name === "acl" && one.args[0] === name),
  ).map(({ expression }) => expression.fetch.name);
  if (fetches.some((name) => /^(?:sc\d?_|src_)/.test(name))) return limited(by);
  if (fetches.includes("src")) {
    return {
      isMild: true,
      title: "a rule turns 127.0.0.1 away, which is where wsrally comes from",
      cause: `${written(by)} goes by the client's address; behind another proxy that is the proxy's`,
      cure: "the addresses that are to come in; behind another proxy its own address is what `src` sees, unless:\nhttp-request set-src hdr_ip(X-Forwarded-For)",
    };
  }
  const because = fetches.some(isOfClient) ? "tells clients apart" : "holds for this request";
  return {
    cause: `${written(by)} ${because}, and ends it`,
    cure: view === undefined ? "change its condition" : `except the path:\n${exception(view, by)}`,
  };
}

function limited(line: ConfigLine): Explanation {
  return {
    cause: `${written(line)} limits what one client may do, and users behind one address, or another proxy, are one client`,
    cure: "a higher limit, or a key that tells users apart: `http-request track-sc0 req.cook(session)`",
    quotes: [quoteOf(line)],
  };
}

interface NoBackend extends Pick<Extract<RouteEnd, { kind: "no-backend" }>, "frontend" | "named"> {
  /** As it was asked for, where that is what a rule may go by; else null. */
  readonly host: string | null;
}

function noBackend(view: ConfigView, { frontend, named, host }: NoBackend): Explanation {
  const [miss] = nearMisses(view);
  const where = writtenSection(frontend);
  if (miss !== undefined)
    return {
      cause: `${miss.cause}; ${where} has no other backend for it`,
      cure: miss.cure,
      quotes: [quoteOf(miss.line)],
    };
  if (named !== null)
    return {
      cause: `${where} passes to \`${named}\`, which is no backend of the config`,
      cure: "correct the name",
    };
  const rules = view.route?.steps.filter(({ line }) => line.name === "use_backend") ?? [];
  const tried = rules
    .map(({ line }) => written(line))
    .slice(0, 3)
    .join(", ");
  return {
    cause: `no rule of ${where} holds for ${view.route?.path}${host === null ? "" : ` of ${host}`}${tried === "" ? "" : ` (${tried})`}, and it has no default_backend: HAProxy answers 503 itself`,
    cure: `a rule that holds for the path, or in ${sectionText(frontend)}:\ndefault_backend NAME`,
  };
}

function noServer(view: ConfigView, backend: NonNullable<ConfigView["backend"]>): Explanation {
  const off = backend.lines.find(({ name, args }) => name === "server" && args.includes("disabled"));
  if (off !== undefined)
    return {
      cause: `every server of ${writtenSection(backend)} is switched off: ${written(off)}`,
      cure: "take `disabled` away",
      quotes: [quoteOf(off)],
    };
  return {
    cause: `${writtenSection(backend)} has no server`,
    cure: `in ${sectionText(backend)}:\nserver NAME ADDRESS:PORT`,
    quotes: view.route === null ? [] : [{ text: sectionText(backend), place: backend.place }],
  };
}

export function explainUnanswered(view: ConfigView, { how, log }: Unanswered): Explanation | null {
  const { route } = view;
  if (route === null) return null;
  const { bind, end } = route;
  if (how !== "timeout" && bind?.args.includes("accept-proxy"))
    return {
      cause: `${written(bind)} wants every client to begin with a PROXY line, and cuts those that do not, without an answer`,
      cure: "let what stands before HAProxy send it (`send-proxy` there), or a bind without accept-proxy for clients that come directly",
      quotes: [quoteOf(bind)],
    };
  if (end.kind === "answered") return ruleAnswered(view, end, null);
  if (how !== "timeout") {
    const byLog = explainServerLog(view, causesOf(log), null);
    if (byLog !== null) return byLog;
    const limit = clientLimits(view)[0];
    return limit === undefined ? null : limited(limit.line);
  }
  return waits(view, causesOf(log));
}

function waits(view: ConfigView, causes: readonly LogCause[]): Explanation | null {
  const byLog = explainServerLog(view, causes, null);
  if (byLog !== null) return byLog;
  const room = frontendRoom(view) ?? processRoom(view);
  const least =
    [frontendRoom(view), processRoom(view)]
      .filter((one) => one !== null)
      .sort((a, b) => a.value - b.value)[0] ?? room;
  const server = timeoutOf(view, view.backend, "server");
  const asked =
    server === null
      ? ""
      : `; or the backend does not answer, which ${written(server.line)} ends after ${timeWords(server.seconds)}`;
  if (least === null)
    return server === null
      ? null
      : {
          cause: `the backend does not answer${asked.slice(asked.indexOf(", "))}`,
          cure: "see the backend's log",
        };
  return {
    cause: `${written(least.line)}: beyond it HAProxy takes no more clients, who wait in the kernel's backlog without an answer${asked}`,
    cure: "a higher maxconn, and `ulimit -n` with it",
    quotes: [quoteOf(least.line)],
  };
}
