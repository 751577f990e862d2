/**
 * Why a request or an answer is not the same at both ends: rules that touch headers and paths.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigLine, lineText, sectionText } from "../language/config-tree.js";
import { effectiveOption, modeOf } from "../language/effective.js";
import {
  type ConfigView,
  globalLine,
  quoteOf,
  serverParameter,
  written,
  writtenSection,
} from "./config-view.js";
import { pathRules, requestHeaderRules, responseHeaderRules } from "./rules.js";

const passes = "HAProxy passes Upgrade and Connection on by itself";

export function explainLostUpgrade(view: ConfigView): Explanation | null {
  const rules = [...requestHeaderRules(view, "Upgrade"), ...requestHeaderRules(view, "Connection")];
  const [rule] = rules;
  if (rule === undefined) return null;
  return {
    cause: `${rules.map(written).join(", ")}: ${passes}, unless a rule takes them away`,
    cure: `without the rule, or not for WebSockets:\n${exceptUpgrades(rule)}`,
    quotes: rules.map(quoteOf),
  };
}

function exceptUpgrades({ name, args }: ConfigLine): string {
  const at = args.findIndex((word) => word === "if" || word === "unless");
  const rule = lineText({ name, args: at === -1 ? args : args.slice(0, at), negated: false });
  return `${rule} unless { req.hdr(Upgrade) -m found }`;
}

export function explainHttpVersion(view: ConfigView, version: "1.0" | "2"): Explanation | null {
  const [server] = view.servers;
  const found = server && (serverParameter(view, server, "proto") ?? serverParameter(view, server, "alpn"));
  if (version === "1.0" || !found) return null;
  return {
    cause: `${written(found.line)}: HAProxy speaks HTTP/2 to the server, where a WebSocket is a CONNECT (RFC 8441)`,
    cure: "for WebSockets HTTP/1.1:\nws h1",
    quotes: [quoteOf(found.line)],
  };
}

export function explainAnswerChange(
  view: ConfigView,
  kind: "answer-lost" | "answer-changed" | "key-lost",
): Explanation | null {
  const names = [
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
  ];
  const asked = names.flatMap((name) => requestHeaderRules(view, name));
  const answered = [...names, "Sec-WebSocket-Accept", "Upgrade", "Connection"].flatMap((name) =>
    responseHeaderRules(view, name),
  );
  const rules = [...new Set(kind === "key-lost" ? asked : [...answered, ...asked])];
  return rules.length === 0
    ? null
    : {
        cause: `${rules.map(written).join(", ")} ${rules.length === 1 ? "takes" : "take"} headers of the handshake away, or changes them`,
        cure: "without it: no rule is needed for any Sec-WebSocket header",
        quotes: rules.map(quoteOf),
      };
}

export function explainPath(
  view: ConfigView,
  { sent, arrived }: Extract<Symptom, { kind: "path-changed" }>,
): Explanation | null {
  const rules = pathRules(view);
  if (rules.length === 0) return null;
  const where = view.backend === null ? "the backend" : sectionText(view.backend);
  return {
    cause: `${rules.map(written).join(", ")} makes ${arrived} of ${sent}`,
    cure: `without the rule in ${where}; HAProxy passes a path on as it came. Only a prefix away:\nhttp-request replace-path /PREFIX(/.*) \\1`,
    quotes: rules.map(quoteOf),
  };
}

export function explainPlainUpgraded(view: ConfigView): Explanation | null {
  const rules = [...requestHeaderRules(view, "Upgrade"), ...requestHeaderRules(view, "Connection")].filter(
    ({ args }) => args[0] === "set-header" || args[0] === "add-header",
  );
  return rules.length === 0
    ? null
    : {
        cause: `${rules.map(written).join(", ")} sets it for every request`,
        cure: `without the rule: ${passes}`,
        quotes: rules.map(quoteOf),
      };
}

export function explainHeader(
  view: ConfigView,
  { header, way }: Extract<Symptom, { kind: "header-changed" }>,
): Explanation | null {
  const rules = way === "to-backend" ? requestHeaderRules(view, header) : responseHeaderRules(view, header);
  if (rules.length === 0) return null;
  return {
    cause: `${rules.map(written).join(", ")} ${rules.length === 1 ? "changes" : "change"} ${header}`,
    cure: "without the rule: HAProxy passes it on as it came",
    quotes: rules.map(quoteOf),
  };
}

/** Whom `option forwardfor` tells of, and who may have written it before. */
export function explainClient(view: ConfigView, forged: boolean): Explanation | null {
  const { route, backend, tree } = view;
  const frontend = route?.frontend ?? null;
  if (frontend === null) return null;
  if (modeOf(frontend, tree).mode !== "http")
    return {
      cause: `${sectionText(frontend)} relays TCP, and adds no header`,
      cure: "`send-proxy-v2` at the server where the backend knows the PROXY protocol; or:\nmode http\noption forwardfor",
    };
  const option =
    effectiveOption(frontend, tree, "forwardfor") ??
    (backend && effectiveOption(backend, tree, "forwardfor"));
  if (forged && option !== null)
    return {
      cause: `${written(option)} adds its line behind what the client sent, which stays`,
      cure: `in ${sectionText(frontend)}, where clients come directly:\nhttp-request del-header X-Forwarded-For\noption forwardfor`,
      quotes: [quoteOf(option)],
    };
  if (option !== null) return null;
  const stays = forged ? ": what the client sends arrives as it is" : "";
  return {
    cause: `\`option forwardfor\` is not set in ${writtenSection(frontend)}, and HAProxy adds no X-Forwarded-For of its own accord${stays}`,
    cure: `in ${sectionText(frontend)}:\noption forwardfor`,
  };
}

export function explainScheme({ route }: ConfigView): Explanation | null {
  if (route === null) return null;
  return {
    cause: "no rule sets X-Forwarded-Proto, and HAProxy does not by itself",
    cure: `in ${sectionText(route.frontend)}:\nhttp-request set-header X-Forwarded-Proto https if { ssl_fc }\nhttp-request set-header X-Forwarded-Proto http unless { ssl_fc }`,
  };
}

const defaultBufferBytes = 16_384;

/** A head has to fit into one buffer, less what is kept free for rules to add. */
export function explainHead(view: ConfigView, what: "request" | "response", bytes: number): Explanation {
  const line = globalLine(view, "tune.bufsize");
  const rewrite = globalLine(view, "tune.maxrewrite");
  const is = line === null ? `\`tune.bufsize\` is ${defaultBufferBytes} bytes by default` : written(line);
  const free = rewrite === null ? "" : `, less ${written(rewrite)}`;
  return {
    cause: `the ${what}'s head of ${bytes} bytes does not fit into one buffer: ${is}${free}`,
    cure: "in global:\ntune.bufsize 32768",
    quotes: line === null ? [] : [quoteOf(line)],
  };
}

export function explainHiddenRefusal({ tree, route }: ConfigView): Explanation | null {
  const sections = (route?.stages ?? []).flatMap(({ frontend, backend }) => [frontend, backend]);
  const lines = [...new Set(sections)].flatMap((section) => section?.lines ?? []);
  const rule = lines.find(
    ({ name, args }) =>
      /^http-(?:after-)?response$/.test(name) && /^(?:return|deny|set-status|redirect)$/.test(args[0] ?? ""),
  );
  const retry = tree.flatMap((section) => section.lines).find(({ name }) => name === "retry-on");
  const found = rule ?? retry;
  return found === undefined
    ? null
    : {
        cause: `${written(found)} puts another answer in place of the backend's`,
        cure: "not for answers to an upgrade:\nunless { capture.req.hdr(0) -i websocket }",
        quotes: [quoteOf(found)],
      };
}
