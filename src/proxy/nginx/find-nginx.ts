/**
 * Where an nginx can be had from: what WSRALLY_NGINX names, else PATH and the system's own program folders, else the
 * one that `wsrally proxies install nginx` fetched.
 */
import { existsSync } from "node:fs";
import { EnvironmentError, messageOf } from "../../base/errors.js";
import { findOnPath } from "../../base/owned-process.js";
import { runProgram } from "../run-program.js";
import { installedNginxFile } from "./nginx-pin.js";

type NginxSource = "WSRALLY_NGINX" | "PATH" | "cache";

export interface NginxProgram {
  readonly path: string;
  readonly source: NginxSource;
  /** "1.31.3" */
  readonly version: string;
  /** What `nginx -V` says of the build: compiler, TLS library, configure arguments. */
  readonly build: string;
}

/** PATH of an ordinary user often lacks the folders that distributions put nginx in. */
const systemFolders = ["/usr/sbin", "/usr/local/sbin"];

/**
 * The nginx that runs will use.
 * @throws EnvironmentError when there is none, saying how to get one, or when it does not run
 */
export async function findNginx(): Promise<NginxProgram> {
  const [first] = nginxCandidates();
  if (first === undefined) {
    throw new EnvironmentError(
      "No nginx found: install it with the system's package manager, or fetch a copy for wsrally alone with " +
        "`wsrally proxies install nginx` (no root needed), or name one in WSRALLY_NGINX",
    );
  }
  return inspectNginx(first.path, first.source);
}

/** Every nginx there is, the one that runs will use first. */
export async function findEveryNginx(): Promise<readonly NginxProgram[]> {
  return Promise.all(nginxCandidates().map(({ path, source }) => inspectNginx(path, source)));
}

function nginxCandidates(): { path: string; source: NginxSource }[] {
  const named = process.env.WSRALLY_NGINX;
  const onPath = findOnPath("nginx", systemFolders);
  const installed = installedNginxFile();
  return [
    ...(named ? [{ path: named, source: "WSRALLY_NGINX" as const }] : []),
    ...(onPath ? [{ path: onPath, source: "PATH" as const }] : []),
    ...(installed !== null && existsSync(installed) ? [{ path: installed, source: "cache" as const }] : []),
  ];
}

/** @throws EnvironmentError when it does not run, or is no nginx */
export async function inspectNginx(path: string, source: NginxSource): Promise<NginxProgram> {
  const from = source === "WSRALLY_NGINX" ? " (from WSRALLY_NGINX)" : "";
  const { stdout, stderr } = await runProgram(path, ["-V"], { timeoutMs: 10_000 }).catch(
    (thrown: unknown) => {
      throw new EnvironmentError(`Cannot run ${path}${from}: ${messageOf(thrown)}`, { cause: thrown });
    },
  );
  const lines = `${stderr}${stdout}`.trim().split("\n");
  // "nginx version: nginx/1.22.1"; builds derived from nginx put their own name before the slash.
  const version = lines[0]?.match(/version: [^/]+\/(\S+)/)?.[1];
  if (version === undefined) {
    throw new EnvironmentError(
      `${path}${from} is no nginx: \`nginx -V\` says ${JSON.stringify(lines[0] ?? "")}`,
    );
  }
  const build = lines.slice(1).map((line) => line.trim());
  return { path, source, version, build: build.join("; ") };
}
