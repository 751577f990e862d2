/**
 * Which programs are here: every kind of proxy, python3 with pip, which fetches one, and git, which gates read configs with.
 */
import { messageOf } from "../../base/errors.js";
import { drivers } from "../../proxy/drivers.js";
import { findEveryProgram } from "../../proxy/program/find-program.js";
import type { ProgramSpec } from "../../proxy/program/program-spec.js";
import { type ProgramResult, runProgram } from "../../proxy/run-program.js";
import type { Check } from "../../results/doctor-schema.js";
import { proxyKinds } from "../../scenario/proxy-kind.js";

export async function checkPrograms(): Promise<Check[]> {
  return Promise.all([
    ...proxyKinds.map((kind) => checkProxy(drivers[kind].program)),
    checkPython("python3"),
    checkGit("git"),
  ]);
}

async function checkProxy(spec: ProgramSpec): Promise<Check> {
  const check = `proxy-${spec.kind}`;
  const fetched =
    spec.pinned === null && spec.debian === undefined
      ? "the system's package manager"
      : `wsrally proxies install ${spec.kind}`;
  try {
    const [first] = await findEveryProgram(spec);
    return first === undefined
      ? { check, status: "missing", says: `no ${spec.title} found`, cure: fetched }
      : { check, status: "ok", says: `${spec.title} ${first.version}, ${first.path}`, cure: null };
  } catch (thrown) {
    return {
      check,
      status: "missing",
      says: messageOf(thrown),
      cure: `${fetched}, or name one in ${spec.variable}`,
    };
  }
}

/** @param python the program's name or path */
export async function checkPython(python: string): Promise<Check> {
  const check = "pip";
  const cure = "the system's package manager, such as apt-get install python3-pip";
  const asked = await ask(python, ["-m", "pip", "--version"]);
  if (asked === null)
    return { check, status: "missing", says: "no python3: proxies cannot be fetched", cure };
  if (asked.exitCode !== 0)
    return { check, status: "missing", says: "python3 has no pip: proxies cannot be fetched", cure };
  const [, version = "of unknown version"] = /^pip (\S+)/.exec(asked.stdout) ?? [];
  return { check, status: "ok", says: `python3 with pip ${version} fetches proxies`, cure: null };
}

/** @param git the program's name or path */
export async function checkGit(git: string): Promise<Check> {
  const asked = await ask(git, ["--version"]);
  if (asked?.exitCode === 0) return { check: "git", status: "ok", says: asked.stdout.trim(), cure: null };
  return {
    check: "git",
    status: "missing",
    says: "no git: gates take files, not REF:path, and runs do not know their commit",
    cure: "the system's package manager, such as apt-get install git",
  };
}

/** @returns null where there is no such program */
async function ask(program: string, args: readonly string[]): Promise<ProgramResult | null> {
  return runProgram(program, args, { timeoutMs: 10_000 }).catch(() => null);
}
