/**
 * The opening handshake: did the request get through, what was left of it, and what came back.
 */
import { type Finding, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import { listHolds, valuesOf } from "../../websocket/header-fields.js";
import { tokenHeader } from "../../websocket/run-token.js";
import { answerWords, requestEvidence } from "../evidence.js";
import type { Observation, ProbeContext } from "../probe-context.js";
import { explained, explainedFault } from "./explained-fault.js";

const ids = ["route", "upgrade-headers", "http-version", "upgrade"] as const;
const handshakeHeaders = ["Upgrade", "Connection"];

export function checkHandshake(context: ProbeContext): readonly Finding[] {
  const { opening, refused } = context;
  if (isOtherProtocol(context))
    return [otherProtocol(context), ...ids.slice(1).map((id) => notTested(id, "see route"))];
  if (opening.backend === null) {
    if (opening.log.some(({ cause }) => cause === "upstream-tls"))
      return ids.map((id) => notTested(id, "see upstream-tls"));
    const why = "the request did not reach the backend";
    return [routeFault(context, opening), ...ids.slice(1).map((id) => notTested(id, why))];
  }
  const route = refused === null ? ok("route") : turnedAway(context, refused);
  return [route, checkHeaders(context), checkHttpVersion(context), checkAnswer(context)];
}

/** A path whose requests the config passes on as something else, by what its proxy says of it. */
function isOtherProtocol({ opening, config }: ProbeContext): boolean {
  return opening.client.end === null && (config?.explain({ kind: "other-protocol" }) ?? null) !== null;
}

function otherProtocol(context: ProbeContext): Finding {
  return explainedFault(
    context,
    "route",
    { kind: "other-protocol" },
    {
      title: "the request is passed on in a protocol that carries no WebSocket",
      evidence: requestEvidence(context.opening, handshakeHeaders),
    },
  );
}

/** In no proxy's words: whose it is and what it is told to do is not known. */
function notPassedOn({ behind, backend }: ProbeContext, seen: Observation): Finding {
  const at = behind?.at ?? "";
  const others = backend?.others() ?? 0;
  const { answer } = seen.client;
  const [server] = answer.kind === "answered" ? valuesOf(answer.fields, "Server") : [];
  const without = `${others} requests without the probe's token reached ${at}`;
  return fault("route", {
    side: "proxy",
    title: `the request does not reach the backend at ${at}`,
    evidence: [
      ...requestEvidence(seen, handshakeHeaders),
      ...(server === undefined ? [] : [`came back: Server: ${server}`]),
      ...(others === 0 ? [] : [without]),
    ],
    cause:
      others === 0
        ? "what answers passes it on elsewhere, or cannot connect there"
        : `what answers takes the header ${tokenHeader} and the query out, or others asked meanwhile`,
    cure: `an upstream at ${at} for this path, over plain HTTP/1.1, which passes that header or the query on`,
  });
}

function routeFault(context: ProbeContext, seen: Observation): Finding {
  if (context.behind !== null) return notPassedOn(context, seen);
  const evidence = requestEvidence(seen, handshakeHeaders);
  const { answer } = seen.client;
  const { log } = seen;
  if (answer.kind !== "answered") {
    const how = answer.kind === "reset" || answer.kind === "timeout" ? answer.kind : "closed";
    const title = `the request is not answered: ${answerWords(answer)}`;
    return explainedFault(context, "route", { kind: "unanswered", how, log }, { title, evidence });
  }
  const { status, bodyStart, fields } = answer;
  const [location = null] = valuesOf(fields, "Location");
  const title = `the request is answered with ${status} before the backend sees it`;
  const { path, hostHeader: host, tls } = context.target;
  const asked = { path, host, tls, connection: "Upgrade" };
  const symptom = { kind: "answered-early", status, location, bodyStart, log, asked } as const;
  return explainedFault(context, "route", symptom, { title, evidence });
}

/** Refused for who sends it; all else was tested on a copy that lets everybody in. */
function turnedAway(context: ProbeContext, refused: Observation): Finding {
  const found = routeFault(context, refused);
  const words = "the rest was tested on a copy without passwords and address lists";
  return { ...found, evidence: [...found.evidence, words] };
}

function passesUpgrade({ opening }: ProbeContext): boolean {
  const { method, httpVersion, fields = [] } = opening.backend?.request ?? {};
  if (httpVersion === "2") return method === "CONNECT";
  return listHolds(fields, "Upgrade", "websocket") && listHolds(fields, "Connection", "upgrade");
}

function versionOf({ opening }: ProbeContext): "1.0" | "1.1" | "2" {
  if (opening.backend?.rawHead.startsWith("PRI * HTTP/2")) return "2";
  return opening.backend?.request?.httpVersion ?? "1.1";
}

function checkHeaders(context: ProbeContext): Finding {
  const { opening } = context;
  if (versionOf(context) === "2")
    return notTested("upgrade-headers", "the proxy speaks HTTP/2 to the backend");
  if (passesUpgrade(context)) return ok("upgrade-headers");
  const arrived = (name: string): string | null =>
    valuesOf(opening.backend?.request?.fields ?? [], name).join(", ") || null;
  const symptom = {
    kind: "upgrade-lost",
    upgrade: arrived("Upgrade"),
    connection: arrived("Connection"),
  } as const;
  return explainedFault(context, "upgrade-headers", symptom, {
    title: "the upgrade is lost on its way to the backend, which sees a plain request",
    evidence: requestEvidence(opening, handshakeHeaders),
    otherwise: {
      cause: "what stands between passes neither header on",
      cure: "pass Upgrade and Connection on",
    },
  });
}

function checkHttpVersion(context: ProbeContext): Finding {
  const version = versionOf(context);
  if (version === "1.1") return ok("http-version");
  if (version === "2" && passesUpgrade(context)) return asksOverHttp2(context);
  return explainedFault(
    context,
    "http-version",
    { kind: "http-version", version },
    {
      title: `the proxy speaks HTTP/${version} to the backend, which knows no Upgrade${version === "2" ? "" : " in it"}`,
      evidence: requestEvidence(context.opening, handshakeHeaders),
    },
  );
}

/** Our backend knows WebSockets over it; whether the one as written does, no config tells. */
function asksOverHttp2(context: ProbeContext): Finding {
  const symptom = { kind: "http-version", version: "2" } as const;
  return warning(
    "http-version",
    explained(context, symptom, {
      title: "the proxy asks the backend over HTTP/2, where a WebSocket is a CONNECT that few servers know",
      evidence: requestEvidence(context.opening, handshakeHeaders),
      otherwise: {
        cause:
          "the upstream is asked over HTTP/2; a server that knows no extended CONNECT (RFC 8441) refuses it",
        cure: "HTTP/1.1 to the upstream, or a server that announces SETTINGS_ENABLE_CONNECT_PROTOCOL",
      },
    }),
  );
}

function checkAnswer(context: ProbeContext): Finding {
  const { opening } = context;
  const { client, log } = opening;
  if (client.end !== null && client.invalid === null) return ok("upgrade");
  if (!passesUpgrade(context)) return notTested("upgrade", "the backend was not asked for one");
  const evidence = requestEvidence(opening, handshakeHeaders);
  if (client.invalid !== null) {
    const seen = {
      title: "the 101 that comes back is not the backend's",
      evidence: [...evidence, client.invalid],
    };
    return explainedFault(context, "upgrade", { kind: "answer-changed", log }, seen);
  }
  if (opening.backend?.kind === "refused") {
    const names = [...handshakeHeaders, "Sec-WebSocket-Key", "Sec-WebSocket-Version"];
    return explainedFault(
      context,
      "upgrade",
      { kind: "key-lost", log },
      {
        title: "the handshake reaches the backend without all that belongs to it",
        evidence: requestEvidence(opening, names),
      },
    );
  }
  return explainedFault(
    context,
    "upgrade",
    { kind: "answer-lost", log },
    {
      title: `the backend answered 101, and the client got ${client.answer.kind === "timeout" ? "nothing" : "something else"}`,
      evidence: ["backend sent: HTTP/1.1 101 Switching Protocols", ...evidence],
      otherwise: {
        cause: `the proxy turned it into: ${answerWords(client.answer)}`,
        cure: "see the proxy's log: it must take in the backend's whole response head",
      },
    },
  );
}
