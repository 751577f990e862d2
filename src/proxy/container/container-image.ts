/**
 * An image as the place of a proxy's program: how the program in it is run on the host's network, as an unprivileged user,
 * with nothing of this machine but the proxy's private folder.
 */
import { EnvironmentError } from "../../base/errors.js";
import { readProc } from "../proc-files.js";
import type { ProgramSpec, ProxyProgram } from "../program/program-spec.js";
import {
  askEngine,
  type ContainedProgram,
  type ContainerEngine,
  demandImage,
  findEngine,
  isOfEngine,
  lastWords,
} from "./container-engine.js";

interface ContainerWish {
  /** The container's. */
  readonly name: string;
  /** The private folder, which has the same path in there. */
  readonly prefix: string;
  readonly user: { readonly uid: number; readonly gid: number };
  /** The variables that it gets beside the image's own. */
  readonly environment: ReadonlyMap<string, string>;
}

/** What every container of wsrally's carries. */
const label = "wsrally";
/** By convention of the shell and of `docker run`: there is no such program, or it cannot be run. */
const notThere = [126, 127];

/**
 * Asks each name that the program may have in there for its version.
 * @throws EnvironmentError where there is no engine, no such image, or no such proxy in it
 */
export async function findInImage(spec: ProgramSpec, image: string): Promise<ProxyProgram> {
  const engine = await findEngine();
  await demandImage(engine, image);
  let words = "";
  for (const entrypoint of spec.names) {
    const args = ["--network", "none", "--entrypoint", entrypoint, image, ...spec.versionArguments];
    const answer = await askEngine(engine, [...fresh, ...args]);
    words = lastWords(answer);
    if (isOfEngine(answer)) throw new EnvironmentError(`Cannot run the image ${image}: ${words}`);
    if (notThere.includes(answer.exitCode ?? 0)) continue;
    const read = spec.readVersion(`${answer.stderr}${answer.stdout}`.trim());
    if (read !== null)
      return {
        path: entrypoint,
        source: `image ${image}`,
        ...read,
        container: { engine, image, entrypoint },
      };
  }
  throw new EnvironmentError(`No ${spec.title} in the image ${image}: ${words}`);
}

const fresh = ["run", "--rm", "--pull", "never", "--label", label];

/** What starts the program with its arguments after it. */
export function containerCommand(
  { engine, image, entrypoint }: ContainedProgram,
  { name, prefix, user, environment }: ContainerWish,
): readonly string[] {
  return [
    ...onHostNetwork(engine, name),
    // Podman without root has other users in there than out here.
    ...(engine.name === "podman" && process.getuid?.() !== 0 ? ["--userns", "keep-id"] : []),
    ...["--user", `${user.uid}:${user.gid}`],
    ...["--volume", `${prefix}:${prefix}`, "--workdir", prefix],
    ...[...environment].flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...["--entrypoint", entrypoint, image],
  ];
}

interface MountedFile {
  readonly file: string;
  /** Its path in there, where it cannot be written. */
  readonly place: string;
}

/** What starts an image as it is, by its own entrypoint and as its own user. */
export function imageCommand(
  engine: ContainerEngine,
  image: string,
  name: string,
  mounted: MountedFile | null,
): readonly string[] {
  const volume = mounted === null ? [] : ["--volume", `${mounted.file}:${mounted.place}:ro`];
  return [...onHostNetwork(engine, name), ...volume, image];
}

function onHostNetwork({ program }: ContainerEngine, name: string): string[] {
  return [program, ...fresh, "--name", name, "--network", "host", "--no-healthcheck", ...openFiles()];
}

/** As many as a proxy of this machine would have. */
function openFiles(): string[] {
  const [, soft, hard] = /^Max open files\s+(\d+)\s+(\d+)/m.exec(readProc("self/limits") ?? "") ?? [];
  return soft === undefined || hard === undefined ? [] : ["--ulimit", `nofile=${soft}:${hard}`];
}
