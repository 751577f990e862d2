import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gateCommand } from "#wsrally/commands/gate.js";

const sides = ["--baseline", "nginx", "--candidate", "nginx"];

describe("wsrally gate's flags", () => {
  for (const [args, says] of [
    [["--candidate", "nginx"], /want --baseline, or --no-baseline/],
    [[...sides, "--slo", "p99 < 20"], /column 9: 20 of what\?/],
    [[...sides, "--budget", "soon"], /--budget soon: want a time .* such as 5s or 2m/],
    [[...sides, "--scenario", "x.yaml"], /Cannot use --scenario beside/],
    [[...sides, "--budget", "60s", "--max-seconds", "60"], /Cannot use --max-seconds beside --budget/],
    [[...sides, "--max-regression", "much"], /--max-regression much: want a share .* such as 3% or 0\.03/],
    [[...sides, "--inconclusive", "maybe"], /Allowed choices are pass, fail/],
    [
      ["--baseline", "nginx", "--candidate", "http://127.0.0.1/"],
      /Cannot gate http:\/\/127\.0\.0\.1\/ \(ws:\/\/127\.0\.0\.1\/ perhaps/,
    ],
    [[], /want --baseline and --candidate, or --scenario FILE/],
  ] as const) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { stdout, stderr, env } = process;
      const context = {
        terminal: { stdout, stderr, env, issueCommand: () => undefined },
        signal: new AbortController().signal,
        argv: args,
        startedMs: 0,
      };
      const command = gateCommand(context)
        .exitOverride()
        .configureOutput({ writeErr: () => undefined });
      await assert.rejects(command.parseAsync(args, { from: "user" }), says);
    });
  }
});
