/**
 * All that a server saw is accounted for: a server that counts for itself is measured as a URL, and its connections and
 * messages are the sum of what the documents say of preflight, calibration, burn-in, trials, steps and windows.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { probeDocumentSchema } from "#wsrally/results/probe-document.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { type CliResult, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { withPongServer } from "../support/with-pong-server.js";

interface Sum {
  readonly connections: number;
  readonly sent: number;
  readonly received: number;
}

type Arm = RunDocument["arms"][number];
type Trial = Arm["trials"][number];

function total(parts: readonly Sum[]): Sum {
  const sum = (pick: (part: Sum) => number): number => parts.reduce((all, part) => all + pick(part), 0);
  return {
    connections: sum(({ connections }) => connections),
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
  };
}

function ofTrial({ connections, accounting }: Trial): Sum {
  return {
    connections: connections.opened + (connections.reopened ?? 0),
    sent: accounting.clientSent,
    received: accounting.clientReceived,
  };
}

function ofArm({ preflight, calibration, burnIn, cutOff, trials }: Arm): Sum {
  const asides = [preflight, calibration, burnIn, cutOff].flatMap((aside) =>
    aside === undefined ? [] : [{ connections: aside.connections.opened, ...aside.messages }],
  );
  return total([...asides, ...trials.map(ofTrial)]);
}

function ofDocument({ arms, capacity, soak, gate }: RunDocument): Sum {
  const searched = capacity === undefined ? [] : [capacity, ...capacity.others];
  const soaked = soak?.accounting ?? null;
  return total([
    ...arms.map(ofArm),
    ...(gate?.probes ?? []).map(({ connections, messages }) => ({
      connections,
      sent: messages,
      received: 0,
    })),
    ...searched.flatMap(({ steps }) => steps.map(({ trial }) => ofTrial(trial))),
    ...(soaked === null
      ? []
      : [
          {
            connections: soaked.connectionsOpened ?? 0,
            sent: soaked.clientSent,
            received: soaked.clientReceived,
          },
        ]),
  ]);
}

/** Measures a server that counts, and sets its counts beside the document's. */
async function measured(
  command: string,
  args: readonly string[],
  run: (args: readonly string[]) => Promise<CliResult> = runHere,
): Promise<{ readonly document: RunDocument; readonly seen: Sum; readonly said: Sum }> {
  let found: { readonly document: RunDocument; readonly seen: Sum; readonly said: Sum } | null = null;
  await withFolder((out) =>
    withPongServer({}, async (server) => {
      const url = `ws://127.0.0.1:${server.port}/sock`;
      const result = await run([command, url, ...args, "--json", "--out", out]);
      assert.notEqual(result.stdout, "", result.stderr);
      const document = runDocumentSchema.parse(JSON.parse(result.stdout));
      const { upgrades, messagesReceived, messagesSent, accepted } = server.counts();
      assert.ok(accepted - upgrades <= 2, "no connections that ask for nothing");
      const seen = { connections: upgrades, sent: messagesReceived, received: messagesSent };
      found = { document, seen, said: ofDocument(document) };
    }),
  );
  assert.ok(found !== null);
  return found;
}

const load = ["--connections", "20", "--duration", "0.2", "--warmup", "0.1"];

describe("what a server saw", () => {
  it("is accounted for by a run: preflight, calibration, burn-in and trials", async () => {
    const { document, seen, said } = await measured("run", [...load, "--blocks", "2"]);
    assert.deepEqual(said, seen);
    const [arm] = document.arms;
    assert.deepEqual(arm?.preflight, {
      messages: { sent: 1, received: 1 },
      connections: { requested: 1, opened: 1, failed: 0 },
      failures: [],
    });
    assert.equal(arm?.burnIn?.connections.requested, 20);
    assert.ok((arm?.calibration?.messages.sent ?? 0) > 0 && (arm?.burnIn?.messages.sent ?? 0) > 0);
    assert.equal(arm?.cutOff, undefined);
  });

  it("is accounted for by a run whose connections come and go", async () => {
    const args = ["--stages", "300ms with 3..20, 200ms with 8", "--churn", "60", "--rate", "200"];
    const { document, seen, said } = await measured("run", [...args, "--warmup", "0.1", "--blocks", "1"]);
    assert.deepEqual(said, seen);
    const {
      requested,
      opened,
      held,
      wantedAtEnd,
      lost,
      churned = 0,
    } = document.arms[0]?.trials[0]?.connections ?? {};
    assert.deepEqual(
      { requested, opened, held, wantedAtEnd, lost },
      { requested: 20, opened: 20, held: 8, wantedAtEnd: 8, lost: 0 },
    );
    const stages = document.arms[0]?.trials[0]?.stages ?? [];
    assert.deepEqual(
      stages.map(({ fromS, offeredPerS, failures }) => [fromS, Math.round(offeredPerS ?? 0), failures]),
      [
        [0, 200, 0],
        [0.3, 200, 0],
      ],
    );
    assert.ok(churned > 12, `${churned} closed on purpose: 12 by the stages, and those of churn`);
  });

  it("is accounted for by a capacity search, step by step", async () => {
    const args = [...load, "--by", "both", "--hold", "0.2", "--most", "40"];
    const { document, seen, said } = await measured("capacity", [...args, "--costs", "--max-seconds", "6"]);
    assert.deepEqual(said, seen);
    assert.equal(
      document.arms[0]?.preflight?.messages.sent,
      2,
      "once for the rates, once for the connections",
    );
  });

  it("is accounted for by a soak, connections that are opened again among them", async () => {
    const args = ["--for", "2s", "--connections", "20", "--rate", "500", "--churn", "20"];
    const { seen, said } = await measured("soak", args);
    assert.deepEqual([said.sent, said.received], [seen.sent, seen.received]);
    // What was being opened when the soak ended may have been seen by the server alone.
    assert.ok(
      said.connections > 40 && seen.connections - said.connections <= 2,
      JSON.stringify([said, seen]),
    );
  });

  it("is accounted for by a gate, its probes included, and by a probe", async () => {
    await withFolder((out) =>
      withPongServer({}, async (server) => {
        const url = `ws://127.0.0.1:${server.port}/sock`;
        const seen = (): { connections: number; sent: number } => {
          const { accepted, messagesReceived } = server.counts();
          return { connections: accepted, sent: messagesReceived };
        };
        const scenario = join(out, "gate.yaml");
        writeFileSync(scenario, `arms: ["old=${url}", "new=${url}"]\n`);
        const gated = await runHere([
          ...[
            "gate",
            "--scenario",
            scenario,
            ...load,
            "--rate",
            "500",
            "--blocks",
            "1",
            "--json",
            "--out",
            out,
          ],
        ]);
        const document = runDocumentSchema.parse(JSON.parse(gated.stdout));
        assert.ok((document.gate?.probes ?? []).length > 0, gated.stderr);
        const { connections, sent } = ofDocument(document);
        assert.deepEqual({ connections, sent }, seen());
        server.resetCounts();
        const probed = await runHere(["probe", url, "--quick", "--json", "--out", out]);
        const { sent: told } = probeDocumentSchema.parse(JSON.parse(probed.stdout));
        assert.deepEqual({ connections: told?.connections, sent: told?.messages }, seen());
      }),
    );
  });

  it("is accounted for by a run that is stopped in the midst of a trial", async () => {
    const args = ["--connections", "20", "--rate", "1000", "--duration", "3", "--blocks", "3"];
    const { document, seen, said } = await measured("run", args, async (given) => {
      const running = startCli(given);
      while (!/block 1 of/.test(running.stderr())) await new Promise((resolve) => setTimeout(resolve, 50));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      running.child.kill("SIGINT");
      return running.result;
    });
    assert.equal(document.status, "interrupted");
    assert.equal(said.connections, seen.connections);
    assert.ok(Math.abs(said.sent - seen.sent) <= 20, `${said.sent} of ${seen.sent}`);
    assert.ok((document.arms[0]?.cutOff?.messages.sent ?? 0) > 500);
  });
});
