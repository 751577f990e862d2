/** What is for Kubernetes, held to the schemas of the API by kubernetes-validate, which is fetched into a cache folder of its own. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { cacheFolder } from "#wsrally/proxy/cache-folder.js";
import { kubernetesTexts } from "./support/kubernetes-texts.js";
import { withFolder } from "./support/with-folder.js";

const version = "1.37.0";

/** @returns the folder of Python modules */
function fetchValidator(): string {
  const target = join(cacheFolder(), `kubernetes-validate-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(`${target}-partial-`);
  const words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", work];
  execFileSync("python3", [...words, `kubernetes-validate==${version}`]);
  renameSync(work, target);
  return target;
}

function validate(file: string): { readonly code: number | null; readonly words: string } {
  const main = "import sys; from kubernetes_validate.__main__ import main; sys.exit(main())";
  const { status, stdout, stderr } = spawnSync("python3", ["-c", main, "--strict", file], {
    env: { ...process.env, PYTHONPATH: fetchValidator() },
    encoding: "utf8",
  });
  return { code: status, words: `${stdout}${stderr}` };
}

const texts = await kubernetesTexts();

describe("what is for Kubernetes, by the API's schemas", () => {
  for (const { name, text } of texts)
    it(name, () =>
      withFolder(async (folder) => {
        const file = join(folder, name);
        writeFileSync(file, text);
        const { code, words } = validate(file);
        assert.equal(code, 0, words);
      }),
    );

  it("would be told of a field that is none", () =>
    withFolder(async (folder) => {
      const file = join(folder, "wrong.yaml");
      writeFileSync(
        file,
        "apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec: { completion: 2 }\n",
      );
      assert.match(validate(file).words, /spec: 'template' is a required property/);
    }));
});
