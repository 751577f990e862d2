/**
 * Headers that a proxy whose driver explains passes on as they are, and the one by which a backend learns who asks.
 */
import { type Finding, type FindingId, notTested, ok, warning } from "../../diagnosis/finding.js";
import { type HeaderField, valuesOf } from "../../websocket/header-fields.js";
import { requestEvidence } from "../evidence.js";
import { offered } from "../handshake-offer.js";
import type { ProbeContext } from "../probe-context.js";
import { explained } from "./explained-fault.js";

/** To the backend, and what a browser's WebSocket needs each for. */
const passed = [
  ["header-host", "Host"],
  ["header-origin", "Origin"],
  ["subprotocol", "Sec-WebSocket-Protocol"],
  ["extensions", "Sec-WebSocket-Extensions"],
  ["cookies", "Cookie"],
] as const satisfies readonly (readonly [FindingId, string])[];

const ids = [...passed.map(([id]) => id), "header-forwarded"] as const;

export function checkExplainedHeaders(context: ProbeContext): readonly Finding[] {
  const { request = null } = context.opening.backend ?? {};
  if (request === null) return ids.map((id) => notTested(id, "no request reached the backend"));
  const { fields } = request;
  return [...passed.map(([id, header]) => look(context, { id, header, fields })), forwarded(context, fields)];
}

/** Any of the headers that name the client, with more in it than the client itself said. */
function forwarded(context: ProbeContext, fields: readonly HeaderField[]): Finding {
  const names = ["X-Forwarded-For", "X-Real-IP", "Forwarded"];
  const told = names.map((name) => valuesOf(fields, name).join(", ")).filter((value) => value !== "");
  if (told.some((value) => value !== offered.forwardedFor)) return ok("header-forwarded");
  const title = "the backend does not learn the client's address";
  const evidence = requestEvidence(context.opening, names).slice(0, 2);
  return warning(
    "header-forwarded",
    explained(context, { kind: "client-unknown", forged: false }, { title, evidence }),
  );
}

interface Look {
  readonly id: FindingId;
  readonly header: string;
  /** As they arrived. */
  readonly fields: readonly HeaderField[];
}

function look(context: ProbeContext, { id, header, fields }: Look): Finding {
  const sent = new RegExp(`^${header}: (.*)$`, "im").exec(context.opening.client.sent)?.[1]?.trim();
  if (sent === undefined) return notTested(id, "it was not sent");
  const arrived = valuesOf(fields, header).join(", ");
  if (arrived === sent) return ok(id);
  const symptom = { kind: "header-changed", header, way: "to-backend", arrived: arrived || null } as const;
  const title = arrived === "" ? `${header} does not reach the backend` : `${header} arrives changed`;
  return warning(
    id,
    explained(context, symptom, { title, evidence: requestEvidence(context.opening, [header]) }),
  );
}
