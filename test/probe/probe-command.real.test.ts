/**
 * `wsrally probe` as a user runs it.
 */
import assert from "node:assert/strict";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { findingIds } from "#wsrally/diagnosis/finding.js";
import type { ProbeDocument } from "#wsrally/results/probe-document.js";
import { assertDocument } from "../support/assert-document.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

function corpusArm(name: string): string {
  return `nginx:test/probe/corpus/${name}.conf`;
}

describe("wsrally probe", { concurrency: 2 }, () => {
  for (const [name, code] of [
    ["good-site", 0],
    ["trailing-slash", 20],
    ["refused-upstream-in-server", 20],
  ] as const) {
    it(`${name}: ends with ${code}, its JSON by the published schema and alone on stdout`, async () => {
      await withFolder(async (out) => {
        const result = await runHere(["probe", corpusArm(name), "--quick", "--json", "--out", out]);
        assert.equal(result.code, code, result.stderr);
        const document = JSON.parse(result.stdout) as ProbeDocument;
        assertDocument("probe", document);
        assert.deepEqual(
          document.findings.map(({ id }) => id),
          [...findingIds],
        );
        assert.equal(document.arm.proxy === null, name.startsWith("refused"));
      });
    });
  }

  it("prints faults first, then warnings, then what is well, in 80 columns and without colour codes", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        "probe",
        corpusArm("no-upgrade"),
        "--quick",
        "--out",
        out,
      ]);
      assert.equal(code, 20);
      assert.match(
        stdout,
        /^FAULT [\s\S]*client sent: GET [\s\S]*backend received: GET [\s\S]*came back: [\s\S]*cause: [\s\S]*cure: /m,
      );
      assert.match(stdout, /FAULT[\s\S]*WARNING[\s\S]*Not tested[\s\S]*\n\d+ checks ok\n/);
      assert.ok(!stdout.includes("\u001b"));
      for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
      assert.match(stderr, /probe: shaking hands/);
      assert.doesNotMatch(stderr, /probe: (reloading|staying quiet)/, "--quick does neither");
      assert.match(stderr, /Faults found: upgrade-headers/);
    });
  });

  it("leaves its answer on a terminal of 40 lines, with one line of progress that is gone by then", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere(
        ["probe", corpusArm("no-upgrade"), "--quick", "--out", out],
        { columns: 80, env: { CI: "", TERM: "xterm" } },
      );
      assert.equal(code, 20);
      const lines = [...stderr.split("\n"), ...stdout.split("\n")];
      assert.ok(lines.length <= 40, `${lines.length} lines:\n${stderr}${stdout}`);
      const [live = "", ...stayed] = stderr.split("\n");
      assert.match(live, /probe: closing connections\r/);
      assert.doesNotMatch(stayed.join("\n"), /probe: /);
      assert.match(stripVTControlCharacters(stdout).trimEnd(), /\nFAULT FOUND \(20\): upgrade-headers$/);
    });
  });

  it("ends with 130 on SIGTERM in the midst of a flood", async () => {
    const server = await startFaultyServer("floods-empty-frames");
    try {
      await withFolder(async (out) => {
        const url = `ws://127.0.0.1:${server.port}/sock`;
        const { child, result } = startCli(["probe", url, "--out", out]);
        child.stderr?.on("data", (data: Buffer) => {
          if (data.includes("shaking hands")) child.kill("SIGTERM");
        });
        assert.equal((await result).code, 130);
      });
    } finally {
      await server.close();
    }
  });

  it("leaves a report, and is shown again in every format", async () => {
    await withFolder(async (out) => {
      const written = join(out, "mine", "probe.xml");
      const asked = ["--report", "badge", "--report", `junit=${written}`];
      const probed = await runHere([
        "probe",
        corpusArm("no-upgrade"),
        "--quick",
        "--json",
        "--out",
        out,
        ...asked,
      ]);
      assert.equal(probed.code, 20, probed.stderr);
      const document = JSON.parse(probed.stdout) as ProbeDocument;
      const folder = join(out, document.runId);
      assert.match(probed.stderr, /Stored in \S+, with report\.html\./);
      assert.deepEqual(JSON.parse(readFileSync(join(folder, "probe.json"), "utf8")), document);
      assert.match(readFileSync(join(folder, "badge.json"), "utf8"), /"wsrally probe"/);
      assert.match(readFileSync(written, "utf8"), /^<\?xml/);
      const page = readFileSync(join(folder, "report.html"), "utf8");
      const starts = {
        terminal: /^WebSockets do not get through: the upgrade is lost/,
        html: /^<!doctype html>/,
        json: /^\{\n/,
        markdown: /^### wsrally probe of nginx-no-upgrade: 1 fault/,
        junit: /^<\?xml/,
        csv: /^run,arm,path,finding,/,
        openmetrics: /^# HELP wsrally_finding /,
        codequality: /^\[\n/,
        badge: /^\{\n/,
      };
      await Promise.all(
        Object.entries(starts).map(async ([format, start]) => {
          const shown = await runHere(["report", document.runId, "--format", format, "--out", out]);
          assert.equal(shown.code, 0, shown.stderr);
          assert.match(shown.stdout, start);
          if (format === "html") assert.equal(shown.stdout, page);
          if (format === "json") assert.deepEqual(JSON.parse(shown.stdout), document);
        }),
      );
      for (const path of [folder, join(folder, "probe.json")]) {
        const shown = await runHere(["report", path]);
        assert.equal(shown.code, 0, shown.stderr);
      }
      const beside = await runHere(["report", folder, folder]);
      assert.deepEqual([beside.code, beside.stdout], [2, ""]);
      assert.match(beside.stderr, /it is a probe, which measures nothing; want it alone, or runs/);
      const saved = await runHere(["baseline", "save", folder]);
      assert.equal(saved.code, 2);
      assert.match(saved.stderr, /is a probe/);
      writeFileSync(join(folder, "probe.json"), "{}");
      const broken = await runHere(["report", folder]);
      assert.equal(broken.code, 2);
      assert.match(broken.stderr, /Cannot read the probe .*probe\.json: it has no schemaVersion; want 1/);
      rmSync(join(folder, "probe.json"));
      symlinkSync("/dev/zero", join(folder, "probe.json"));
      const linked = await runHere(["report", folder]);
      assert.equal(linked.code, 2);
      assert.match(linked.stderr, /Cannot read the probe .*probe\.json: /);
    });
  });

  for (const [name, code, says] of [
    ["good-site", 3, /Not stored: Cannot make the results folder .*; --out chooses another folder\n$/],
    ["no-upgrade", 20, /Not stored: Cannot make .*\nFaults found: upgrade-headers\n$/],
  ] as const) {
    it(`${name}: prints what it found where it cannot be stored, and ends with ${code}`, async () => {
      await withFolder(async (folder) => {
        const file = join(folder, "a file");
        writeFileSync(file, "");
        const {
          code: ended,
          stdout,
          stderr,
        } = await runHere([
          ...["probe", corpusArm(name), "--quick", "--out", join(file, "x"), "--report", "html"],
        ]);
        assert.equal(ended, code, stderr);
        assert.match(stdout, /^WebSockets .*\n[\s\S]*\n\d+ checks ok\n/);
        assert.match(stderr, says);
        assert.doesNotMatch(stderr, /\n\s+at |Stored in/);
      });
    });
  }

  for (const [args, says] of [
    [["nginx", "--otlp", "http://127.0.0.1:4318"], /unknown option '--otlp'/],
    [["nginx:missing.conf"], /there is no such file/],
    [["squid"], /Unknown arm "squid"/],
    [["nginx", "--path", "sock"], /starts with \//],
    [["nginx", "--ca", "missing.pem"], /missing\.pem/],
    [["nginx", "--ca", "missing.pem", "--insecure"], /choose one of them/],
    [["nginx", "--host", "a\r\nb"], /Want ASCII/],
    [["direct", "--set", "tls=on"], /--set changes the built-in config/],
    [["nginx", "--header", "no colon"], /Want NAME:VALUE/],
    [["direct", "--upstream", "as-configured"], /want an arm with a config file, which names one/],
    [["nginx:test/probe/fixtures/stream.conf"], /stream\.conf:4: stream \{ \} passes TCP on/],
    [
      ["nginx:test/probe/corpus/good-full.conf", "--server-name", "other.example.net"],
      /Cannot find a server named/,
    ],
    [[], /missing required argument/],
  ] as const) {
    it(`probe ${args.join(" ")}: ends with 2`, async () => {
      await withFolder(async (out) => {
        const { code, stdout, stderr } = await runHere(["probe", ...args, "--out", out]);
        assert.equal(code, 2, stderr);
        assert.match(stderr, says);
        assert.equal(stdout, "");
      });
    });
  }
});
