/**
 * What becomes of the headers that backends decide by: Host, Origin, who the client is, subprotocol, extensions,
 * cookies.
 */
import { type Finding, type FindingId, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { Symptom } from "../../diagnosis/symptom.js";
import { headerWords, requestEvidence } from "../evidence.js";
import { answeredFields, offered } from "../handshake-offer.js";
import type { ProbeContext } from "../probe-context.js";
import { answered, received, sent } from "../received-headers.js";
import { checkHost } from "./check-host.js";
import { explained } from "./explained-fault.js";
import { mayReadHttp } from "./may-read-http.js";

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

function firstOffered(context: ProbeContext): string {
  return sent(context, "Sec-WebSocket-Protocol")?.split(",")[0]?.trim() ?? "";
}

function toBackend(context: ProbeContext, header: string): Symptom {
  return { kind: "header-changed", header, way: "to-backend", arrived: received(context, header) };
}

function toClient(header: string, arrived: string | undefined): Symptom {
  return { kind: "header-changed", header, way: "to-client", arrived: arrived ?? null };
}

const between = {
  cause: "something between takes it out, or changes it",
  cure: "look for the line that does",
};

function checkOrigin(context: ProbeContext): Finding {
  const { target, opening } = context;
  const origin = received(context, "Origin");
  if (origin === target.origin) return ok("header-origin");
  const evidence = requestEvidence(opening, ["Origin"]).slice(0, 2);
  const isLost = origin === null;
  const title = isLost ? "Origin is lost on its way to the backend" : `Origin arrives as ${origin}`;
  const seen = { title, evidence, otherwise: between };
  const trouble = explained(context, toBackend(context, "Origin"), seen);
  const effect = isLost
    ? "a backend that checks it refuses: Go's golang.org/x/net/websocket answers 403 to a client without Origin"
    : "the backend can no longer tell which page opened the WebSocket";
  const told = { ...trouble, cause: `${trouble.cause}; ${effect}` };
  return isLost ? fault("header-origin", told) : warning("header-origin", told);
}

/** Any of the headers that name the client, with more in it than the client itself said. */
function checkForwarded(context: ProbeContext): Finding {
  const { opening, target, arm } = context;
  if (!mayReadHttp(arm)) return notTested("header-forwarded", "no HTTP proxy stands between");
  const names = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto"];
  const forwarded = received(context, "X-Forwarded-For");
  const known =
    names.slice(1, 3).some((name) => received(context, name) !== null) ||
    (forwarded !== null && forwarded !== offered.forwardedFor);
  const evidence = requestEvidence(opening, names).slice(0, 2);
  if (!known) {
    const forged = forwarded !== null;
    const title = forged
      ? "the client can forge X-Forwarded-For"
      : "the backend does not learn the client's address";
    return warning(
      "header-forwarded",
      explained(context, { kind: "client-unknown", forged }, { title, evidence }),
    );
  }
  if (target.tls && received(context, "X-Forwarded-Proto") === null) {
    const title = "the backend does not learn that the client spoke TLS";
    return warning("header-forwarded", explained(context, { kind: "scheme-unknown" }, { title, evidence }));
  }
  return ok("header-forwarded");
}

function checkBothWays(
  context: ProbeContext,
  id: Extract<FindingId, "subprotocol" | "extensions">,
  header: string,
  answer: string,
): Finding {
  const { opening } = context;
  if (received(context, header) !== sent(context, header)) {
    const trouble = explained(context, toBackend(context, header), {
      title: `${header} ${received(context, header) === null ? "is lost" : "changes"} on its way to the backend`,
      evidence: requestEvidence(opening, [header]).slice(0, 2),
      otherwise: between,
    });
    // Without extensions messages are not compressed, which some want; without its subprotocol a client gives up.
    return id === "extensions" ? warning(id, trouble) : fault(id, trouble);
  }
  if (opening.client.end === null) return notTested(id, "no upgrade came back that could carry the answer");
  const [back] = answered(context, header);
  if (back === answer) return ok(id);
  return fault(
    id,
    explained(context, toClient(header, back), {
      title: `the backend's ${header} ${back === undefined ? "is lost" : "changes"} on its way to the client`,
      evidence: [
        `backend sent: ${headerWords(header, answer)}`,
        `came back: ${back === undefined ? `no ${header}` : headerWords(header, back)}`,
      ],
      otherwise: between,
    }),
  );
}

function checkCookies(context: ProbeContext): Finding {
  const { opening } = context;
  if (received(context, "Cookie") !== sent(context, "Cookie")) {
    const trouble = explained(context, toBackend(context, "Cookie"), {
      title: "the client's cookies do not reach the backend as sent",
      evidence: requestEvidence(opening, ["Cookie"]).slice(0, 2),
      otherwise: between,
    });
    const cause = `${trouble.cause}; sessions in cookies are lost with them`;
    return fault("cookies", { ...trouble, cause });
  }
  if (opening.client.end === null)
    return notTested("cookies", "no upgrade came back that could carry the backend's cookie");
  const [back] = answered(context, "Set-Cookie").filter((value) => value.startsWith("wsrally="));
  if (back === answeredFields.cookie) return ok("cookies");
  const isLost = back === undefined;
  const trouble = explained(context, toClient("Set-Cookie", back), {
    title: isLost
      ? "the backend's cookie does not reach the client"
      : "the backend's cookie changes on its way to the client",
    evidence: [
      `backend sent: ${headerWords("Set-Cookie", answeredFields.cookie)}`,
      `came back: ${isLost ? "no Set-Cookie" : headerWords("Set-Cookie", back)}`,
    ],
    otherwise: between,
  });
  if (isLost) return fault("cookies", trouble);
  return warning("cookies", {
    ...trouble,
    cure: "see that the client still sends it to the WebSocket's path",
  });
}
