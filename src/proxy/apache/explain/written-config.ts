/**
 * An Apache config as everybody else sees it: from one path, in facts, places and words.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import { advise } from "./advise.js";
import { accessRules, certificatesOf, upstreamsOf, upstreamTlsOf } from "./config-parts.js";
import type { ConfigView } from "./config-view.js";
import { explainSymptom } from "./explain-symptom.js";
import { factsOf } from "./facts.js";

export function writtenConfig(view: ConfigView): WrittenConfig {
  return {
    path: view.route?.path ?? "/",
    port: null,
    facts: factsOf(view),
    upstreams: upstreamsOf(view),
    upstreamTls: upstreamTlsOf(view),
    access: accessRules(view),
    certificates: certificatesOf(view),
    // A path that nobody passes on is answered, and explained by what is answered.
    deadEnd: () => null,
    explain: (symptom) => explainSymptom(view, symptom),
    advise: () => advise(view),
  };
}
