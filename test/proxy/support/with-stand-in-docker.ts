/**
 * A stand-in for Docker first on PATH, with an image that holds this machine's nginx.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drivers } from "#wsrally/proxy/drivers.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { withFolder } from "../../support/with-folder.js";

export interface StandInDocker {
  /** For a program that is to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it keeps what a daemon would know. */
  readonly state: string;
  /** Makes an image whose nginx is this shell script; `nginx` in it is the real one's path. */
  scripted(image: string, script: string): void;
  /** Names of the containers that are there. */
  containers(): string[];
  /** The main process of one of them; null where there is none. */
  somePid(): number | null;
}

const standIn = fileURLToPath(new URL("./stand-in-docker-main.js", import.meta.url));

/** The image is `nginx:real`; the stand-in is on this process's PATH while the test runs. */
export async function withStandInDocker(test: (docker: StandInDocker) => Promise<void>): Promise<void> {
  const { path: nginx } = await findProgram(drivers.nginx.program);
  await withFolder(async (folder) => {
    const [bin, state, files] = ["bin", "state", "files"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [bin, state, files]) mkdirSync(path);
    // Whoever a container runs as gets to its programs.
    for (const path of [folder, files]) chmodSync(path, 0o755);
    const real = join(files, "nginx");
    copyFileSync(nginx, real);
    writeFileSync(join(bin, "docker"), `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`, {
      mode: 0o755,
    });
    const add = (image: string, program: string): void =>
      writeFileSync(
        join(state, `image-${encodeURIComponent(image)}`),
        JSON.stringify({ nginx: program, "": program }),
      );
    add("nginx:real", real);
    const containers = (): string[] => readdirSync(state).filter((name) => name.startsWith("container-"));
    const env = { PATH: `${bin}:${process.env.PATH}`, STAND_IN_DOCKER: state };
    const before = process.env.PATH;
    Object.assign(process.env, env);
    try {
      await test({
        env,
        state,
        scripted(image, script) {
          const program = join(files, encodeURIComponent(image));
          writeFileSync(program, `#!/bin/sh\nnginx='${real}'\n${script}\n`, { mode: 0o755 });
          add(image, program);
        },
        containers,
        somePid() {
          try {
            const [name = ""] = containers();
            return (JSON.parse(readFileSync(join(state, name), "utf8")) as { pid: number }).pid;
          } catch {
            // There is none, or it has just gone.
            return null;
          }
        },
      });
    } finally {
      process.env.PATH = before;
      delete process.env.STAND_IN_DOCKER;
    }
  });
}
