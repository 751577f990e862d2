/** `wsrally doctor`: what this machine can measure, and what stands in the way. */
import { Command } from "commander";
import { EnvironmentError } from "../base/errors.js";
import { wrapText } from "../report/draw/plain-text.js";
import { jsonText } from "../report/words/json-text.js";
import type { Check } from "../results/doctor-schema.js";
import { canMeasure, checkMachine } from "./doctor/machine-checks.js";
import { checkPlaces } from "./doctor/place-checks.js";
import { checkPrograms } from "./doctor/program-checks.js";
import { checkQuiet } from "./doctor/quiet-check.js";
import { readMachine } from "./doctor/read-machine.js";
import { type CommandContext, widthOf } from "./terminal.js";

interface DoctorFlags {
  readonly json?: true;
  readonly out: string;
}

export function doctorCommand({ terminal }: CommandContext): Command {
  return new Command("doctor")
    .description(
      "Says what this machine can measure and what stands in the way, with what would help: Node, system calls, " +
        "processors, limits, rights, proxies, other programs at work. Nothing is changed. Ends with 3 where nothing can be measured at all.",
    )
    .option("--json", "print the checks as JSON")
    .option("--out <dir>", "folder of results, which runs would write to", "results")
    .addHelpText("after", examples)
    .action(async ({ json, out }: DoctorFlags) => {
      const machine = checkMachine(await readMachine());
      // Before the programs are asked, which would be the neighbours.
      const quiet = await checkQuiet();
      const checks = [...machine, quiet, ...(await checkPrograms()), ...checkPlaces(out)];
      terminal.stdout.write(json ? jsonText(checks) : checkPage(checks, widthOf(terminal.stdout)));
      if (!canMeasure(checks))
        throw new EnvironmentError("Nothing can be measured here: see what is missing");
    });
}

/** What stands in the way comes last, where a terminal shows it. */
export function checkPage(checks: readonly Check[], width: number): string {
  const columns = Math.max(...checks.map(({ check }) => check.length));
  const lineOf = ({ check, status, says, cure }: Check): string[] => {
    const head = `${status.padEnd("warning".length)}  ${check.padEnd(columns)}  `;
    const words = wrapText(says, width, { first: head.length });
    const advice =
      cure === null ? [] : wrapText(`-> ${cure}`, width, { first: head.length, rest: head.length + 3 });
    return [head + (words[0] ?? "").trimStart(), ...words.slice(1), ...advice];
  };
  const wrong = checks.filter(({ status }) => status !== "ok");
  const lines = [...checks.filter(({ status }) => status === "ok"), ...wrong].flatMap(lineOf);
  const proxies = checks.filter(({ check, status }) => check.startsWith("proxy-") && status === "ok");
  const arms = [...proxies.map(({ check }) => check.slice("proxy-".length)), "embedded", "direct"];
  const last = canMeasure(checks)
    ? `Can be measured here: ${arms.join(", ")}. ${wrong.length === 0 ? "Nothing stands in the way." : `Worth a look: ${wrong.length}.`}`
    : "Nothing can be measured here.";
  return `${[...lines, "", ...wrapText(last, width)].join("\n")}\n`;
}

const examples = `
Examples:
  wsrally doctor
  wsrally doctor --json
`;
