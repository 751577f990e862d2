/** The files of deploy/kubernetes: what they start is what this program takes. The API's own schemas have the nightly test. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { commandList } from "#wsrally/commands/command-list.js";

const folder = "deploy/kubernetes";

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly backoffLimitPerIndex?: number;
    readonly clusterIP?: string;
    readonly selector?: unknown;
    readonly template?: { readonly spec: PodSpec; readonly metadata: { readonly labels: unknown } };
  };
}

interface PodSpec {
  readonly affinity: {
    readonly podAntiAffinity: { readonly requiredDuringSchedulingIgnoredDuringExecution: readonly unknown[] };
  };
  readonly containers: readonly { readonly args: readonly string[] }[];
}

const manifests = readdirSync(folder).flatMap((name) =>
  parseAllDocuments(readFileSync(`${folder}/${name}`, "utf8")).map((document) => {
    assert.deepEqual(document.errors, []);
    return { name, manifest: document.toJS() as Manifest };
  }),
);

describe("deploy/kubernetes", () => {
  for (const { name, manifest } of manifests.filter(({ manifest }) => manifest.spec.template !== undefined)) {
    it(`${name}: ${manifest.kind} starts a command of ours, one pod a node`, () => {
      const { spec } = manifest.spec.template ?? assert.fail();
      const words = spec.containers.flatMap(({ args }) => args).join(" ");
      const [, command] = /(?:^|exec wsrally )(backend|agent) /.exec(words) ?? [];
      assert.ok(
        commandList.some((known) => known.name === command),
        words,
      );
      assert.equal(spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length, 1);
      if (manifest.kind !== "Job") return;
      assert.equal(manifest.spec.completionMode, "Indexed");
      assert.match(words, new RegExp(`--role ${name.replace(".yaml", "")} `));
      assert.ok((manifest.spec.backoffLimitPerIndex ?? 0) > 0);
    });
  }

  it("has a headless Service for each, which selects its pods", () => {
    const services = manifests.filter(({ manifest }) => manifest.kind === "Service");
    assert.equal(services.length, 3);
    for (const { name, manifest } of services) {
      const pods = manifests.find((one) => one.name === name && one.manifest.spec.template !== undefined);
      assert.equal(manifest.spec.clusterIP, "None");
      assert.deepEqual(manifest.spec.selector, pods?.manifest.spec.template?.metadata.labels);
    }
  });
});
