/**
 * The opening handshake through a proxy whose driver explains: did the request get through, what was left of it, at which
 * path, and what came back.
 */
import { type Finding, type FindingId, fault, notTested, ok } from "../../diagnosis/finding.js";
import { listHolds, valuesOf } from "../../websocket/header-fields.js";
import { answerWords, arrivesAs, requestEvidence } from "../evidence.js";
import type { Observation, ProbeContext } from "../probe-context.js";
import { explained, explainedFault } from "./explained-fault.js";

const ids = ["route", "upgrade-headers", "http-version", "upgrade", "path"] as const satisfies FindingId[];
const handshakeHeaders = ["Upgrade", "Connection"];

export function checkExplainedOpening(context: ProbeContext): readonly Finding[] {
  const { opening, refused } = context;
  if (opening.backend === null) {
    const [, ...others] = ids;
    return [
      routeFault(context, opening),
      ...others.map((id) => notTested(id, "the request did not reach the backend")),
    ];
  }
  const route = refused === null ? ok("route") : turnedAway(context, refused);
  return [route, upgradeHeaders(context), httpVersion(context), answer(context), path(context)];
}

function routeFault(context: ProbeContext, seen: Observation): Finding {
  const evidence = requestEvidence(seen, handshakeHeaders);
  const { answer } = seen.client;
  const log = seen.log;
  if (answer.kind !== "answered") {
    const how = answer.kind === "reset" || answer.kind === "timeout" ? answer.kind : "closed";
    const title = `the request is not answered: ${answerWords(answer)}`;
    return explainedFault(context, "route", { kind: "unanswered", how, log }, { title, evidence });
  }
  const { status, bodyStart, fields } = answer;
  const [location = null] = valuesOf(fields, "Location");
  const title = `the request is answered with ${status} before the backend sees it`;
  const symptom = { kind: "answered-early", status, location, bodyStart, log } as const;
  return explainedFault(context, "route", symptom, { title, evidence });
}

/** Refused for who sends it; all else was tested on a copy that lets everybody in. */
function turnedAway(context: ProbeContext, refused: Observation): Finding {
  const found = routeFault(context, refused);
  const words = "the rest was tested on a copy without passwords and address lists";
  return { ...found, evidence: [...found.evidence, words] };
}

function passesUpgrade({ opening }: ProbeContext): boolean {
  const fields = opening.backend?.request?.fields ?? [];
  return listHolds(fields, "Upgrade", "websocket") && listHolds(fields, "Connection", "upgrade");
}

function versionOf({ opening }: ProbeContext): "1.0" | "1.1" | "2" {
  if (opening.backend?.rawHead.startsWith("PRI * HTTP/2")) return "2";
  return opening.backend?.request?.httpVersion === "1.0" ? "1.0" : "1.1";
}

function upgradeHeaders(context: ProbeContext): Finding {
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
  });
}

function httpVersion(context: ProbeContext): Finding {
  const version = versionOf(context);
  if (version === "1.1") return ok("http-version");
  return explainedFault(
    context,
    "http-version",
    { kind: "http-version", version },
    {
      title: `the proxy speaks HTTP/${version} to the backend, which knows no Upgrade in it`,
      evidence: requestEvidence(context.opening, handshakeHeaders),
    },
  );
}

function answer(context: ProbeContext): Finding {
  const { opening } = context;
  const { end, invalid } = opening.client;
  if (end !== null && invalid === null) return ok("upgrade");
  if (!passesUpgrade(context)) return notTested("upgrade", "the backend was not asked for one");
  const log = opening.log;
  const evidence = requestEvidence(opening, [
    ...handshakeHeaders,
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
  ]);
  if (invalid !== null) {
    const seen = { title: "the 101 that comes back is not the backend's", evidence: [...evidence, invalid] };
    return explainedFault(context, "upgrade", { kind: "answer-changed", log }, seen);
  }
  if (opening.backend?.kind === "refused") {
    const title = "the handshake reaches the backend without all that belongs to it";
    return explainedFault(context, "upgrade", { kind: "key-lost", log }, { title, evidence });
  }
  const title = "the backend answered 101, and the client got something else";
  return explainedFault(context, "upgrade", { kind: "answer-lost", log }, { title, evidence });
}

function path(context: ProbeContext): Finding {
  const { opening, target, backendPath } = context;
  const arrived = opening.backend?.request?.target;
  if (arrived === undefined) return notTested("path", "no request reached the backend");
  if (arrived === backendPath) return ok("path");
  const trouble = explained(
    context,
    { kind: "path-changed", sent: target.path, arrived },
    {
      title: `the path changes on its way: ${arrivesAs(target.path, arrived)}`,
      evidence: requestEvidence(opening, []).slice(0, 2),
    },
  );
  const [cure, ...lines] = trouble.cure.split("\n");
  const intended = `if the backend does have its WebSocket there: --backend-path ${arrived}`;
  return fault("path", { ...trouble, cure: [`${intended}; else ${cure}`, ...lines].join("\n") });
}
