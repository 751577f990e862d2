/**
 * An HAProxy config as everybody else sees it: from one path, in facts, places and words.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { HaproxyBuild } from "../language/conditions.js";
import type { ConfigTree } from "../language/config-tree.js";
import { findWebSocket, type ReadLines } from "../route/find-web-socket.js";
import { advise } from "./advise.js";
import { accessRules, certificatesOf, upstreamsOf, upstreamTlsOf } from "./config-parts.js";
import { type ConfigView, viewRoute } from "./config-view.js";
import { explainSymptom } from "./explain-symptom.js";
import { factsOf } from "./facts.js";

export interface Seen {
  readonly path: string | null;
  /** A frontend's name or a host; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  readonly program: HaproxyBuild | null;
  readonly readLines: ReadLines;
  /** What the config is called in messages. */
  readonly file: string;
}

export function viewConfig(
  tree: ConfigTree,
  { path, serverName, program, readLines, file }: Seen,
): ConfigView {
  return viewRoute(tree, findWebSocket(tree, { path, serverName }, readLines, file), { program, readLines });
}

export function writtenConfig(view: ConfigView): WrittenConfig {
  return {
    path: view.route?.path ?? "/",
    // Rules ask for Host with or without a port, and which it is they say themselves.
    port: null,
    facts: factsOf(view),
    upstreams: upstreamsOf(view),
    upstreamTls: upstreamTlsOf(view),
    access: accessRules(view),
    certificates: certificatesOf(view),
    // HAProxy says so itself.
    deadEnd: () => null,
    explain: (symptom) => explainSymptom(view, symptom),
    advise: () => advise(view),
  };
}
