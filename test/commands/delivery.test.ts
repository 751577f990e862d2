/** What is printed, drawn and written of a run is one document: the one in memory, which was stored. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { deliverRun } from "#wsrally/commands/deliver-run.js";
import type { RunOptions } from "#wsrally/commands/run-options.js";
import { createRunFolder } from "#wsrally/results/run-folder.js";
import { worseDocument } from "../report/run-documents.js";
import { withFolder } from "../support/with-folder.js";

interface Delivered {
  readonly stdout: string;
  readonly stderr: string;
  readonly fileOf: (name: string) => string;
}

/** @param prepare what lies in the run's folder besides, by its path */
async function delivered(
  options: Partial<RunOptions>,
  prepare: (folder: string) => void = () => undefined,
): Promise<Delivered> {
  const files = new Map<string, string>();
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  await withFolder(async (out) => {
    const folder = await createRunFolder(out, worseDocument.runId);
    prepare(folder.path);
    await deliverRun({
      document: worseDocument,
      folder,
      options: {
        tags: [],
        json: false,
        out,
        crew: null,
        explain: false,
        detail: "usual",
        reports: [],
        otlp: null,
        ...options,
      },
      terminal: {
        stdout: streams.stdout as unknown as NodeJS.WriteStream,
        stderr: streams.stderr as unknown as NodeJS.WriteStream,
        env: {},
        issueCommand: () => undefined,
      },
    });
    for (const name of ["report.html", "report.md", "report.json"]) {
      try {
        files.set(name, readFileSync(join(folder.path, name), "utf8"));
      } catch {
        // Not asked for.
      }
    }
  });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? "");
  return {
    stdout: textOf(streams.stdout),
    stderr: textOf(streams.stderr),
    fileOf: (name) => files.get(name) ?? assert.fail(`no ${name}`),
  };
}

const reports: RunOptions["reports"] = [
  { format: "markdown", file: null },
  { format: "json", file: null },
];

describe("deliverRun()", () => {
  for (const [name, prepare] of [
    ["no run.json", () => undefined],
    [
      "another run's run.json",
      (folder: string) => writeFileSync(join(folder, "run.json"), '{"schemaVersion": 99}'),
    ],
  ] as const) {
    it(`reads nothing again that it has: beside ${name}`, async () => {
      const { stdout, stderr, fileOf } = await delivered({ reports }, prepare);
      assert.match(stdout, /tls is worse than/);
      assert.match(fileOf("report.html"), /tls is worse than/);
      assert.match(fileOf("report.md"), /tls is worse than/);
      assert.deepEqual(JSON.parse(fileOf("report.json")), worseDocument);
      assert.match(stderr, /^Stored in \S+, with report\.html\.\n$/);
    });
  }

  it("prints for programs what it writes", async () => {
    const { stdout, fileOf } = await delivered({ json: true, reports });
    assert.deepEqual(JSON.parse(stdout), worseDocument);
    assert.equal(fileOf("report.json"), stdout);
  });

  it("goes on without histograms that it cannot read, and says so", async () => {
    const arm = worseDocument.arms[0]?.name ?? "";
    const { stdout, stderr, fileOf } = await delivered({}, (folder) =>
      writeFileSync(join(folder, `${arm}.hlog`), "Tag=roundTrip,0.0,1.0,1.0,broken\n"),
    );
    assert.match(stdout, /tls is worse than/);
    assert.match(fileOf("report.html"), /tls is worse than/);
    assert.match(stderr, /^Warning: no histograms and configs in the reports: /);
  });
});
