/** What a run leaves for CI: reports, GitHub's files, and an OpenTelemetry collector. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { commandsIn } from "../support/ci-log.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const short = ["--connections", "5", "--rate", "200", "--blocks", "1", "--duration", "0.2", "--warmup", "0"];

interface Received {
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** As much of a collector as there is to see of it from outside. */
async function withCollector(work: (port: number, received: Received[]) => Promise<void>): Promise<void> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      received.push({ path: request.url, headers: request.headers, body });
      response.setHeader("content-type", "application/json").end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await work((server.address() as AddressInfo).port, received);
  } finally {
    server.close();
  }
}

describe("a run in CI", () => {
  it("leaves every report, the step's summary and outputs, and its gauges at the collector", async () => {
    await withFolder(async (folder) => {
      const [summary, output] = [join(folder, "summary"), join(folder, "output")];
      const elsewhere = join(folder, "deep/er/junit.xml");
      const reports = [
        "markdown",
        "openmetrics",
        "codequality",
        "badge",
        "csv",
        "json",
        "html",
        `junit=${elsewhere}`,
      ];
      await withCollector(async (port, received) => {
        const { code, stdout, stderr } = await runCli(
          [
            "run",
            "direct",
            ...short,
            "--json",
            "--out",
            folder,
            "--otlp",
            `http://127.0.0.1:${port}`,
            ...reports.flatMap((one) => ["--report", one]),
          ],
          {
            env: {
              GITHUB_ACTIONS: "true",
              GITHUB_STEP_SUMMARY: summary,
              GITHUB_OUTPUT: output,
              OTEL_EXPORTER_OTLP_HEADERS: "x-token=secret",
            },
          },
        );
        assert.equal(code, 0, stderr);
        const document = JSON.parse(stdout) as RunDocument;
        const left = join(folder, document.runId);
        for (const name of [
          "report.md",
          "metrics.txt",
          "badge.json",
          "trials.csv",
          "report.json",
          "report.html",
        ]) {
          assert.ok(existsSync(join(left, name)), name);
        }
        assert.equal(readFileSync(join(left, "codequality.json"), "utf8"), "[]\n");
        assert.match(readFileSync(elsewhere, "utf8"), /<testsuites name="wsrally"/);
        assert.equal(
          readFileSync(summary, "utf8").trim(),
          readFileSync(join(left, "report.md"), "utf8").trim(),
        );
        const outputs = readFileSync(output, "utf8");
        assert.match(outputs, new RegExp(`^run-id<<(\\S+)\\n${document.runId}\\n\\1$`, "m"));
        assert.match(outputs, /^report<<(\S+)\n.*report\.html\n\1$/m);
        assert.deepEqual(commandsIn(stdout + stderr), []);
        const [request, ...others] = received;
        assert.deepEqual(others, [], "once");
        assert.equal(request?.path, "/v1/metrics");
        assert.equal(request?.headers["x-token"], "secret");
        const { resourceMetrics } = JSON.parse(request?.body ?? "");
        const metrics: { name: string; unit: string; gauge: { dataPoints: { asDouble: number }[] } }[] =
          resourceMetrics[0].scopeMetrics[0].metrics;
        const throughput = metrics.find(({ name }) => name === "wsrally_throughput_messages_per_second");
        const measured = document.arms[0]?.trials[0]?.throughputPerS ?? 0;
        // A trial that is out of the comparison on a busy machine has no part in medians.
        if (document.arms[0]?.trials[0]?.disqualified === false) {
          assert.equal(throughput?.gauge.dataPoints[0]?.asDouble, measured);
        }
        assert.ok(metrics.some(({ name, unit }) => name === "wsrally_trials" && unit === "{trial}"));
      });
    });
  });

  it("ends as it would have where nothing of that can be handed over, and says so", async () => {
    await withFolder(async (folder) => {
      const [summary, file] = [join(folder, "summary"), join(folder, "file")];
      writeFileSync(summary, "x".repeat(1024 * 1024));
      writeFileSync(file, "");
      const { code, stderr } = await runHere(
        // Port 9 is discard's, and closed.
        [
          "run",
          "direct",
          ...short,
          "--out",
          folder,
          "--otlp",
          "http://127.0.0.1:9",
          "--report",
          `junit=${file}/x.xml`,
        ],
        { env: { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: join(folder, "nowhere/output") } },
      );
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^Warning: cannot write the junit report .*x\.xml: /m);
      assert.match(stderr, /^Warning: cannot write the step's summary: GitHub takes 1 MiB/m);
      assert.match(stderr, /^Warning: cannot write the step's outputs: ENOENT/m);
      assert.match(stderr, /^Warning: cannot export to 127\.0\.0\.1:9: .*ECONNREFUSED/m);
      assert.equal(readFileSync(summary).length, 1024 * 1024);
    });
  });

  it("prints no command of a config's or a user's, and says what is wrong with its flags", async () => {
    const inCi = { env: { GITHUB_ACTIONS: "true" } };
    const rows: readonly [args: readonly string[], says: RegExp][] = [
      [["run", "direct", "--report", "pdf"], /Want FORMAT or FORMAT=FILE.*formats are html, json, markdown/],
      [["run", "direct", "--report", "junit="], /Want FORMAT or FORMAT=FILE/],
      [["run", "direct", "--otlp", "localhost:4318"], /Want the http:\/\/ or https:\/\/ URL/],
      [["run", "\n::error::x##[group]y.yaml"], /: :error::x# #\[group\]y/],
      [["gate", "::stop-commands::x", "--no-baseline"], /./],
    ];
    await Promise.all(
      rows.map(async ([args, says]) => {
        const result = await runHere(args, inCi);
        assert.equal(result.code, 2, result.stderr);
        assert.match(result.stderr, says);
        const own = commandsIn(result.stderr).filter((line) => !line.startsWith("::error title=wsrally::"));
        assert.deepEqual(own, []);
      }),
    );
  });
});
