/**
 * Probes one config of the corpus within the test's own process.
 */
import type { ProbeSettings } from "#wsrally/probe/probe-settings.js";
import { type ProbeResult, runProbe } from "#wsrally/probe/run-probe.js";

const plain: ProbeSettings = {
  arm: { kind: "proxy", proxy: "nginx", configFile: null },
  set: {},
  path: null,
  backendPath: null,
  serverName: null,
  host: null,
  origin: null,
  headers: {},
  keepsUpstream: false,
  behind: null,
  caPem: null,
  insecure: false,
  quick: true,
  idle: false,
  signal: new AbortController().signal,
  progress: () => undefined,
};

export function probeArm(settings: Partial<ProbeSettings>): Promise<ProbeResult> {
  return runProbe({ ...plain, ...settings });
}

/** @param file below test/probe/corpus/ */
export function probeConfig(file: string, settings: Partial<ProbeSettings> = {}): Promise<ProbeResult> {
  return probeArm({
    arm: { kind: "proxy", proxy: "nginx", configFile: `test/probe/corpus/${file}`, confinedTo: null },
    ...settings,
  });
}
