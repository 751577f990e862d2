/**
 * Where a proxy's program can be had from: what its environment variable names, else PATH and the system's own program
 * folders, else the one that `wsrally proxies install` fetched.
 */
import { existsSync } from "node:fs";
import { EnvironmentError, messageOf } from "../../base/errors.js";
import { findOnPath } from "../../base/owned-process.js";
import { findInImage } from "../container/container-image.js";
import { proxyEnvironment } from "../instance/launch.js";
import { runProgram } from "../run-program.js";
import { pinnedFile } from "./pinned-program.js";
import type { ProgramSpec, ProxyProgram } from "./program-spec.js";

/**
 * The one that runs will use.
 * @param image whose program it is to be; left out for one of this machine
 * @throws EnvironmentError when there is none, saying how to get one, or when it does not run
 */
export async function findProgram(spec: ProgramSpec, image?: string): Promise<ProxyProgram> {
  if (image !== undefined) return findInImage(spec, image);
  const [first] = candidates(spec);
  if (first === undefined) {
    const fetched =
      spec.pinned === null && spec.debian === undefined
        ? ""
        : `, or fetch a copy for wsrally alone with \`wsrally proxies install ${spec.kind}\` (no root needed)`;
    throw new EnvironmentError(
      `No ${spec.title} found: install it with the system's package manager${fetched}, or name one in ${spec.variable}`,
    );
  }
  return inspectProgram(spec, first.path, first.source);
}

/** Every one there is, the one that runs will use first. */
export async function findEveryProgram(spec: ProgramSpec): Promise<readonly ProxyProgram[]> {
  return Promise.all(candidates(spec).map(({ path, source }) => inspectProgram(spec, path, source)));
}

function candidates(spec: ProgramSpec): { path: string; source: string }[] {
  const named = process.env[spec.variable];
  const installed = firstFound(spec, [], "PATH") ?? firstFound(spec, spec.folders, "system folder");
  const fetched = pinnedFile(spec);
  return [
    ...(named ? [{ path: named, source: spec.variable }] : []),
    ...(installed === null ? [] : [installed]),
    ...(fetched !== null && existsSync(fetched) ? [{ path: fetched, source: "cache" }] : []),
  ];
}

function firstFound(
  { names }: ProgramSpec,
  folders: readonly string[],
  source: string,
): { path: string; source: string } | null {
  const path = names.map((name) => findOnPath(name, folders)).find((found) => found !== null);
  return path === undefined || path === null ? null : { path, source };
}

/** @throws EnvironmentError when it does not run, or is another program */
export async function inspectProgram(spec: ProgramSpec, path: string, source: string): Promise<ProxyProgram> {
  const from = source === spec.variable ? ` (from ${spec.variable})` : "";
  const { stdout, stderr } = await runProgram(path, spec.versionArguments, {
    timeoutMs: 10_000,
    env: proxyEnvironment(),
  }).catch((thrown: unknown) => {
    throw new EnvironmentError(`Cannot run ${path}${from}: ${messageOf(thrown)}`, { cause: thrown });
  });
  const output = `${stderr}${stdout}`.trim();
  const read = spec.readVersion(output);
  if (read === null) {
    const [first = ""] = output.split("\n");
    const asked = [spec.names[0], ...spec.versionArguments].join(" ");
    throw new EnvironmentError(
      `${path}${from} is no ${spec.title}: \`${asked}\` says ${JSON.stringify(first)}`,
    );
  }
  return { path, source, ...read };
}
