/**
 * Why a request or an answer is not the same at both ends.
 */
import { type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { nodeAt } from "../language/config-node.js";
import { rewrittenPath } from "../route/follow-route.js";
import { type ConfigView, filtersOfType, httpFilters } from "./config-view.js";
import { explainHttp2 } from "./explain-upstream.js";
import { headerRules } from "./header-rules.js";
import { messageWords } from "./places.js";
import { quoteOf } from "./quotes.js";

function all(quotes: readonly Quote[]): string {
  return quotes.map(quoteAt).join(", ");
}

export function explainLostUpgrade(view: ConfigView): Explanation | null {
  const rules = ["Upgrade", "Connection"].flatMap((name) => headerRules(view, "request", name));
  if (rules.length === 0) return null;
  return {
    cause: `${all(rules)}: Envoy passes Upgrade and Connection on by itself where upgrades are let through, unless a rule takes them away`,
    cure: "without the rule",
    quotes: rules,
  };
}

export function explainHttpVersion({ clusters }: ConfigView, version: "1.0" | "2"): Explanation | null {
  if (version === "1.0") return null;
  for (const cluster of clusters) {
    const explained = explainHttp2(cluster);
    if (explained !== null) return explained;
  }
  return null;
}

const handshakeHeaders = [
  "Sec-WebSocket-Key",
  "Sec-WebSocket-Version",
  "Sec-WebSocket-Protocol",
  "Sec-WebSocket-Extensions",
];

export function explainAnswerChange(
  view: ConfigView,
  kind: "answer-lost" | "answer-changed" | "key-lost",
): Explanation | null {
  const asked = handshakeHeaders.flatMap((name) => headerRules(view, "request", name));
  const answered = [...handshakeHeaders, "Sec-WebSocket-Accept", "Upgrade", "Connection"].flatMap((name) =>
    headerRules(view, "response", name),
  );
  const rules = kind === "key-lost" ? asked : [...answered, ...asked];
  return rules.length === 0
    ? null
    : {
        cause: `${all(rules)} ${rules.length === 1 ? "takes a header" : "take headers"} of the handshake away, or ${rules.length === 1 ? "changes it" : "change them"}`,
        cure: "without it: no rule is needed for any Sec-WebSocket header",
        quotes: rules,
      };
}

const rewrites = ["prefix_rewrite", "regex_rewrite", "path_rewrite", "path_rewrite_policy"];

export function explainPath(
  { route }: ConfigView,
  { sent, arrived }: Extract<Symptom, { kind: "path-changed" }>,
): Explanation | null {
  for (const { action, route: taken, manager } of route?.stages ?? []) {
    for (const name of rewrites) {
      const quote = quoteOf(action, name);
      if (quote === null || taken === null) continue;
      const slash = arrived.startsWith("//")
        ? "; the prefix it matches ends in no slash, and what is left begins with one"
        : "";
      return {
        cause: `${quoteAt(quote)} makes ${rewrittenPath(taken, sent)} of ${sent}${slash}`,
        cure: "without it, or so that the backend's own path comes of it",
        quotes: [quote],
      };
    }
    const cleaned = ["normalize_path", "merge_slashes", "path_with_escaped_slashes_action"].flatMap(
      (name) => quoteOf(manager, name) ?? [],
    );
    if (cleaned.length > 0 && sent !== arrived)
      return {
        cause: `${all(cleaned)} cleans paths: ${sent} becomes ${arrived}`,
        cure: "a path that is clean as it is sent",
        quotes: cleaned,
      };
  }
  return null;
}

export function explainHeader(
  view: ConfigView,
  { header, way, arrived }: Extract<Symptom, { kind: "header-changed" }>,
): Explanation | null {
  const host = header.toLowerCase() === "host" && way === "to-backend" ? hostQuotes(view) : [];
  const rules = [...host, ...headerRules(view, way === "to-backend" ? "request" : "response", header)];
  if (rules.length === 0) return null;
  const end = way === "to-backend" ? "backend" : "client";
  return {
    isMild: host.length > 0,
    cause: `${all(rules)} ${arrived === null ? "takes" : "changes"} ${header}${arrived === null ? " away" : ""} before it comes to the ${end}`,
    cure: host.length > 0 ? "without it, where the backend compares Host with Origin" : "without the rule",
    quotes: rules,
  };
}

function hostQuotes({ route }: ConfigView): Quote[] {
  const names = [
    "host_rewrite_literal",
    "auto_host_rewrite",
    "host_rewrite_header",
    "host_rewrite_path_regex",
    "host_rewrite",
  ];
  return (route?.stages ?? []).flatMap(({ action }) => names.flatMap((name) => quoteOf(action, name) ?? []));
}

export function explainClient({ first }: ConfigView): Explanation | null {
  const manager = first?.manager ?? null;
  if (manager === null) return null;
  const skip = quoteOf(manager, "skip_xff_append");
  return {
    cause:
      skip === null
        ? `\`use_remote_address\` is not set in ${messageWords(manager)}: Envoy passes X-Forwarded-For on as the client sends it, and adds nothing`
        : `${quoteAt(skip)} keeps the client's address from X-Forwarded-For`,
    cure: `in ${messageWords(manager)}, where clients come to Envoy directly:\nuse_remote_address: true`,
    quotes: skip === null ? [] : [skip],
  };
}

export function explainHead(
  { first }: ConfigView,
  way: "request" | "response",
  bytes: number,
): Explanation | null {
  const manager = first?.manager ?? null;
  if (manager === null || way === "response") return null;
  const quote =
    quoteOf(manager, "max_request_headers_kb") ??
    quoteOf(nodeAt(manager, "common_http_protocol_options"), "max_headers_count");
  return quote === null
    ? null
    : {
        cause: `${quoteAt(quote)}: a head of ${bytes} bytes is answered with 431`,
        cure: "max_request_headers_kb: 60",
        quotes: [quote],
      };
}

export function explainHiddenRefusal(view: ConfigView): Explanation | null {
  const custom = (view.route?.stages ?? []).flatMap((stage) =>
    filtersOfType(httpFilters(stage), "CustomResponse"),
  );
  const quotes = [
    ...custom.map((filter) => ({ text: "CustomResponse", place: filter.place })),
    ...(view.route?.stages ?? []).flatMap(({ action, virtualHost }) => [
      ...(quoteOf(action, "retry_policy") === null ? [] : [quoteOf(action, "retry_policy") as Quote]),
      ...(quoteOf(action, "internal_redirect_policy") === null
        ? []
        : [quoteOf(action, "internal_redirect_policy") as Quote]),
      ...(quoteOf(virtualHost, "retry_policy") === null
        ? []
        : [quoteOf(virtualHost, "retry_policy") as Quote]),
    ]),
  ];
  return quotes.length === 0
    ? null
    : {
        cause: `${all(quotes)} puts something in the place of the backend's answer`,
        cure: "not for the WebSocket's route",
        quotes,
      };
}
