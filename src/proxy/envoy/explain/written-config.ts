/**
 * An Envoy config as everybody else sees it: from one path, in facts, places and words.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { findWebSocket } from "../route/find-web-socket.js";
import { advise } from "./advise.js";
import { accessRules, certificatesOf, upstreamsOf, upstreamTlsOf, writtenPort } from "./config-parts.js";
import { type ConfigView, viewRoute } from "./config-view.js";
import { explainSymptom } from "./explain-symptom.js";
import { factsOf } from "./facts.js";

export interface Seen {
  readonly path: string | null;
  /** A listener's, a virtual host's or a domain's name; null for the one that carries WebSockets. */
  readonly serverName: string | null;
  /** What the config is called in messages. */
  readonly file: string;
  /** Worker threads that it runs with. */
  readonly workers: number;
}

export function viewConfig(tree: ConfigMap, { path, serverName, file, workers }: Seen): ConfigView {
  return viewRoute(tree, findWebSocket(tree, { path, serverName }, file), { file, workers });
}

export function writtenConfig(view: ConfigView): WrittenConfig {
  return {
    path: view.route?.path ?? "/",
    port: writtenPort(view),
    facts: factsOf(view),
    upstreams: upstreamsOf(view),
    upstreamTls: upstreamTlsOf(view),
    access: accessRules(view),
    certificates: certificatesOf(view),
    deadEnd: () => null,
    explain: (symptom) => explainSymptom(view, symptom),
    advise: () => advise(view),
  };
}
