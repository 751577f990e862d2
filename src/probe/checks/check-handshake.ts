/**
 * The opening handshake: did the request get through, what was left of it, and what came back.
 */
import { type Finding, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import { explainLostUpgrade } from "../../proxy/nginx/explain/explain-upgrade.js";
import { explainUpstreamError } from "../../proxy/nginx/explain/explain-upstream-error.js";
import { speaksHttp11ByDefault } from "../../proxy/nginx/explain/nginx-versions.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { listHolds, valuesOf } from "../../websocket/header-fields.js";
import { answerWords, requestEvidence } from "../evidence.js";
import type { Observation, ProbeContext } from "../probe-context.js";
import { explainRoute, otherPass } from "./explain-route.js";

const ids = ["route", "upgrade-headers", "http-version", "upgrade"] as const;
const handshakeHeaders = ["Upgrade", "Connection"];

export function checkHandshake(context: ProbeContext): readonly Finding[] {
  const { opening, refused, view } = context;
  const foreign = opening.client.end === null ? otherPass(view) : null;
  if (foreign !== null) {
    const evidence = requestEvidence(opening, handshakeHeaders);
    return [
      fault("route", { side: "proxy", evidence, ...foreign }),
      ...ids.slice(1).map((id) => notTested(id, "see route")),
    ];
  }
  if (opening.backend === null) {
    if (explainUpstreamError(opening.log, view)?.isTls) {
      return ids.map((id) => notTested(id, "see upstream-tls"));
    }
    const evidence = requestEvidence(opening, handshakeHeaders);
    const why = "the request did not reach the backend";
    return [
      fault("route", { side: "proxy", evidence, ...explainRoute(context) }),
      notTested("upgrade-headers", why),
      notTested("http-version", why),
      notTested("upgrade", why),
    ];
  }
  const route = refused === null ? ok("route") : turnedAway(context, refused);
  return [route, checkHeaders(context), checkHttpVersion(context), checkAnswer(context)];
}

/** Refused for who sends it; all else was tested on a copy that lets everybody in. */
function turnedAway(context: ProbeContext, refused: Observation): Finding {
  const evidence = [
    ...requestEvidence(refused, handshakeHeaders),
    "the rest was tested on a copy without passwords and address lists",
  ];
  const trouble = { side: "proxy", evidence, ...explainRoute({ ...context, opening: refused }) } as const;
  const lets = context.view?.effective("allow").find(({ args }) => args[0] !== "all");
  const byList = refused.log.some(({ line }) => line.includes("access forbidden by rule"));
  if (lets === undefined || !byList) return fault("route", trouble);
  return warning("route", {
    ...trouble,
    title: "the address list turns 127.0.0.1 away, which is where wsrally comes from",
    cause: `only some addresses are let in (\`allow ${lets.args.join(" ")}\` at ${placeOf(lets.origin)} and what stands beside it)`,
    cure: "nothing, if the clients' addresses are in the list; behind a load balancer it is the balancer's address that counts, unless set_real_ip_from says otherwise",
  });
}

function passesUpgrade({ opening }: ProbeContext): boolean {
  const fields = opening.backend?.request?.fields ?? [];
  return listHolds(fields, "Upgrade", "websocket") && listHolds(fields, "Connection", "upgrade");
}

function isHttp2({ opening }: ProbeContext): boolean {
  return opening.backend?.rawHead.startsWith("PRI * HTTP/2") === true;
}

function checkHeaders(context: ProbeContext): Finding {
  const { opening, view, version } = context;
  if (isHttp2(context)) return notTested("upgrade-headers", "the proxy speaks HTTP/2 to the backend");
  if (passesUpgrade(context)) return ok("upgrade-headers");
  const received = (name: string): string | null =>
    valuesOf(opening.backend?.request?.fields ?? [], name).join(", ") || null;
  return fault("upgrade-headers", {
    side: "proxy",
    title: "the upgrade is lost on its way to the backend, which sees a plain request",
    evidence: requestEvidence(opening, handshakeHeaders),
    ...explainLostUpgrade(view, {
      version,
      path: context.target.path,
      upgrade: received("Upgrade"),
      connection: received("Connection"),
    }),
  });
}

function checkHttpVersion(context: ProbeContext): Finding {
  const { opening, view, version } = context;
  const request = opening.backend?.request;
  const isTwo = isHttp2(context);
  if (!isTwo && request?.httpVersion !== "1.0") return ok("http-version");
  const [written] = view?.effective("proxy_http_version") ?? [];
  const evidence = requestEvidence(opening, handshakeHeaders);
  const where = view?.where ?? "the proxy";
  if (isTwo) {
    return fault("http-version", {
      side: "proxy",
      title: "the proxy speaks HTTP/2 to the backend, which knows no Upgrade",
      evidence,
      cause: `\`proxy_http_version ${written?.args[0] ?? "2"}\` at ${placeOf(written?.origin ?? null)}`,
      cure: `in ${where}:\nproxy_http_version 1.1;`,
    });
  }
  return fault("http-version", {
    side: "proxy",
    title: "the proxy speaks HTTP/1.0 to the backend, in which Upgrade has no meaning",
    evidence,
    cause:
      written === undefined
        ? `nginx ${version} speaks HTTP/1.0 to its upstreams unless told otherwise (1.1 by default since 1.29.7); ` +
          "some backends answer 101 all the same, Python's websockets answers 505"
        : `\`proxy_http_version ${written.args[0]}\` at ${placeOf(written.origin)}`,
    cure:
      written !== undefined && speaksHttp11ByDefault(version)
        ? "take the line out: 1.1 is the default of this nginx"
        : `in ${where}:\nproxy_http_version 1.1;`,
  });
}

function checkAnswer(context: ProbeContext): Finding {
  const { opening } = context;
  const { client } = opening;
  if (opening.client.end !== null && client.invalid === null) return ok("upgrade");
  if (!passesUpgrade(context)) return notTested("upgrade", "the backend was not asked for one");
  const evidence = requestEvidence(opening, handshakeHeaders);
  if (client.invalid !== null) {
    return fault("upgrade", {
      side: "proxy",
      title: "the 101 that comes back is not the backend's",
      evidence: [...evidence, client.invalid],
      ...explainChangedAnswer(context.view),
    });
  }
  if (opening.backend?.kind === "refused") return brokenHandshake(context);
  return fault("upgrade", {
    side: "proxy",
    title: "the backend answered 101, and the client got something else",
    evidence: ["backend sent: HTTP/1.1 101 Switching Protocols", ...evidence],
    ...(explainUpstreamError(opening.log, context.view)?.explanation ?? {
      cause: opening.log[0]?.line ?? `the proxy turned it into: ${answerWords(client.answer)}`,
      cure: "see the proxy's log; proxy_buffer_size must hold the backend's whole response head",
    }),
  });
}

const answerHeaders = /^(upgrade|connection|sec-websocket-\w+)$/i;

function explainChangedAnswer(view: ProbeContext["view"]): { cause: string; cure: string } {
  const names = ["proxy_hide_header", "more_clear_headers", "more_set_headers", "add_header"];
  const found = names
    .flatMap((name) => view?.effective(name) ?? [])
    .find(({ args }) => args.some((word) => answerHeaders.test(word.replace(/:.*$/s, ""))));
  if (found === undefined) {
    return {
      cause: "something between the two changes the handshake's answer",
      cure: "take out what hides or adds headers: proxy_hide_header, add_header, more_set_headers",
    };
  }
  const place = placeOf(found.origin);
  return {
    cause: `\`${[found.name, ...found.args].join(" ")}\` at ${place} changes the handshake's answer, which clients check`,
    cure: `take the line at ${place} out`,
  };
}

/** Upgrade arrived, and what goes with it did not. */
function brokenHandshake({ opening, view }: ProbeContext): Finding {
  const [off] = view?.effective("proxy_pass_request_headers") ?? [];
  return fault("upgrade", {
    side: "proxy",
    title: "the handshake reaches the backend without all that belongs to it",
    evidence: requestEvidence(opening, [...handshakeHeaders, "Sec-WebSocket-Key", "Sec-WebSocket-Version"]),
    cause:
      off === undefined
        ? "something between takes out or changes the Sec-WebSocket headers"
        : `\`proxy_pass_request_headers ${off.args[0]}\` at ${placeOf(off.origin)}`,
    cure: "take out the line that changes them: nginx passes Sec-WebSocket-Key and -Version on by itself",
  });
}
