/**
 * Every broken config of the probe's corpus as the candidate of a good one: what the corpus says of it has to fail the
 * gate, whether it is a fault or a warning of connections that break and headers that are lost.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { speaksHttp11ByDefault } from "../../build/proxy/nginx/explain/nginx-versions.js";
import { findNginx } from "../../build/proxy/nginx/run/find-nginx.js";
import { gate } from "./gate-cli.js";

const root = new URL("../../", import.meta.url);
const rows = new URL("dist-test/probe/corpus-rows.js", root);
if (!existsSync(rows)) {
  process.stderr.write(
    "Cannot read the corpus: it is not compiled; run npx tsc -p test/tsconfig.json first\n",
  );
  process.exit(2);
}
const { corpus } = await import(rows.href);
const { version } = await findNginx();

/**
 * Advice that breaks no connection by itself, or tells of what only this machine shows: it is told and fails nothing
 * (README, gate).
 */
const advice = new Set([
  "upgrade-hard-coded",
  "buffering",
  "response-head",
  "upstream",
  "upstream-tls",
  "route",
  "tls-scheme",
  "other-routes",
]);

const broken = corpus.flatMap((row) => {
  // Where the backend is to be asked for another path than the client, only a probe can be told so.
  if (row.backendPath !== undefined) return [];
  const isOld = row.faultsBefore1297 !== undefined && !speaksHttp11ByDefault(version);
  const faults = isOld ? row.faultsBefore1297 : row.faults;
  const ids = [...faults, ...(row.warnings ?? []).filter((id) => !advice.has(id))];
  return ids.length === 0 ? [] : [{ file: row.file, path: row.path, ids }];
});

export const functionalCases = [
  {
    kind: "functional",
    name: "broken configs of the corpus",
    runs: broken.length,
    quickRuns: 3,
    async run({ run }) {
      const { file, path, ids } = broken[run % broken.length];
      const args = ["--baseline", configOf("good-site"), "--candidate", configOf(file)];
      const line = await gate([...args, ...(path === undefined ? [] : ["--path", path])]);
      return { ...line, subject: file, wanted: ids.join(" or ") };
    },
    isMissed: (line) => !isCaught(line),
    target(lines) {
      const caught = lines.filter(isCaught).length;
      return {
        words: "all fail, by their fault",
        measured: `${caught} of ${lines.length}`,
        isMet: caught === lines.length,
      };
    },
  },
];

/** Failing for some other reason is luck. */
function isCaught({ outcome, causes, wanted }) {
  const ids = wanted.split(" or ");
  return outcome === "failed" && causes.some(({ kind, about }) => kind === "finding" && ids.includes(about));
}

function configOf(name) {
  return fileURLToPath(new URL(`test/probe/corpus/${name}.conf`, root));
}
