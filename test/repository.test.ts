/**
 * What the repository has for who works on it and who gets it: workflows, forms, the changelog, the container's file. Each is held to
 * what it names of the program.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { validateWorkflow } from "@action-validator/core";
import { parse } from "yaml";
import { drivers } from "#wsrally/proxy/drivers.js";
import { proxyKinds } from "#wsrally/scenario/proxy-kind.js";

const textOf = (file: string): string => readFileSync(file, "utf8");
const { version, engines, scripts } = JSON.parse(textOf("package.json"));

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
}

const workflowFolder = ".github/workflows";
const workflows = readdirSync(workflowFolder).map((name) => ({
  name,
  text: textOf(join(workflowFolder, name)),
}));
const jobsOf = (text: string): Job[] => Object.values<Job>(parse(text).jobs);

describe("workflows", () => {
  for (const { name, text } of workflows) {
    it(`${name} meets the schema, pins what it uses, and puts no expression into a script`, () => {
      assert.deepEqual(validateWorkflow(text).errors, []);
      assert.deepEqual(parse(text).permissions, { contents: "read" });
      assert.doesNotMatch(text, /pull_request_target|curl|wget/);
      for (const { uses, run } of jobsOf(text).flatMap(({ steps }) => steps)) {
        if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@v\d+$/);
        assert.doesNotMatch(run ?? "", /\$\{\{/);
        for (const [, script = ""] of (run ?? "").matchAll(/npm run (\S+)/g))
          assert.ok(scripts[script], script);
      }
    });
  }

  it("run everything, on each Node that the package is for", () => {
    const [job] = jobsOf(textOf(join(workflowFolder, "ci.yml")));
    assert.ok(job);
    assert.ok(job.steps.some(({ run }) => run === ".ci/run"));
    const majors = job.strategy?.matrix.node ?? [];
    assert.equal(majors[0], /\d+/.exec(engines.node)?.[0]);
    assert.match(textOf("tools/try-nodes.js"), new RegExp(`majors = \\[${majors.join(", ")}\\]`));
    assert.match(textOf(".ci/run"), /node tools\/try-nodes\.js/);
  });
});

describe("forms for issues", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  const forms = readdirSync(folder).filter((name) => name !== "config.yml");

  for (const name of forms) {
    it(`${name} has what GitHub wants of one`, () => {
      const { name: title, description, body } = parse(textOf(join(folder, name)));
      assert.ok(title && description);
      const fields = body.filter(({ type }: { type: string }) => type !== "markdown");
      const ids: string[] = fields.map(({ id }: { id: string }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const { type, id, attributes } of fields) {
        assert.match(type, /^(input|textarea|dropdown|checkboxes)$/);
        assert.match(id, /^[a-z-]+$/);
        assert.ok(attributes.label);
      }
      assert.ok(
        fields.some(({ validations }: { validations?: { required: boolean } }) => validations?.required),
      );
    });
  }

  it("ask for what a fault is found with", () => {
    const asked = forms.map((name) => textOf(join(folder, name))).join("\n");
    for (const word of ["--json", "run.json", "wsrally doctor", "--version"])
      assert.ok(asked.includes(word), word);
  });
});

describe("the changelog", () => {
  const headings = [...textOf("CHANGELOG.md").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);

  it("has what is unreleased first, and below it this version, each with its day", () => {
    const [first, ...released] = headings;
    assert.equal(first, "Unreleased");
    assert.ok(released[0]?.startsWith(`${version} (`));
    const days = released.map(
      (heading) => /^\d+\.\d+\.\d+ \((\d{4}-\d{2}-\d{2})\)$/.exec(heading)?.[1] ?? heading,
    );
    assert.deepEqual(days, [...days].sort().reverse());
  });
});

describe("the container's file", () => {
  const lines = textOf("Containerfile").replace(/\\\n/g, " ").split("\n");

  it("brings every proxy that is pinned, on a Node that the package is for", () => {
    const pinned = proxyKinds.filter((kind) => drivers[kind].program.pinned !== null);
    const installed = /wsrally proxies install ([a-z ]+?) *&&/.exec(lines.join("\n"))?.[1]?.split(" ") ?? [];
    assert.deepEqual([...installed].sort(), [...pinned].sort());
    const least = Number(/\d+/.exec(engines.node)?.[0]);
    const images = lines.flatMap((line) => /^FROM node:(\d+)/.exec(line)?.[1] ?? []);
    assert.equal(images.length, lines.filter((line) => line.startsWith("FROM ")).length);
    for (const major of images) assert.ok(Number(major) >= least);
  });

  it("copies what is there, and runs as nobody special", () => {
    const copied = lines
      .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
      .flatMap((line) => line.split(" ").slice(1, -1));
    assert.ok(copied.length > 2);
    assert.deepEqual(
      copied.filter((path) => !existsSync(path)),
      [],
    );
    assert.ok(lines.includes("USER node"));
  });
});
