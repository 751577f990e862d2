/** What differs between the machines, tools and loads of several runs: figures that one cannot compare across. */
import type { RunDocument } from "../../results/run-document.js";
import { commitWords } from "../words/commit-words.js";
import { absent, formatBytes, formatCount, formatPerS } from "../words/format.js";

interface RunDifference {
  readonly what: string;
  /** One a run, in their order. */
  readonly values: readonly string[];
}

type Reader = readonly [what: string, read: (document: RunDocument) => string];

const readers: readonly Reader[] = [
  ["system", ({ environment: { os, kernel, arch } }) => `${os} ${kernel} ${arch}`],
  ["processors", ({ environment: { cpus, cpuModel } }) => `${cpus} x ${cpuModel ?? "CPU"}`],
  ["memory", ({ environment }) => formatBytes(environment.memoryBytes)],
  ["Node", ({ environment }) => environment.node],
  ["open files", ({ environment }) => formatCount(environment.maxOpenFiles)],
  [
    "virtualisation",
    ({ environment: { virtualisation } }) =>
      virtualisation == null
        ? absent
        : [virtualisation.hypervisor, virtualisation.container ?? ""].join(" ").trim(),
  ],
  ["sources", ({ environment }) => commitWords(environment) ?? absent],
  ["in CI", ({ environment }) => (environment.ci ? "yes" : "no")],
  ["wsrally", ({ tool }) => tool.version],
  ["placement", ({ placement }) => placementOf(placement)],
  ["engine", (document) => listOf(trialsOf(document).map(({ engine }) => engine))],
  [
    "proxies",
    ({ arms }) => listOf(arms.map(({ proxy }) => [proxy.kind, proxy.version ?? ""].join(" ").trim())),
  ],
  [
    "rate",
    ({ arms }) =>
      listOf(arms.map(({ ratePerS }) => (ratePerS === null ? "closed loop" : `${formatPerS(ratePerS)}/s`))),
  ],
  [
    "carried at most",
    ({ arms }) =>
      listOf(
        arms.flatMap(({ saturatedPerS }) =>
          saturatedPerS === null ? [] : [`${formatPerS(saturatedPerS)}/s`],
        ),
      ),
  ],
  ["trials", (document) => formatCount(trialsOf(document).length)],
  [
    "disqualified",
    (document) => formatCount(trialsOf(document).filter(({ disqualified }) => disqualified).length),
  ],
];

/** What has not the same value in all of them. */
export function runDifferences(documents: readonly RunDocument[]): RunDifference[] {
  return readers
    .map(([what, read]) => ({ what, values: documents.map(read) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function trialsOf({ arms }: RunDocument) {
  return arms.flatMap(({ trials }) => trials);
}

function listOf(values: readonly string[]): string {
  return [...new Set(values)].join(", ") || absent;
}

function placementOf({
  proxy,
  generator,
  backend,
  proxyRealTime,
  endsRealTime,
}: RunDocument["placement"]): string {
  const part = (name: string, cpus: readonly number[] | null): string =>
    `${name} ${cpus?.join(" ") ?? "anywhere"}`;
  const priority = (isReal: boolean | undefined): string => (isReal === true ? " at real-time priority" : "");
  return [
    part("proxy", proxy) + priority(proxyRealTime),
    part("generator", generator) + priority(endsRealTime),
    part("backend", backend) + priority(endsRealTime),
  ].join(", ");
}
