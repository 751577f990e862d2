/**
 * Results folders as somebody may have made them who wishes the reader ill: links, pipes, bombs, and documents that are
 * too large, too deep or too odd.
 */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { histogramLogHead, LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { ns } from "#wsrally/base/units.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { equivalentDocument, latency, makeArm, makeComparison, makeTrial } from "../report/run-documents.js";
import { encodedHistogram, histogramBytes } from "./encoded-histogram.js";

/** What stands in a file beside the results, which no report of theirs may show. */
export const secret = "TOPSECRET of another file";

/** Where a link of the results leads to. */
export function secretPath(out: string): string {
  return join(out, "..", "secret.txt");
}

export interface HostileRun {
  /** Its folder's name. */
  readonly kind: string;
  /** Makes of a folder with a good run what it is to be. */
  readonly make: (folder: string) => void;
  /** What is said of it, with 2; null for a report like any other. */
  readonly says: RegExp | null;
}

/** The kinds that take seconds to render. */
export const longRuns: readonly string[] = ["document-many-arms", "document-many-trials"];

/** A folder with a run that is all right. */
export function makeGoodRun(folder: string): void {
  mkdirSync(folder, { recursive: true });
  putDocument(folder, equivalentDocument);
  for (const arm of ["on", "off"]) {
    writeFileSync(join(folder, `${arm}.hlog`), goodLog);
    writeFileSync(join(folder, `${arm}.conf`), `events { worker_connections ${arm.length}; }\n`);
  }
}

const goodLog = ((): string => {
  const histogram = new LatencyHistogram();
  for (let i = 0; i < 10_000; i++) histogram.record(ns(100_000 + i * 37));
  const series = ["roundTrip", "response", "wire", "connect"];
  return (
    histogramLogHead(1_700_000_000_000, "[made]") +
    series.map((name) => histogram.toLogLine(name, 1, 2)).join("")
  );
})();

function putDocument(folder: string, document: unknown): void {
  writeFileSync(join(folder, "run.json"), JSON.stringify(document));
}

/** The run's document as text, with one piece of it replaced. */
function putChanged(folder: string, piece: string, by: string): void {
  const text = JSON.stringify(equivalentDocument);
  if (!text.includes(piece)) throw new RangeError(`The document has no ${piece}`);
  writeFileSync(join(folder, "run.json"), text.replace(piece, by));
}

const files = ["run.json", "on.hlog", "on.conf"] as const;

/** What may stand in a file's place, whichever it is. */
const inPlaceOf: readonly (readonly [kind: string, put: (file: string) => void, says: RegExp])[] = [
  ["link-to-zero", (file) => symlinkSync("/dev/zero", file), /it is a link/],
  ["link-to-secret", (file) => symlinkSync(secretPath(dirname(dirname(file))), file), /it is a link/],
  ["link-to-folder", (file) => symlinkSync("/", file), /it is a link/],
  ["link-to-nothing", (file) => symlinkSync("nowhere", file), /it is a link/],
  ["pipe", (file) => execFileSync("mkfifo", [file]), /it is a pipe or a device/],
  ["folder", (file) => mkdirSync(file), /it is a folder/],
  ["sparse", (file) => makeSparse(file), /it is longer than \d+ MiB/],
];

/** A gigabyte that takes no room on the disk. */
export function makeSparse(file: string): void {
  const descriptor = openSync(file, "w");
  ftruncateSync(descriptor, 2 ** 30);
  closeSync(descriptor);
}

const placed: readonly HostileRun[] = files.flatMap((file) =>
  inPlaceOf.map(([kind, put, says]) => ({
    kind: `${file}-${kind}`,
    make: (folder: string) => {
      rmSync(join(folder, file));
      put(join(folder, file));
    },
    says,
  })),
);

const line = (encoded: string): string => `Tag=roundTrip,1.000,1.000,0.100,${encoded}\n`;

/** Contents of `on.hlog`. */
const logs: readonly (readonly [kind: string, content: string, says: RegExp])[] = [
  [
    "bomb",
    line(encodedHistogram(deflateSync(Buffer.alloc(300 << 20)))),
    /on\.hlog:1: .* inflates to more than/,
  ],
  ["cut-off", goodLog.replace(/.{51}\n$/, "\n"), /on\.hlog:\d: .*base64/],
  ["absurd-head", line(encodedHistogram(histogramBytes({ digits: 2 ** 31 - 1 }))), /on\.hlog:1: .*3 digits/],
  [
    "endless-words",
    line(encodedHistogram(histogramBytes({ payloadBytes: 2 ** 32 - 1 }))),
    /on\.hlog:1: .*as long as its head says/,
  ],
  ["no-log", "\u0000\u001b[2J<script>\n", /on\.hlog:1: .*no interval/],
];

const oddNames = [
  "__proto__",
  "constructor",
  "toString",
  "a/b",
  "..",
  "../../secret",
  "a\u0000b",
  "\u001b[31m\u202e",
];

/** The same run with other arms, and as little of each trial as there can be where they are many. */
function withArms(names: readonly string[], trials: number): RunDocument {
  const changes = trials > 100 ? { proxyCost: null, latencyUs: { roundTrip: latency(120) } } : {};
  const [scenarioArm] = equivalentDocument.scenario.arms;
  const [baseline = "", ...candidates] = names;
  return {
    ...equivalentDocument,
    scenario: {
      ...equivalentDocument.scenario,
      arms: names.map((name) => ({ ...scenarioArm, name })) as RunDocument["scenario"]["arms"],
      pairs: candidates.map((candidate) => ({ baseline, candidate })),
    },
    arms: names.map((name) =>
      makeArm(name, { trials: Array.from({ length: trials }, (_, block) => makeTrial(block, changes)) }),
    ),
    comparisons: candidates.map((candidate) => makeComparison({ baseline, candidate })),
  };
}

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const anything = '"connections":1000';

/** Contents of `run.json`. */
const documents: readonly (readonly [kind: string, make: (folder: string) => void, says: RegExp | null])[] = [
  ["empty", (folder) => truncateSync(join(folder, "run.json")), /it is empty/],
  ["not-json", (folder) => writeFileSync(join(folder, "run.json"), `${secret}\n`), /it is not JSON/],
  ["half", (folder) => putChanged(folder, anything, `"${secret}`), /it is not JSON/],
  ["array", (folder) => writeFileSync(join(folder, "run.json"), "[1]"), /no JSON object/],
  ["string", (folder) => writeFileSync(join(folder, "run.json"), JSON.stringify(secret)), /no JSON object/],
  ["other-version", (folder) => putChanged(folder, '"schemaVersion":1', '"schemaVersion":2'), /is 2; want 1/],
  [
    "long-version",
    (folder) => putChanged(folder, '"schemaVersion":1', `"schemaVersion":"${secret.repeat(1000)}"`),
    /it has no schemaVersion; want 1/,
  ],
  ["brackets", (folder) => writeFileSync(join(folder, "run.json"), nested(200_000)), /nested deeper/],
  ["brackets-within", (folder) => putChanged(folder, anything, `"x":${nested(200_000)}`), /nested deeper/],
  [
    "million-faults",
    (folder) => putChanged(folder, '"warnings":[]', `"warnings":[0${",0".repeat(2e6)}]`),
    /warnings\.0/,
  ],
  [
    "million-keys",
    (folder) => putChanged(folder, '"set":{}', `"set":{"${secret.repeat(1000)}":0}`),
    /set\.…: /,
  ],
  ["huge-number", (folder) => putChanged(folder, '"seed":20260302', '"seed":1e999'), /seed: /],
  ["negative", (folder) => putChanged(folder, '"seed":20260302', '"seed":-1'), /seed: /],
  ["nan", (folder) => putChanged(folder, '"seed":20260302', '"seed":"NaN"'), /seed: /],
  [
    "bom",
    (folder) => writeFileSync(join(folder, "run.json"), `\ufeff${JSON.stringify(equivalentDocument)}`),
    null,
  ],
  [
    "proto-keys",
    (folder) => putChanged(folder, '"set":{}', '"set":{"__proto__":"x","constructor":"y"}'),
    null,
  ],
  ["odd-names", (folder) => putDocument(folder, withArms(oddNames, 3)), null],
  [
    "long-names",
    (folder) =>
      putDocument(
        folder,
        withArms(
          ["a", "b"].map((name) => name.repeat(100_000)),
          3,
        ),
      ),
    null,
  ],
  ["odd-id", (folder) => putDocument(folder, { ...equivalentDocument, runId: "../../../x" }), null],
  [
    "many-arms",
    (folder) =>
      putDocument(
        folder,
        withArms(
          Array.from({ length: 3000 }, (_, i) => `arm${i}`),
          1,
        ),
      ),
    null,
  ],
  [
    "many-trials",
    (folder) => putDocument(folder, withArms(["on", "off"], 10_000)),
    /^csv: .* more than 48 MiB/,
  ],
];

export const hostileRuns: readonly HostileRun[] = [
  ...placed,
  ...logs.map(([kind, content, says]) => ({
    kind: `log-${kind}`,
    make: (folder: string) => writeFileSync(join(folder, "on.hlog"), content),
    says,
  })),
  ...documents.map(([kind, make, says]) => ({ kind: `document-${kind}`, make, says })),
];

/** Makes them all below a results folder, and the file that links lead to beside it. */
export function makeHostileRuns(out: string): void {
  writeFileSync(secretPath(out), `${secret}\n`);
  for (const { kind, make } of hostileRuns) {
    makeGoodRun(join(out, kind));
    make(join(out, kind));
  }
}
