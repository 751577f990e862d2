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
    readonly selector?: unknown;
    readonly template?: { readonly spec: PodSpec; readonly metadata: { readonly labels: unknown } };
  };
}

interface PodSpec {
  readonly affinity: {
    readonly podAntiAffinity: { readonly requiredDuringSchedulingIgnoredDuringExecution: readonly unknown[] };
  };
  readonly volumes?: readonly { readonly secret: { readonly secretName: string } }[];
  readonly containers: readonly {
    readonly args: readonly string[];
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
    it(`${name}: ${manifest.kind} ${manifest.metadata.name} starts a command of ours, one pod a node`, () => {
      const { spec } = manifest.spec?.template ?? assert.fail();
      for (const { args, securityContext } of spec.containers) {
        assert.ok(
          commandList.some((known) => known.name === args[0]),
          args.join(" "),
        );
        assert.equal(securityContext.runAsNonRoot, true);
      }
      assert.equal(spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length, 1);
    });
  }

  it("gives each agent its own key, and nobody the controller's", () => {
    const secrets = manifests.filter(({ manifest }) => manifest.kind === "Secret");
    const jobs = manifests.filter(({ manifest }) => manifest.kind === "Job");
    assert.deepEqual(
      jobs.map(({ manifest }) =>
        manifest.spec?.template?.spec.volumes?.map(({ secret }) => secret.secretName),
      ),
      secrets.map(({ manifest }) => [manifest.metadata.name]),
    );
    assert.equal(secrets.length, 2);
    for (const { manifest } of secrets) assert.deepEqual(Object.keys(manifest.stringData ?? {}), ["creds"]);
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

  it("has a headless Service for the backend, which selects its pods", () => {
    const services = manifests.filter(({ manifest }) => manifest.kind === "Service");
    assert.equal(services.length, 1);
    for (const { name, manifest } of services) {
      const pods = manifests.find((one) => one.name === name && one.manifest.spec?.template !== undefined);
      assert.equal(manifest.spec?.clusterIP, "None");
      assert.deepEqual(manifest.spec?.selector, pods?.manifest.spec?.template?.metadata.labels);
    }
  });
});
