/** `wsrally traffic`: prints what a recording's WebSockets are like as a scenario, without what they said. */
import { Command } from "commander";
import { Document } from "yaml";
import { jsonText } from "../report/words/json-text.js";
import { readHar } from "../scenario/replay/read-har.js";
import { summarise, type TrafficSummary } from "../scenario/replay/summary.js";
import type { CommandContext } from "./terminal.js";

export function trafficCommand({ terminal }: CommandContext): Command {
  return new Command("traffic")
    .description(
      "Reads the WebSocket messages of a HAR file, as a browser's network panel saves it, and prints their shape as a scenario to keep: " +
        "how often and how much each side sends, and nothing of what it said. `--replay FILE.har` of run and compare sends the recorded " +
        "sessions themselves, message by message.",
    )
    .argument("<file.har>", "the recording")
    .option("--json", "print the shape as JSON on stdout, and nothing else there")
    .addHelpText("after", examples)
    .action((file: string, flags: { readonly json?: true }) => {
      const summary = summarise(readHar(file));
      terminal.stdout.write(flags.json ? jsonText(summary) : scenarioOf(summary));
    });
}

function scenarioOf({ sessions, up, replies, own, workload }: TrafficSummary): string {
  const document = new Document({ workload, arms: ["nginx"] });
  document.commentBefore = [
    " yaml-language-server: $schema=node_modules/wsrally/schemas/scenario.schema.json",
    ` ${sessions} recorded sessions, a connection of which on average:`,
    directionWords("sends", up),
    directionWords("is answered", replies),
    directionWords("is sent unasked", own),
  ].join("\n");
  return document.toString({ lineWidth: 0 });
}

function directionWords(
  verb: string,
  { messages, perS, p50, p90, p99, max, savedPercent }: TrafficSummary["up"],
): string {
  if (messages === 0) return ` ${verb} nothing`;
  return ` ${verb} ${perS}/s of p50 ${p50}, p90 ${p90}, p99 ${p99}, max ${max} bytes (DEFLATE saves ${savedPercent} %)`;
}

const examples = `
Examples:
  wsrally traffic recorded.har > traffic.yaml         a scenario of the same shape, for run
  wsrally traffic recorded.har --json
  wsrally compare nginx:old.conf nginx:new.conf --replay recorded.har
`;
