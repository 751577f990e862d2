/**
 * An nginx config as everybody else sees it: from one path, in facts, places and words.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ProxyProgram } from "../../program/program-spec.js";
import { writtenPort } from "../language/listen-address.js";
import type { Directive } from "../language/nginx-tree.js";
import { advise } from "./advise.js";
import { accessRules, certificatesOf, upstreamsOf, upstreamTlsOf } from "./config-parts.js";
import { findWebSocketPath, viewConfig } from "./config-view.js";
import { explainDeadEnd } from "./explain-dead-end.js";
import { explainSymptom } from "./explain-symptom.js";
import { nginxFacts } from "./nginx-facts.js";
import type { Reading } from "./reading.js";
import { autoWorkersOf } from "./worker-room.js";

/** Where the built-in config takes any path, and a config proxies nothing that can be told. */
const usualPath = "/sock";

interface Seen {
  /** Null for where Upgrade is proxied. */
  readonly path: string | null;
  /** Which of its servers; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  readonly program: Pick<ProxyProgram, "version" | "build"> | null;
}

/** @param tree without its secrets, for much of it is quoted */
export function writtenConfig(
  tree: readonly Directive[],
  { path: asked, serverName, program }: Seen,
): WrittenConfig {
  const path = asked ?? findWebSocketPath(tree, usualPath, serverName);
  const view = viewConfig(tree, path, serverName);
  const { version = null, build = null } = program ?? {};
  const facts = nginxFacts(view, { path, autoWorkers: autoWorkersOf(build) });
  const reading: Reading = { view, path, facts, version, build };
  return {
    path,
    port: view.server === null ? null : writtenPort(view.server),
    facts,
    upstreams: upstreamsOf(view),
    upstreamTls: upstreamTlsOf(view),
    access: accessRules(view),
    certificates: certificatesOf(view),
    deadEnd: () => explainDeadEnd(tree),
    explain: (symptom) => explainSymptom(reading, symptom),
    advise: () => advise(reading),
  };
}
