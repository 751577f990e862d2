/** Builds a probe's document from what was found. */
import { mapStrings } from "../base/map-strings.js";
import { maskText, maskUrl } from "../base/mask-secrets.js";
import { toolVersion } from "../base/tool-version.js";
import type { ProbeResult } from "../probe/run-probe.js";
import { type Arm, armText } from "../scenario/arm.js";
import { toProxyResult } from "./build-document.js";
import { readEnvironment } from "./environment.js";
import type { ProbeDocument } from "./probe-document.js";
import { schemaVersion } from "./run-document.js";

interface Probed {
  readonly runId: string;
  readonly startedAt: Date;
  readonly arm: Arm;
  readonly options: ProbeDocument["options"];
  readonly tags: readonly string[];
  readonly result: ProbeResult;
}

/** What a probe that ends now found. */
export function createProbeDocument({ runId, startedAt, arm, options, tags, result }: Probed): ProbeDocument {
  const { proxy, path, findings, behind } = result;
  return {
    schemaVersion,
    tool: { name: "wsrally", version: toolVersion },
    runId,
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    environment: readEnvironment(),
    arm: {
      name: arm.name,
      arm: armText(arm.target),
      set: mapStrings({ ...arm.set }, maskText),
      path: maskUrl(path),
      proxy: proxy === null ? null : toProxyResult(proxy),
      ...(behind === null
        ? {}
        : {
            behind: {
              addresses: [...behind.addresses],
              reached: behind.tokenIn !== null,
              tokenIn: behind.tokenIn,
            },
          }),
    },
    options,
    sent: { ...result.sent },
    findings: findings.map((finding) => ({ ...finding, evidence: [...finding.evidence] })),
  };
}
