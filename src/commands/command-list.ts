/**
 * Every command's name and what it is for: all that help needs, so that a command's own file, and what it measures with,
 * is read only when it is called for.
 */
import type { Command } from "commander";
import type { CommandContext } from "./terminal.js";

interface ListedCommand {
  readonly name: string;
  /** What it takes, as help shows it; empty for flags alone. */
  readonly takes: string;
  readonly summary: string;
  load(context: CommandContext): Promise<Command>;
}

export const commandList: readonly ListedCommand[] = [
  {
    name: "run",
    takes: "<scenario|arm>",
    summary: "run every arm of a scenario, store the results and report them",
    load: async (context) => (await import("./run.js")).runCommand(context),
  },
  {
    name: "compare",
    takes: "<arm...>",
    summary: "compare arms given on the command line; the first is the baseline",
    load: async (context) => (await import("./compare.js")).compareCommand(context),
  },
  {
    name: "gate",
    takes: "",
    summary: "compare a candidate config with its baseline, with exit codes for CI",
    load: async (context) => (await import("./gate.js")).gateCommand(context),
  },
  {
    name: "probe",
    takes: "<arm>",
    summary: "find out why a WebSocket does not connect, or does not stay",
    load: async (context) => (await import("./probe.js")).probeCommand(context),
  },
  {
    name: "capacity",
    takes: "<arm...>",
    summary: "find the highest load that keeps an SLO, what stops it and what it costs",
    load: async (context) => (await import("./capacity.js")).capacityCommand(context),
  },
  {
    name: "soak",
    takes: "<arm>",
    summary: "one load for hours on one proxy instance: does memory grow, does latency drift?",
    load: async (context) => (await import("./soak.js")).soakCommand(context),
  },
  {
    name: "rollout",
    takes: "<arm...>",
    summary: "what a reload, a restart or a failing backend costs the clients that are connected",
    load: async (context) => (await import("./rollout.js")).rolloutCommand(context),
  },
  {
    name: "report",
    takes: "[runs...]",
    summary: "show stored runs again, or list them",
    load: async (context) => (await import("./report.js")).reportCommand(context),
  },
  {
    name: "verify",
    takes: "<folder>",
    summary: "make every figure of a stored cost table again from the runs beside it",
    load: async (context) => (await import("./verify.js")).verifyCommand(context),
  },
  {
    name: "history",
    takes: "[scenario]",
    summary: "show how a scenario's ratios moved over commits",
    load: async (context) => (await import("./history.js")).historyCommand(context),
  },
  {
    name: "baseline",
    takes: "",
    summary: "store runs for planning later ones, list and show them",
    load: async (context) => (await import("./baseline.js")).baselineCommand(context),
  },
  {
    name: "backend",
    takes: "",
    summary: "run the pong server alone",
    load: async (context) => (await import("./backend.js")).backendCommand(context),
  },
  {
    name: "agent",
    takes: "",
    summary: "take part in runs that are steered from another machine",
    load: async (context) => (await import("./agent.js")).agentCommand(context),
  },
  {
    name: "cluster",
    takes: "",
    summary: "write keys, a NATS server's config and what starts agents on several hosts",
    load: async (context) => (await import("./cluster.js")).clusterCommand(context),
  },
  {
    name: "proxies",
    takes: "",
    summary: "list the proxies that are found here, with their versions, and install pinned ones",
    load: async () => (await import("./proxies.js")).proxiesCommand(),
  },
  {
    name: "doctor",
    takes: "",
    summary: "what this machine can measure, and what stands in the way",
    load: async (context) => (await import("./doctor.js")).doctorCommand(context),
  },
  {
    name: "init",
    takes: "[kind] [file]",
    summary: "write a first scenario or CI file, from questions or flags",
    load: async (context) => (await import("./init.js")).initCommand(context),
  },
  {
    name: "traffic",
    takes: "<file.har>",
    summary: "print the shape of a browser's recorded WebSockets as a scenario",
    load: async (context) => (await import("./traffic.js")).trafficCommand(context),
  },
  {
    name: "completion",
    takes: "<shell>",
    summary: "print a script that completes commands and flags in bash, zsh or fish",
    load: async (context) => (await import("./completion.js")).completionCommand(context),
  },
  {
    name: "demo",
    takes: "",
    summary: "compare two nginx configs, fetching an nginx first where there is none",
    load: async (context) => (await import("./demo.js")).demoCommand(context),
  },
];
