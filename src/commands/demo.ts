/**
 * `wsrally demo`: the main job for a newcomer, who may not have an nginx yet.
 */
import { Command } from "commander";
import { EnvironmentError } from "../base/errors.js";
import { drivers } from "../proxy/drivers.js";
import { findProgram } from "../proxy/program/find-program.js";
import { installProgram } from "../proxy/program/install-program.js";
import { parseArm } from "../scenario/arm.js";
import { findScenario } from "../scenario/find-scenario.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { parseScenario } from "../scenario/parse-scenario.js";
import type { Scenario } from "../scenario/scenario.js";
import type { WorkloadInput } from "../scenario/workload.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { resolveHere } from "./resolve-here.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags } from "./workload-flags.js";

export function demoCommand(context: CommandContext): Command {
  const command = new Command("demo")
    .description(
      "Runs the scenario nginx-buffering. Where there is no nginx it fetches a pinned one into the user's cache folder, " +
        "without root; where that cannot be done either, it measures a relay of its own, and says so.",
    )
    .addHelpText("after", "\nExamples:\n  wsrally demo\n  wsrally demo --connections 2000\n");
  addOutputFlags(addWorkloadFlags(command));
  return command.action(async (options: Record<string, unknown>) => {
    const scenario = await chooseScenario(readWorkloadFlags(options), context.terminal);
    const { executeRun } = await import("./execute-run.js");
    await executeRun(scenario, readOutputFlags(options), context.terminal, context.signal);
  });
}

async function chooseScenario(overrides: WorkloadInput, terminal: Terminal): Promise<Scenario> {
  if (await haveNginx(terminal)) {
    const file = findScenario("nginx-buffering");
    if (file === null)
      throw new EnvironmentError("The scenario nginx-buffering is missing: install wsrally again");
    const { name, locate } = file;
    return resolveHere(withParsedArms(parseScenario(file.text, file.file), locate), { name, overrides });
  }
  return resolveHere(
    {
      description: "What does a plain relay in Node add? No proxy of the real world.",
      arms: [parseArm("direct"), parseArm("embedded")],
    },
    { name: "embedded-relay", overrides },
  );
}

/** @returns false, having said why, when there is none and none can be fetched */
async function haveNginx(terminal: Terminal): Promise<boolean> {
  try {
    await findProgram(drivers.nginx.program);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
  }
  say(terminal, "No nginx here: fetching one into your cache folder.");
  try {
    await installProgram(drivers.nginx.program);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    for (const line of thrown.message.split("\n")) say(terminal, line);
    say(terminal, "Measuring the embedded relay instead, which is no proxy of the real world.");
    return false;
  }
}
