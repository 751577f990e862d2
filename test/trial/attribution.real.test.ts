/** Every failure for real: nginx in the middle, faults on purpose at one end, what each side saw compared. */
import assert from "node:assert/strict";
import { type ExecFileException, execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type FaultPlan, noFaults } from "#wsrally/backend/fault-plan.js";
import type { PongServerOptions } from "#wsrally/backend/pong-server.js";
import { createWorkspace, type Workspace } from "#wsrally/base/workspace.js";
import type { FailureKind, FailureSide } from "#wsrally/load/failure.js";
import { createThreadPool, type GeneratorPool } from "#wsrally/load/generator-pool.js";
import { usualPatience } from "#wsrally/trial/patience.js";
import type { TrialRecord } from "#wsrally/trial/trial-record.js";
import { skipLacking } from "../support/lacking.js";
import { limitedConf } from "../support/limited-conf.js";
import { nginxWorkers, runOneTrial, type TrialMoments, type TrialOrder } from "../support/trial-bench.js";
import { epollOnly } from "../support/with-pong-server.js";

type Failures = TrialRecord["failures"];

function faulty(faults: Partial<FaultPlan>): Partial<PongServerOptions> {
  return { faults: { ...noFaults, ...faults } };
}

function total(failures: Failures, wanted: Partial<Failures[number]>): number {
  return failures
    .filter((failure) =>
      Object.entries(wanted).every(([name, value]) => failure[name as keyof typeof failure] === value),
    )
    .reduce((sum, { count }) => sum + count, 0);
}

function describeFailures(failures: Failures): string {
  return JSON.stringify(failures, null, 1);
}

/** The kinds that must be there, all of one side, and none else. */
function assertSides(
  failures: Failures,
  side: FailureSide,
  required: readonly FailureKind[],
  allowed: readonly FailureKind[] = [],
): void {
  const kinds = new Set(failures.map(({ kind }) => kind));
  for (const kind of required) assert.ok(kinds.has(kind), `no ${kind} in ${describeFailures(failures)}`);
  for (const kind of kinds) {
    assert.ok([...required, ...allowed].includes(kind), `${kind} in ${describeFailures(failures)}`);
  }
  assert.ok(
    failures.every((failure) => failure.side === side),
    `not all ${side}: ${describeFailures(failures)}`,
  );
}

/** How a trial's log is linked to its failures. */
function assertLinked({ failures, proxyLogEntries }: TrialRecord, kind: FailureKind, pattern: RegExp): void {
  const linked = failures.find((failure) => failure.kind === kind && failure.logMessage !== null);
  assert.match(linked?.logMessage ?? "", pattern, describeFailures(failures));
  const entry = proxyLogEntries.find(({ message }) => message === linked?.logMessage);
  assert.ok(entry !== undefined && entry.count > 0);
  assert.ok(entry.example.length > 0);
}

interface Outcome {
  readonly thrown: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 60_000 }, (thrown, stdout, stderr) =>
      resolve({ thrown, stdout, stderr }),
    );
  });
}

/** One message a connection, so that none is sent into a connection that has just been ended. */
const oneEach: Partial<TrialOrder> = { ratePerS: 20, durationS: 0.5 };

/** What may follow from a connection that ends under load, besides its end. */
const inItsWake: readonly FailureKind[] = ["reply-missing", "reset", "eof"];

// They wait more than they work, and so run side by side.
describe("attribution through a real nginx", { ...epollOnly, concurrency: true }, () => {
  let pool: GeneratorPool;
  let workspace: Workspace;
  before(async () => {
    pool = createThreadPool(8);
    workspace = await createWorkspace();
  });
  after(async () => {
    await pool.close();
    await workspace.remove();
  });
  const trial = (order: Partial<TrialOrder>, moments: TrialMoments = {}): Promise<TrialRecord> =>
    runOneTrial(pool, { arm: "nginx", ...order }, moments);

  it("upgrade-timeout: a proxy that hangs, and never passes the requests on", async () => {
    const { failures, connections } = await trial(
      { workload: { connections: 3 }, patience: { ...usualPatience, handshakeMs: 1500 } },
      {
        started: ({ folder }) => {
          for (const pid of nginxWorkers(folder)) process.kill(pid, "SIGSTOP");
        },
      },
    );
    assert.equal(connections.failed, 3);
    assertSides(failures, "proxy", ["upgrade-timeout"]);
    assert.equal(failures[0]?.cause, "the backend saw no such request");
  });

  it("calls a backend that answers once and closes no proxy fault, nor anything that follows from it", async () => {
    const once = { backend: { once: true } };
    assertSides((await trial({ ...once, ...oneEach })).failures, "backend", ["eof"]);
    for (const ratePerS of [200, null]) {
      const { failures } = await trial({ ...once, ratePerS });
      assertSides(failures, "backend", [], inItsWake);
      assert.equal(total(failures, { kind: "eof" }) + total(failures, { kind: "reset" }), 10);
    }
  });

  it("the same of the ws server", async () => {
    const { failures } = await trial({ ...oneEach, backend: { once: true, engine: "ws" } });
    assertSides(failures, "backend", ["eof"]);
  });

  it("closed: the backend's close frame", async () => {
    const { failures } = await trial({
      ...oneEach,
      backend: faulty({ ending: { kind: "close", after: 1, code: 1011 } }),
    });
    assertSides(failures, "backend", ["closed"]);
    assert.match(failures.find(({ kind }) => kind === "closed")?.example ?? "", /1011/);
  });

  it("reset: the backend's, which nginx passes on as an end and logs", async () => {
    const record = await trial({ ...oneEach, backend: faulty({ ending: { kind: "reset", after: 1 } }) });
    assertSides(record.failures, "backend", ["eof"]);
    assertLinked(record, "eof", /^recv\(\) failed \(104: .* while proxying upgraded connection$/);
  });

  it("reply-missing: a backend that stalls, and one that leaves answers out", async () => {
    const endings: readonly Partial<FaultPlan>[] = [
      { ending: { kind: "stall", after: 3 } },
      { answers: { kind: "drop", every: 3 } },
    ];
    await Promise.all(
      endings.map(async (faults) => {
        const patience = { ...usualPatience, drainMs: 1000 };
        const { failures } = await trial({ workload: { payload: 100 }, patience, backend: faulty(faults) });
        assertSides(failures, "backend", ["reply-missing"]);
      }),
    );
  });

  it("reply-late: a backend that takes longer than replies are waited for", async () => {
    const delay = { kind: "fixed", ns: 2.5e9 } as const;
    const patience = { ...usualPatience, drainMs: 1500 };
    const { failures } = await trial({ ratePerS: 20, durationS: 0.2, patience, backend: faulty({ delay }) });
    assertSides(failures, "backend", ["reply-late"], ["reply-missing"]);
  });

  for (const [kind, found] of [
    ["duplicate", "reply-duplicate"],
    ["alter", "reply-wrong"],
  ] as const) {
    it(`${found}: a backend that does ${kind} answers`, async () => {
      const { failures } = await trial({
        workload: { payload: 100 },
        backend: faulty({ answers: { kind, every: 5 } }),
      });
      assertSides(failures, "backend", [found]);
    });
  }

  it("upgrade-status: limit_conn", async () => {
    const file = join(workspace.path, "limit.conf");
    writeFileSync(file, limitedConf);
    const record = await trial({ arm: `nginx:${file}` });
    assertSides(record.failures, "proxy", ["upgrade-status"]);
    assert.equal(total(record.failures, { cause: "a limit on connections" }), 6);
    assertLinked(record, "upgrade-status", /^limiting connections by zone "each"$/);
  });

  it("upgrade-status: nobody listens where nginx passes to", async () => {
    const record = await trial({ closedUpstream: true });
    assertSides(record.failures, "proxy", ["upgrade-status"]);
    assert.equal(total(record.failures, { cause: "nobody listens where the proxy passes to" }), 10);
    assertLinked(record, "upgrade-status", /^connect\(\) failed \(111: /);
  });

  it("reset, eof: worker_connections, all at once and one after the other", async () => {
    for (const workload of [{ connections: 60 }, { connections: 60, ramp: 300 }]) {
      const record = await trial({ set: { worker_connections: "64" }, workload });
      const { failures, connections } = record;
      assert.ok(connections.opened < 32 && connections.failed > 20, JSON.stringify(connections));
      assertSides(failures, "proxy", [], ["reset", "eof", "upgrade-status"]);
      assert.equal(
        total(failures, { cause: "worker_connections are not enough" }) +
          total(failures, { cause: "fewer than 1/16 of worker_connections free" }),
        connections.failed,
        describeFailures(failures),
      );
      const [{ kind }] = failures as [Failures[number]];
      assertLinked(record, kind, /^64 worker_connections are not enough/);
    }
  });

  it("no-descriptors: the proxy's, from its log", async () => {
    const record = await trial({ set: { worker_rlimit_nofile: "40" }, workload: { connections: 30 } });
    assertSides(record.failures, "proxy", ["no-descriptors"]);
    assert.equal(total(record.failures, {}), record.connections.failed);
    assertLinked(record, "no-descriptors", /failed \(24: /);
  });

  it("eof: proxy_read_timeout", async () => {
    const { failures } = await trial({ set: { proxy_read_timeout: "300ms" }, durationS: 1, ratePerS: 2 });
    assertSides(failures, "proxy", ["eof"], inItsWake);
  });

  it("proxy-exited: a worker that dies, with its signal, and what is lost with it", async () => {
    const record = await trial(
      { durationS: 1 },
      {
        measured: ({ folder }) => {
          const workers = nginxWorkers(folder);
          assert.equal(workers.length, 1);
          for (const pid of workers) process.kill(pid, "SIGSEGV");
        },
      },
    );
    assertSides(record.failures, "proxy", ["proxy-exited"], [...inItsWake, "refused"]);
    assert.match(
      record.failures.find(({ kind }) => kind === "proxy-exited")?.example ?? "",
      /worker process \d+ exited on signal 11/,
    );
    assert.equal(total(record.failures, { cause: "a process of the proxy died" }), 10);
    assertLinked(record, "proxy-exited", /^worker process N exited on signal 11/);
    assert.ok(record.disqualifiedBecause.includes("proxy-exited"));
  });

  it("a reload that cuts connections off is told as such, and its trial does not count", async () => {
    const record = await trial(
      { set: { worker_shutdown_timeout: "100ms" }, durationS: 2.5 },
      { measured: ({ running }) => void running.reload?.() },
    );
    assertSides(record.failures, "proxy", [], inItsWake);
    assert.equal(total(record.failures, { cause: "the proxy was reloaded" }), 10);
    const ended = record.failures.find(({ kind }) => kind === "eof" || kind === "reset");
    assertLinked(record, ended?.kind ?? "eof", /^signal 1 \(SIGHUP\) received from N, reconfiguring$/);
    assert.ok(record.disqualifiedBecause.includes("proxy-reloaded"));
  });

  it("a trial in which nothing goes wrong has no failures and an empty log", async () => {
    const { failures, proxyLog, disqualifiedBecause } = await trial({ workload: { heartbeat: 0.1 } });
    assert.deepEqual([failures, proxyLog], [[], []]);
    assert.ok(!disqualifiedBecause.includes("proxy-reloaded"));
  });

  it("without a proxy in between, the backend answers for all of it", async () => {
    const { failures } = await trial({ ...oneEach, arm: "direct", backend: { once: true } });
    assertSides(failures, "backend", ["eof"]);
  });

  it("behind the embedded relay the backend's ends are told as well", async () => {
    const { failures } = await trial({ ...oneEach, arm: "embedded", backend: { once: true } });
    assertSides(failures, "backend", ["eof"], inItsWake);
  });

  it("no-ports: the proxy's side towards the backend, in a network of its own", async (test) => {
    const program = fileURLToPath(new URL("./support/few-ports-main.js", import.meta.url));
    const script =
      'ip link set lo up && echo "40000 40049" > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"';
    const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const args = [...asRoot, "--net", "sh", "-c", script, "sh", process.execPath, program];
    const { thrown, stdout, stderr } = await run("unshare", args);
    const noNetwork = thrown?.code === "ENOENT" || /unshare: |ip: not found|ip_local_port_range/.test(stderr);
    if (noNetwork)
      return skipLacking(test, `no network of its own here: ${stderr.trim() || thrown?.message}`);
    assert.equal(thrown, null, stderr);
    const record = JSON.parse(stdout) as TrialRecord;
    assertSides(record.failures, "proxy", ["no-ports"], ["upgrade-status"]);
    assert.equal(total(record.failures, {}), record.connections.failed);
    assertLinked(record, "no-ports", /^connect\(\) to ADDRESS failed \(99: /);
  });
});
