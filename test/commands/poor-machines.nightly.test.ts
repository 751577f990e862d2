/**
 * Machines that lack something: descriptors, ports, IPv4, /proc, io_uring. Each is made for the one command alone, by its own
 * limit, network, mounts or filter. What can be measured is, and what cannot is said with what would do.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Check } from "#wsrally/results/doctor-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { assertDocument } from "../support/assert-document.js";
import { skipLacking } from "../support/lacking.js";
import { type CliResult, runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { withPongServer } from "../support/with-pong-server.js";

const short = ["--rate", "100", "--duration", "0.2", "--warmup", "0", "--blocks", "1", "--json"];

/** A shell's words before the command. */
const after = (script: string): string[] => ["sh", "-c", `${script} && exec "$@"`, "sh"];

/** In namespaces of its own. */
function apart(namespace: "--net" | "--mount", script: string): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  return ["unshare", ...asRoot, namespace, ...after(script)];
}

/** Not so few that the program's own files, which are read side by side, do not fit. */
const few = after("ulimit -n 512");
const fewPorts = apart(
  "--net",
  'ip link set lo up && echo "32768 32817" > /proc/sys/net/ipv4/ip_local_port_range',
);
const noProc = apart("--mount", "mount -t tmpfs none /proc");
const noLoopback = apart("--net", "true");
const noRing = [process.execPath, resolve("dist-test/support/refuse-io-uring.js")];

interface Row {
  readonly title: string;
  readonly through: readonly string[];
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const refused: readonly Row[] = [
  {
    title: "more connections than a worker may have files for",
    through: few,
    args: ["run", "nginx", "--connections", "250"],
    code: 3,
    says: /each worker of the proxy needs 600 open files and may have 512; want at most about 206 connections/,
  },
  {
    title: "more connections than the relay has ports for",
    through: fewPorts,
    args: ["run", "embedded", "--connections", "100"],
    code: 3,
    says: /the proxy's far side needs 100 local ports and may have 50; want at most about 50 connections/,
  },
  {
    title: "a backend that wants more ports than there are",
    through: fewPorts,
    args: ["capacity", "nginx", "--connections", "20", "--by", "connections"],
    code: 3,
    says: /Cannot start the backend on 127\.0\.0\.1:0: .*every port .* is in use \(net\.ipv4\.ip_local_port_range\)/,
  },
  {
    title: "an engine that is forbidden",
    through: noRing,
    args: ["run", "direct", "--connections", "2", "--closed", "--engine", "io_uring"],
    code: 2,
    says: /Cannot use --engine io_uring: io_uring is forbidden here .*; --engine auto takes one that can/,
  },
];

describe("what a machine has too little of", { concurrency: 4 }, () => {
  for (const { title, through, args, code: wanted, says } of refused)
    it(`${title}: ${wanted}, in one line`, async (test) => {
      const result = await within(test, through, args);
      if (result === null) return;
      assert.equal(result.code, wanted, result.stderr);
      assert.match(result.stderr, says);
      assert.doesNotMatch(result.stderr, /\n {4}at /);
    });

  it("descriptors of the probe's own are no limit of the proxy's", async (test) => {
    const result = await within(test, few, ["probe", "nginx"]);
    if (result === null) return;
    assert.equal(result.code, 0, result.stderr);
    assert.match(
      result.stdout,
      /not tried: more than 226, which is all that probe itself has\s+open files for/,
    );
  });
});

describe("what can be measured all the same", { concurrency: 4 }, () => {
  it("as many connections as were said to have room", async (test) => {
    const result = await within(test, few, ["run", "nginx", "--connections", "206", ...short]);
    if (result !== null) assertHealthy(result, { opened: 206, engine: "epoll" });
  });

  it("nginx with fewer ports than connections, which loopback has addresses for", async (test) => {
    const result = await within(test, fewPorts, ["run", "nginx", "--connections", "100", ...short]);
    if (result !== null) assertHealthy(result, { opened: 100, engine: "epoll" });
  });

  it("a closed loop without io_uring", async () => {
    const closed = short.filter((word) => word !== "--rate" && word !== "100");
    const result = await runCli(["run", "direct", "--connections", "5", "--closed", ...closed], {
      through: noRing,
    });
    assertHealthy(result, { opened: 5, engine: "epoll" });
  });

  it("nginx where /proc is hidden, whose cost is then not told", async (test) => {
    const result = await within(test, noProc, ["run", "nginx", "--connections", "5", ...short]);
    if (result === null) return;
    assertHealthy(result, { opened: 5, engine: "epoll" });
    const { arms } = JSON.parse(result.stdout) as RunDocument;
    assert.equal(arms[0]?.trials[0]?.proxyCost?.cpuUsPerMessage ?? null, null);
  });

  it("a probe where /proc is hidden, without the reload that nobody would see", async (test) => {
    const result = await within(test, noProc, ["probe", "nginx", "--full"]);
    if (result === null) return;
    assert.equal(result.code, 0, result.stderr);
    assert.match(
      result.stdout,
      /^ {2}reload\b.*: Cannot tell when nginx has reloaded: none of its\s+processes/m,
    );
  });

  it("a server that listens on IPv6 alone, by probe and by both engines", async () => {
    await withPongServer({ host: "::1" }, async ({ ports: [port] }) => {
      const url = `ws://[::1]:${port}/sock`;
      const probed = await runHere(["probe", url, "--quick", "--json"]);
      assert.equal(probed.code, 0, probed.stderr);
      for (const engine of ["epoll", "ws"]) {
        const result = await withFolder((out) =>
          runHere(["run", url, "--connections", "3", "--engine", engine, ...short, "--out", out]),
        );
        assertHealthy(result, { opened: 3, engine });
        assert.match((JSON.parse(result.stdout) as RunDocument).arms[0]?.name ?? "", /^1-\d+$/);
      }
    });
  });
});

describe("what the doctor says of it", { concurrency: 4 }, () => {
  for (const [title, through, code, wrong] of [
    [
      "few descriptors and no io_uring",
      [...few, ...noRing],
      0,
      [
        /^open-files warning 512 a process: about 206 connections/m,
        /^io-uring missing io_uring is forbidden here/m,
      ],
    ],
    ["no /proc", noProc, 0, [/^proc missing cannot read \/proc\/stat, /m]],
    [
      "no loopback, so that nothing can be measured",
      noLoopback,
      3,
      [/^loopback missing nothing can be measured/m],
    ],
  ] as const)
    it(title, async (test) => {
      const result = await within(test, through, ["doctor", "--json"]);
      if (result === null) return;
      assert.equal(result.code, code, result.stderr);
      const checks = JSON.parse(result.stdout) as readonly Check[];
      assertDocument("doctor", checks);
      const said = checks.map(({ check, status, says }) => `${check} ${status} ${says}`).join("\n");
      for (const one of wrong) assert.match(said, one);
    });
});

/** @returns null where this user may make no such place, which is said */
async function within(
  test: TestContext,
  through: readonly string[],
  args: readonly string[],
): Promise<CliResult | null> {
  if (through[0] === "unshare") {
    const [program = "", ...words] = [...through.slice(0, through.indexOf("sh") + 4), "true"];
    try {
      execFileSync(program, words, { stdio: "ignore" });
    } catch {
      skipLacking(test, "this user may make no namespace");
      return null;
    }
  }
  return withFolder((cwd) => runCli(args, { cwd, through }));
}

function assertHealthy(
  { code, stdout, stderr }: CliResult,
  wanted: { opened: number; engine: string },
): void {
  assert.equal(code, 0, stderr);
  const { arms } = JSON.parse(stdout) as RunDocument;
  const [trial] = arms[0]?.trials ?? [];
  assert.deepEqual(
    [trial?.connections.opened, trial?.failures, trial?.engine],
    [wanted.opened, [], wanted.engine],
    stdout.slice(0, 2000),
  );
}
