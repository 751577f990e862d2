/**
 * The Chromium that the tests of the HTML report drive: `WSRALLY_CHROMIUM`, the pinned one in wsrally's cache folder
 * (`install-chromium.ts` puts it there), or one on PATH. There is no test without one: they fail and say so.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "#wsrally/proxy/cache-folder.js";

/** Headless Chromium as a package of the npm registry, so that it comes by the means that everything else comes by. */
export const chromiumPackage = {
  name: "@sparticuz/chromium",
  version: "147.0.0",
  integrity:
    "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==",
  /** What its binary runs on. */
  platform: "linux-x64",
};

export interface InstalledChromium {
  readonly executable: string;
  /** Where its libraries and fonts lie; empty for one that the system brought. */
  readonly env: Readonly<Record<string, string>>;
}

/** The folder of the pinned one, whether it is there or not. */
export function chromiumFolder(): string {
  return join(cacheFolder(), `chromium-${chromiumPackage.version}-${chromiumPackage.platform}`);
}

/** Null where there is none. */
export function findChromium(): InstalledChromium | null {
  const named = process.env.WSRALLY_CHROMIUM;
  if (named) return { executable: named, env: {} };
  const folder = chromiumFolder();
  const pinned = join(folder, "chromium");
  if (existsSync(pinned)) {
    const env = {
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    };
    return { executable: pinned, env };
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const files = ["chromium", "chromium-browser", "google-chrome", "chrome"].flatMap((name) =>
    folders.map((one) => join(one, name)),
  );
  const executable = files.find((file) => existsSync(file));
  return executable === undefined ? null : { executable, env: {} };
}

/** @throws Error when there is no Chromium, saying how to come by one */
export async function launchChromium(): Promise<Browser> {
  const found = findChromium();
  if (found === null) {
    throw new Error(
      "No Chromium here: npm test fetches one on Linux x64; elsewhere install Chromium or name one in WSRALLY_CHROMIUM",
    );
  }
  const { executable, env } = found;
  return chromium.launch({
    executablePath: executable,
    args: ["--lang=en-US", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
    env: { ...process.env, ...env },
  });
}
