/** The page's script and style, which the build leaves beside this file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { EnvironmentError, messageOf } from "../../base/errors.js";
import { Html } from "./markup.js";

export interface PageAssets {
  /** Ready to stand in a `<script>`. */
  readonly script: Html;
  /** Ready to stand in a `<style>`. */
  readonly style: Html;
  /** Lets exactly these two run, and nothing come from outside. */
  readonly contentSecurityPolicy: string;
}

/** @throws EnvironmentError when the package is not complete */
export function readPageAssets(): PageAssets {
  const script = readAsset("page.js");
  const style = readAsset("page.css");
  return {
    script: new Html(script),
    style: new Html(style),
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src '${digestOf(script)}'`,
      `style-src '${digestOf(style)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
  };
}

function readAsset(name: string): string {
  const file = new URL(`./${name}`, import.meta.url);
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new EnvironmentError(
      `Cannot read the report's ${name}: ${messageOf(thrown)}; install wsrally again, or build it with npm run build`,
    );
  }
}

function digestOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
