/**
 * `wsrally probe` on Traefik: what is seen from both ends is explained in Traefik's own fields, and never in another's words.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CorpusRow } from "../proxy/traefik/corpus/corpus-row.js";
import { faultRows } from "../proxy/traefik/corpus/fault-rows.js";
import { goodRows } from "../proxy/traefik/corpus/good-rows.js";
import { layFiles } from "../proxy/traefik/support/lay-files.js";
import { withFolder } from "../support/with-folder.js";
import { probeArm } from "./support/probe-config.js";

const ofOthers =
  /nginx|proxy_|worker_|limit_(conn|req)|ssl_certificate|location|HAProxy|timeout tunnel|Envoy/;
/** Nobody is at the servers of the corpus. */
const elsewhere = /^(?:upstream|tls-certificate)$/;

function rowNamed(name: string): CorpusRow {
  return [...goodRows, ...faultRows].find((row) => row.name === name) ?? assert.fail(name);
}

describe("wsrally probe traefik:FILE", () => {
  for (const [name, wanted] of [
    ["a router that redirects, and one with TLS", []],
    ["a longer rule that goes before", ["route"]],
    ["Connection taken away", ["upgrade-headers"]],
  ] as const)
    it(`finds ${wanted.length === 0 ? "nothing" : wanted} in ${name}`, async () => {
      await withFolder(async (folder) => {
        const configFile = layFiles(folder, rowNamed(name).files);
        const arm = { kind: "proxy", proxy: "traefik", configFile, confinedTo: null } as const;
        const { findings } = await probeArm({ arm });
        const troubles = findings.filter(
          ({ status, id }) => /fault|warning/.test(status) && !elsewhere.test(id),
        );
        assert.deepEqual(
          [...new Set(troubles.map(({ id }) => id))],
          wanted,
          JSON.stringify(troubles, null, 1),
        );
        const words = findings.flatMap(({ title, cause, cure }) => [title, cause ?? "", cure ?? ""]);
        assert.deepEqual(
          words.filter((text) => ofOthers.test(text)),
          [],
        );
      });
    });
});
