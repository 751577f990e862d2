/** What is for Kubernetes: what it starts is what this program takes. The API's own schemas have the nightly test. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { commandList } from "#wsrally/commands/command-list.js";
import { kubernetesTexts } from "./support/kubernetes-texts.js";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly template?: {
      readonly spec: PodSpec;
      readonly metadata: { readonly labels: Readonly<Record<string, unknown>> };
    };
  };
}

interface PodSpec {
  readonly subdomain?: string;
  readonly affinity: {
    readonly podAntiAffinity: { readonly requiredDuringSchedulingIgnoredDuringExecution: readonly unknown[] };
  };
  readonly volumes?: readonly { readonly secret: { readonly secretName: string } }[];
  readonly containers: readonly {
    readonly image: string;
    readonly args: readonly string[];
    readonly env?: readonly { readonly name: string }[];
    readonly volumeMounts?: readonly { readonly subPathExpr?: string }[];
    readonly securityContext: { readonly runAsNonRoot: boolean };
  }[];
}

const manifests = (await kubernetesTexts()).flatMap(({ name, text }) =>
  parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return { name, manifest: document.toJS() as Manifest };
  }),
);

describe("what is for Kubernetes", () => {
  for (const { name, manifest } of manifests.filter(
    ({ manifest }) => manifest.spec?.template !== undefined,
  )) {
    it(`${name}: ${manifest.kind} ${manifest.metadata.name} starts a command of ours or a NATS server, away from agents`, () => {
      const { spec } = manifest.spec?.template ?? assert.fail();
      for (const { image, args, securityContext } of spec.containers) {
        const isOurs = commandList.some((known) => known.name === args[0]);
        assert.equal(isOurs, image === "wsrally", args.join(" "));
        assert.equal(securityContext.runAsNonRoot, true);
      }
      assert.equal(spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length, 1);
    });
  }

  it("gives each agent its own key by its index, and nobody the controller's", () => {
    const secrets = manifests.filter(({ manifest }) => manifest.kind === "Secret");
    const jobs = manifests.filter(({ manifest }) => manifest.kind === "Job");
    assert.deepEqual(
      secrets.map(({ manifest: { metadata, stringData = {} } }) => [
        metadata.name,
        Object.entries(stringData).map(([index, text]) => [index, /^# wsrally agent (.+)/.exec(text)?.[1]]),
      ]),
      [
        [
          "wsrally-load",
          [
            ["0", "load-1"],
            ["1", "load-2"],
          ],
        ],
        ["wsrally-proxy", [["0", "proxy-1"]]],
      ],
    );
    for (const [index, { manifest }] of jobs.entries()) {
      const { completionMode, completions, parallelism, template } = manifest.spec ?? {};
      const keys = Object.keys(secrets[index]?.manifest.stringData ?? {}).length;
      assert.deepEqual([completionMode, completions, parallelism], ["Indexed", keys, keys]);
      const { volumes = [], containers = [] } = template?.spec ?? {};
      assert.deepEqual(
        volumes.map(({ secret }) => secret.secretName),
        [manifest.metadata.name],
      );
      for (const { env = [], volumeMounts = [] } of containers) {
        assert.deepEqual(
          volumeMounts.map(({ subPathExpr }) => subPathExpr),
          ["$(JOB_COMPLETION_INDEX)"],
        );
        assert.ok(env.some(({ name }) => name === "JOB_COMPLETION_INDEX"));
      }
    }
  });

  it("starts an agent of each role that the plan has", () => {
    const jobs = manifests.filter(({ manifest }) => manifest.kind === "Job");
    const roles = jobs.map(({ manifest }) => {
      const args = manifest.spec?.template?.spec.containers[0]?.args ?? [];
      return args[args.indexOf("--role") + 1];
    });
    assert.deepEqual(roles, ["load", "proxy"]);
  });

  it("hands the backend its word by the environment, which no command line shows", () => {
    const words = manifests.flatMap(({ manifest }) =>
      (manifest.spec?.template?.spec.containers ?? []).flatMap(({ args }) => args),
    );
    assert.deepEqual(
      words.filter((word) => word.includes("$(") || /^--(token|creds-text)$/.test(word)),
      ["$(POD_IP)", "$(POD_IP)"],
    );
  });

  it("has headless Services, each for the pods of its file", () => {
    const services = manifests.filter(({ manifest }) => manifest.kind === "Service");
    assert.deepEqual(
      services.map(({ manifest }) => manifest.metadata.name),
      ["wsrally-backend", "wsrally-nats", "wsrally-agents"],
    );
    for (const { name, manifest } of services) {
      assert.equal(manifest.spec?.clusterIP, "None");
      const pods = manifests.flatMap((one) => (one.name === name ? (one.manifest.spec?.template ?? []) : []));
      assert.ok(pods.length > 0);
      for (const { metadata, spec } of pods) {
        for (const [label, value] of Object.entries(manifest.spec?.selector ?? {}))
          assert.equal(metadata.labels[label], value);
        assert.equal(spec.subdomain ?? manifest.metadata.name, manifest.metadata.name);
      }
    }
  });
});
