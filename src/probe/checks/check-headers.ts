/**
 * What becomes of the headers that backends decide by: Host, Origin, who the client is, subprotocol, extensions,
 * cookies.
 */

import { type Finding, type FindingId, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { valuesOf } from "../../websocket/header-fields.js";
import { headerWords, requestEvidence } from "../evidence.js";
import { answeredFields, offered, offeredHeaders } from "../handshake-offer.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { checkHost } from "./check-host.js";
import { received, setAt } from "./header-words.js";

const ids = [
  "header-host",
  "header-origin",
  "header-forwarded",
  "subprotocol",
  "extensions",
  "cookies",
] as const;

export function checkHeaders(context: ProbeContext): readonly Finding[] {
  if (!context.opening.backend?.request) {
    return ids.map((id) => notTested(id, "no request reached the backend"));
  }
  return [
    checkHost(context),
    checkOrigin(context),
    checkForwarded(context),
    checkBothWays(context, "subprotocol", "Sec-WebSocket-Protocol", firstOffered(context)),
    checkBothWays(context, "extensions", "Sec-WebSocket-Extensions", answeredFields.extensions),
    checkCookies(context),
  ];
}

/** The user's own takes the place of what the probe offers. */
function sent({ target }: ProbeContext, name: string): string | null {
  const own = Object.entries(target.headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return own?.[1] ?? offeredHeaders[name] ?? null;
}

function firstOffered(context: ProbeContext): string {
  return sent(context, "Sec-WebSocket-Protocol")?.split(",")[0]?.trim() ?? "";
}

function answered({ opening }: ProbeContext, name: string): readonly string[] {
  const { answer } = opening.client;
  return answer.kind === "answered" ? valuesOf(answer.fields, name) : [];
}

function checkOrigin(context: ProbeContext): Finding {
  const { target, view, opening } = context;
  const origin = received(context, "Origin");
  if (origin === target.origin) return ok("header-origin");
  const evidence = requestEvidence(opening, ["Origin"]).slice(0, 2);
  const cause = setAt(view, "origin") ?? "something between takes it out";
  const cure = "take the line out: nginx passes Origin on by itself";
  if (origin === null) {
    return fault("header-origin", {
      side: "proxy",
      title: "Origin is lost on its way to the backend",
      evidence,
      cause: `${cause}; a backend that checks it refuses: Go's golang.org/x/net/websocket answers 403 to a client without Origin`,
      cure,
    });
  }
  return warning("header-origin", {
    side: "proxy",
    title: `Origin arrives as ${origin}`,
    evidence,
    cause: `${cause}; the backend can no longer tell which page opened the WebSocket`,
    cure,
  });
}

function checkForwarded(context: ProbeContext): Finding {
  const { view, opening, target, arm } = context;
  if (!isNginx(arm)) return notTested("header-forwarded", "no HTTP proxy stands between");
  const names = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto"];
  const forwarded = received(context, "X-Forwarded-For");
  const known =
    names.slice(1, 3).some((name) => received(context, name) !== null) ||
    (forwarded !== null && forwarded !== offered.forwardedFor);
  const evidence = requestEvidence(opening, names).slice(0, 2);
  const where = view?.whereHeaders ?? "in the location";
  if (!known) {
    return warning("header-forwarded", {
      side: "proxy",
      title:
        forwarded === null
          ? "the backend does not learn the client's address"
          : "the client can forge X-Forwarded-For",
      evidence,
      cause: `nothing sets X-Forwarded-For for this path${forwarded === null ? "" : ": what the client sends arrives as it is"}`,
      cure: `${where}:\nproxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
    });
  }
  if (target.tls && received(context, "X-Forwarded-Proto") === null) {
    return warning("header-forwarded", {
      side: "proxy",
      title: "the backend does not learn that the client spoke TLS",
      evidence,
      cause: "nothing sets X-Forwarded-Proto for this path",
      cure: `${where}:\nproxy_set_header X-Forwarded-Proto $scheme;`,
    });
  }
  return ok("header-forwarded");
}

function checkBothWays(
  context: ProbeContext,
  id: Extract<FindingId, "subprotocol" | "extensions">,
  header: string,
  answer: string,
): Finding {
  const { view, opening } = context;
  const evidence = requestEvidence(opening, [header]);
  if (received(context, header) !== sent(context, header)) {
    const trouble = {
      side: "proxy",
      title: `${header} ${received(context, header) === null ? "is lost" : "changes"} on its way to the backend`,
      evidence: evidence.slice(0, 2),
      cause: setAt(view, header.toLowerCase()) ?? "something between takes it out",
      cure: "take the line out: nginx passes it on by itself",
    } as const;
    // Without extensions messages are not compressed, which some want; without its subprotocol a client gives up.
    return id === "extensions" ? warning(id, trouble) : fault(id, trouble);
  }
  if (opening.client.end === null) return notTested(id, "no upgrade came back that could carry the answer");
  const [back] = answered(context, header);
  if (back === answer) return ok(id);
  const hidden = view
    ?.effective("proxy_hide_header")
    .find(({ args }) => args[0]?.toLowerCase() === header.toLowerCase());
  return fault(id, {
    side: "proxy",
    title: `the backend's ${header} ${back === undefined ? "is lost" : "changes"} on its way to the client`,
    evidence: [
      `backend sent: ${headerWords(header, answer)}`,
      `came back: ${back === undefined ? `no ${header}` : headerWords(header, back)}`,
    ],
    cause:
      hidden === undefined
        ? "something between changes it"
        : `\`proxy_hide_header ${header}\` at ${placeOf(hidden.origin)}`,
    cure: `take the line out, or:\nproxy_pass_header ${header};`,
  });
}

function checkCookies(context: ProbeContext): Finding {
  const { view, opening } = context;
  if (received(context, "Cookie") !== sent(context, "Cookie")) {
    return fault("cookies", {
      side: "proxy",
      title: "the client's cookies do not reach the backend as sent",
      evidence: requestEvidence(opening, ["Cookie"]).slice(0, 2),
      cause: `${setAt(view, "cookie") ?? "something between takes them out"}; sessions in cookies are lost with them`,
      cure: "take the line out: nginx passes Cookie on by itself",
    });
  }
  if (opening.client.end === null)
    return notTested("cookies", "no upgrade came back that could carry the backend's cookie");
  const [back] = answered(context, "Set-Cookie").filter((value) => value.startsWith("wsrally="));
  if (back === answeredFields.cookie) return ok("cookies");
  const evidence = [
    `backend sent: ${headerWords("Set-Cookie", answeredFields.cookie)}`,
    `came back: ${back === undefined ? "no Set-Cookie" : headerWords("Set-Cookie", back)}`,
  ];
  const names = [
    "proxy_hide_header",
    "proxy_ignore_headers",
    "proxy_cookie_path",
    "proxy_cookie_domain",
    "proxy_cookie_flags",
  ];
  const found = names.flatMap((name) => view?.effective(name) ?? []);
  const cause =
    found.map((node) => `\`${[node.name, ...node.args].join(" ")}\` at ${placeOf(node.origin)}`).join(", ") ||
    "something between changes it";
  if (back === undefined) {
    return fault("cookies", {
      side: "proxy",
      title: "the backend's cookie does not reach the client",
      evidence,
      cause,
      cure: "take out what hides Set-Cookie",
    });
  }
  return warning("cookies", {
    side: "proxy",
    title: "the backend's cookie changes on its way to the client",
    evidence,
    cause,
    cure: "see that the client still sends it to the WebSocket's path",
  });
}
