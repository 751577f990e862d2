/**
 * `wsrally probe`: one arm from both ends; each fault with its cause and its cure.
 */
import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../base/errors.js";
import { readHeaderText } from "../base/header-text.js";
import { readAuthority } from "../base/read-authority.js";
import { runProbe } from "../probe/run-probe.js";
import { createProbeDocument } from "../results/build-probe-document.js";
import { type Arm, armForms, isConfigured } from "../scenario/arm.js";
import { type BehindAddress, readBehind } from "../scenario/behind.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { resolveScenario } from "../scenario/resolve-scenario.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { changesNote } from "./changes-note.js";
import { deliverProbe } from "./deliver-probe.js";
import { makeRunId } from "./measurement.js";
import { addReportFlags, readOutputFlags } from "./output-flags.js";
import { addPullFlag, pullAsAsked } from "./pull-flag.js";
import { createRunProgress } from "./run-progress.js";
import { type CommandContext, say } from "./terminal.js";

interface ProbeFlags {
  readonly set?: string[];
  readonly path?: string;
  readonly backendPath?: string;
  readonly serverName?: string;
  readonly host?: string;
  readonly origin?: string;
  readonly header?: Record<string, string>;
  readonly subprotocol?: string;
  readonly upstream: "ours" | "as-configured";
  readonly behind?: readonly BehindAddress[];
  readonly ca?: string;
  readonly insecure?: true;
  readonly quick?: true;
  readonly idle?: true;
}

export function probeCommand(context: CommandContext): Command {
  const command = new Command("probe")
    .description(
      "Stands at both ends of one arm and compares what was sent with what arrived: the handshake, the path, headers, " +
        "frames of every kind, closes, slow readers, limits, timeouts, reloads. Names each fault, its cause and its cure.",
    )
    .argument("<arm>", `${armForms}, or a ws:// or wss:// URL of something already running`)
    .option(
      "--set <directive=value>",
      "change a directive of the built-in config (repeat as needed)",
      collectSettings,
    )
    .option("--path <path>", "path of the WebSocket (where the config proxies Upgrade, or /sock)", toPath)
    .option("--backend-path <path>", "path that the backend has it at (the same)", toPath)
    .option(
      "--server-name <name>",
      "which server of the config, by its server_name (the one that proxies WebSockets)",
    )
    .option("--host <host>", "Host header (the server_name, or the target)", toHeader)
    .option("--origin <origin>", "Origin header (from the Host, as a browser sets it)", toHeader)
    .option(
      "--header <name:value>",
      "another header of every request, as a token or a cookie (repeat as needed)",
      collectHeaders,
    )
    .option(
      "--subprotocol <names>",
      "Sec-WebSocket-Protocol to offer, where the server asks for its own",
      toHeaderValue,
    )
    .addOption(
      new Option(
        "--upstream <which>",
        "who answers behind the proxy: wsrally's backend, or what the config names",
      )
        .choices(["ours", "as-configured"])
        .default("ours"),
    )
    .option(
      "--behind <address:port>",
      "where the proxy of a URL passes to: wsrally's backend listens there, so that both ends are seen; several with commas between",
      toBehind,
    )
    .option("--ca <file>", "PEM file of the certificate authority that signed the proxy's certificate")
    .option("--insecure", "accept any certificate")
    .option("--quick", "under 10 s: foretell the limits without trying them, leave the reload out")
    .option(
      "--idle",
      "also measure timeouts, on a copy of the config with those scaled down; at a URL by 75 s of silence",
    )
    .addHelpText("after", examples);
  addPullFlag(command);
  return addReportFlags(command, "the probe's document").action((arm: string, flags: ProbeFlags) =>
    executeProbe(arm, flags, context),
  );
}

function toPath(text: string): string {
  if (!/^\/[!"$-~]*$/.test(text))
    throw new InvalidArgumentError("Want a percent-encoded path that starts with /.");
  return text;
}

function toBehind(text: string): readonly BehindAddress[] {
  const addresses = readBehind(text);
  if (addresses === null)
    throw new InvalidArgumentError("Want ADDRESS:PORT, or several with commas between.");
  return addresses;
}

function toHeader(text: string): string {
  if (!/^[!-~]+$/.test(text)) throw new InvalidArgumentError("Want ASCII without blanks.");
  return text;
}

function toHeaderValue(text: string): string {
  if (!/^[!-~]([ -~]*[!-~])?$/.test(text)) throw new InvalidArgumentError("Want ASCII in one line.");
  return text;
}

function collectHeaders(text: string, so: Record<string, string> = {}): Record<string, string> {
  const header = readHeaderText(text);
  if (header === null) throw new InvalidArgumentError("Want NAME:VALUE, in ASCII and one line.");
  return { ...so, [header.name]: header.value };
}

/** @throws FaultsFoundError after the report, when there is a fault; else EnvironmentError when it could not be stored */
async function executeProbe(text: string, flags: ProbeFlags, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const options = readOutputFlags({ ...flags });
  const arm = readArm(text, flags.set ?? []);
  if (flags.upstream === "as-configured" && !isConfigured(arm.target)) {
    throw new UsageError(
      `Cannot leave the upstream of ${text} as configured: want an arm with a config file, which names one`,
    );
  }
  if (flags.behind !== undefined && arm.target.kind !== "url") {
    throw new UsageError(
      `Cannot stand behind ${text}: want the ws:// or wss:// URL of a proxy that somebody else runs`,
    );
  }
  if (flags.insecure && flags.ca !== undefined) {
    throw new UsageError("Cannot use --insecure beside --ca: choose one of them");
  }
  await pullAsAsked({ ...flags }, [arm], terminal);
  const startedAt = new Date();
  const progress = createRunProgress(terminal);
  const result = await runProbe({
    arm: arm.target,
    set: arm.set,
    path: flags.path ?? null,
    backendPath: flags.backendPath ?? null,
    serverName: flags.serverName ?? null,
    headers: {
      ...flags.header,
      ...(flags.subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": flags.subprotocol }),
    },
    keepsUpstream: flags.upstream === "as-configured",
    behind:
      flags.behind === undefined ? null : { addresses: flags.behind, token: randomBytes(16).toString("hex") },
    host: flags.host ?? null,
    origin: flags.origin ?? null,
    caPem: flags.ca === undefined ? null : await readAuthority(flags.ca),
    insecure: flags.insecure === true,
    quick: flags.quick === true,
    idle: flags.idle === true,
    signal,
    progress: (doing) => progress.doing(`probe: ${doing}`),
  }).finally(() => progress.finish());
  const document = createProbeDocument({
    runId: makeRunId(startedAt, `probe-${arm.name}`),
    startedAt,
    arm,
    options: { quick: flags.quick === true, idle: flags.idle === true },
    tags: options.tags,
    result,
  });
  const changed = changesNote([{ name: arm.name, changes: document.arm.proxy?.changes ?? [] }], "--full");
  if (changed !== null) say(terminal, changed);
  await deliverProbe({ document, options, terminal });
}

function readArm(text: string, settings: readonly string[]): Arm {
  const arms = armsWithSettings([text], [text, ...settings.flatMap((setting) => ["--set", setting])]);
  const { arms: planned } = resolveScenario(withParsedArms({ arms }, findGivenArm), {
    name: "probe",
    overrides: {},
  });
  const [arm] = planned;
  if (arm === undefined) throw new UsageError(`Cannot probe ${text}: want one arm`);
  return arm;
}

const examples = `
Examples:
  wsrally probe nginx:site.conf --path /sock
  wsrally probe nginx:/etc/nginx/nginx.conf --quick
  wsrally probe nginx --set proxy_read_timeout=30s --idle
  wsrally probe nginx:site.conf --upstream as-configured
  wsrally probe wss://example.com/sock --behind 10.0.0.7:9000     both ends, where its upstream is there
  wsrally probe wss://example.com/sock --header 'Cookie: session=1' --json
`;
