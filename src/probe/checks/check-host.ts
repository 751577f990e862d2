/**
 * Host, and X-Forwarded-Host where it is set, against the Origin of the page: backends that compare them answer 403.
 */
import { type Finding, ok, type Trouble, warning } from "../../diagnosis/finding.js";
import { requestEvidence } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { received } from "../received-headers.js";
import { explained } from "./explained-fault.js";

const compares =
  "a backend that compares Origin with Host, as Go's gorilla/websocket does by default, answers 403 to browsers";

export function checkHost(context: ProbeContext): Finding {
  const { target, backend, config } = context;
  const host = received(context, "Host");
  if (isSame(context, host, target.hostHeader)) return checkForwardedHost(context);
  // Another address stands for the upstream here than in the file.
  const ports = [backend?.address.port, backend?.address.overTls?.port];
  const isOurs = host !== null && ports.some((port) => host === `127.0.0.1:${port}`);
  const title = isOurs
    ? "Host arrives as the upstream's own address"
    : `Host arrives as ${host ?? "nothing"}`;
  const trouble = explainedHost(context, { header: "Host", title, shown: ["Host", "Origin"] });
  if (config !== null && host !== null && target.hostHeader.replace(/:\d+$/, "") === host) {
    const { writtenAt } = target;
    // On the scheme's own port there is none to lose; the one that is sent here is the run's.
    if (writtenAt === null) return ok("header-host", [`the port is left out, by ${trouble.cause}`]);
    return warning("header-host", {
      ...trouble,
      title: `Host arrives without the port of listen ${writtenAt}`,
      cause: `${trouble.cause}, and browsers that come to port ${writtenAt} write it into Origin; ${compares}`,
    });
  }
  return warning("header-host", { ...trouble, cause: `${trouble.cause}; ${compares}` });
}

/** Where it is set, frameworks take it for the name that the client asked for. */
function checkForwardedHost(context: ProbeContext): Finding {
  const { target } = context;
  const header = "X-Forwarded-Host";
  const forwarded = received(context, header);
  const wanted = target.origin.replace(/^\w+:\/\//, "");
  if (forwarded === null || isSame(context, forwarded, wanted)) return ok("header-host");
  const isPortless = forwarded === wanted.replace(/:\d+$/, "");
  const port = received(context, "X-Forwarded-Port");
  if (isPortless && (target.writtenAt === null || port === String(target.writtenAt)))
    return ok("header-host");
  const title = `${header} arrives as ${forwarded}, and Origin names ${wanted}`;
  const trouble = explainedHost(context, { header, title, shown: ["Host", header, "Origin"] });
  return warning("header-host", {
    ...trouble,
    cause: `${trouble.cause}; frameworks that trust it (Spring, ASP.NET, Rails' host) compare Origin with it, and refuse browsers`,
  });
}

interface ChangedHost {
  readonly header: string;
  readonly title: string;
  readonly shown: readonly string[];
}

function explainedHost(context: ProbeContext, { header, title, shown }: ChangedHost): Trouble {
  const arrived = received(context, header);
  const evidence = requestEvidence(context.opening, shown).slice(0, 2);
  const otherwise = { cause: "something between sets it", cure: "pass on what the client sent" };
  const symptom = { kind: "header-changed", header, way: "to-backend", arrived } as const;
  return explained(context, symptom, { title, evidence, otherwise });
}

/** `$server_port` is the run's own port here, and the written one at home. */
function isSame({ target }: ProbeContext, arrived: string | null, wanted: string): boolean {
  if (arrived === wanted) return true;
  const { writtenAt, port } = target;
  const usual = target.tls ? 443 : 80;
  return arrived === `${wanted.replace(/:\d+$/, "")}:${port}` && wanted.endsWith(`:${writtenAt ?? usual}`);
}
