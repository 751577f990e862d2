/**
 * `wsrally gate`: a candidate config against its baseline, with exit codes for CI.
 */
import { Command } from "commander";
import { EnvironmentError, UsageError } from "../base/errors.js";
import { addGateFlags, type GateFlags, readGateFlags } from "./gate/gate-flags.js";
import { readQuestion } from "./gate/gate-sides.js";
import { whyNotBehind, whyNoUpstream } from "./gate/gate-traffic.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags, refuseUnused, type UnusedFlags } from "./workload-flags.js";

export function gateCommand(context: CommandContext): Command {
  const command = new Command("gate")
    .description(
      "Probes and measures both configs interleaved on this machine, so that its noise cancels. Ends with 0 when the " +
        "candidate passed, 20 when it is slower, breaks what the baseline did, or misses an SLO, and 21 when nothing was " +
        "proven either way. The whole command keeps to its budget.",
    )
    .addHelpText("after", examples);
  addOutputFlags(addWorkloadFlags(addGateFlags(command), unusedFlags));
  return command.action(async (options: GateFlags & Record<string, unknown>) => {
    try {
      refuseUnused("gate", unusedFlags, options);
      const settings = readGateFlags(options);
      const question = readQuestion(options);
      const { maxSeconds: _, ...workload } = readWorkloadFlags(options);
      const { executeGate } = await import("./gate/execute-gate.js");
      await executeGate({ question, settings, workload, output: readOutputFlags(options) }, context);
    } catch (thrown) {
      // A gate that was held has told its outcome.
      if (thrown instanceof UsageError || thrown instanceof EnvironmentError) {
        const { tellFailure } = await import("./deliver-run.js");
        await tellFailure(thrown, context.terminal);
      }
      throw thrown;
    }
  });
}

const unusedFlags: UnusedFlags = {
  upstream: whyNoUpstream,
  behind: whyNotBehind,
  token: whyNotBehind,
  residence: "run and compare measure the time inside the proxy",
  tokenFile: whyNotBehind,
};

const examples = `
Examples:
  wsrally gate --baseline origin/main:deploy/nginx.conf --candidate deploy/nginx.conf
  wsrally gate --baseline origin/main:deploy/nginx.conf --candidate deploy/nginx.conf --slo 'p99 < 20ms && failures == 0'
  wsrally gate --baseline old.conf --candidate new.conf --max-regression 10% --fail-on exceeds --budget 5m
  wsrally gate --no-baseline --candidate nginx.conf --slo 'connect.p99 < 1s'
  wsrally gate --scenario ci.yaml --inconclusive pass   (arms may be nginx:origin/main:deploy/nginx.conf)
  wsrally gate --scenario ci.yaml --report junit=junit.xml --report codequality=codequality.json

A clone without the baseline's branch, as CI makes them: git fetch --depth=1 origin main:refs/remotes/origin/main
`;
