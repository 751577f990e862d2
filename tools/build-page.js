/** Bundles the HTML report's script and style, each into one file beside the compiled report: `npm run build`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("../src/report/html/page/", import.meta.url));
// Its license goes with every copy of the library, and so into every report.
const license = readFileSync(new URL("../node_modules/uplot/LICENSE", import.meta.url), "utf8");

await build({
  entryPoints: { page: `${folder}main.ts` },
  outdir: fileURLToPath(new URL("../build/report/html", import.meta.url)),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `/*! This script holds uPlot.\n${license.trim()}\n*/` },
  logLevel: "warning",
});
await build({
  entryPoints: [`${folder}page.css`],
  outdir: fileURLToPath(new URL("../build/report/html", import.meta.url)),
  bundle: true,
  minify: true,
  logLevel: "warning",
  // The page sets its colours by light-dark(), which must stay as it is for print to switch it.
  target: ["chrome123", "firefox120", "safari17.5"],
});
