/**
 * A Traefik config as everybody else sees it: from one path, in facts, places and words.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import { advise } from "./advise.js";
import { accessRules, certificatesOf, upstreamsOf, upstreamTlsOf, writtenPort } from "./config-parts.js";
import type { ConfigView } from "./config-view.js";
import { deadEnd } from "./dead-end.js";
import { explainSymptom } from "./explain-symptom.js";
import { factsOf } from "./facts.js";

export function writtenConfig(view: ConfigView): WrittenConfig {
  return {
    path: view.route?.path ?? "/",
    port: writtenPort(view),
    facts: factsOf(view),
    upstreams: upstreamsOf(view),
    upstreamTls: upstreamTlsOf(view),
    access: accessRules(view),
    certificates: certificatesOf(view),
    deadEnd: () => deadEnd(view),
    explain: (symptom) => explainSymptom(view, symptom),
    advise: () => advise(view),
  };
}
