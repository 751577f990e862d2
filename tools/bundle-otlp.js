/**
 * Bundles the OTLP export with OpenTelemetry's libraries into its own compiled file: `npm run build`. So an installed
 * wsrally has half a megabyte of them in place of 44.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const file = fileURLToPath(new URL("../build/commands/ci/send-otlp.js", import.meta.url));
// All of them are under this one, which goes with every copy.
const license = readFileSync(
  new URL("../node_modules/@opentelemetry/sdk-metrics/LICENSE", import.meta.url),
  "utf8",
);

await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  legalComments: "none",
  // What is CommonJS within asks for Node's own modules by `require`.
  banner: {
    js: `/*! This script holds OpenTelemetry for JavaScript, Copyright The OpenTelemetry Authors.\n${license.trim()}\n*/\nimport { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);`,
  },
  logLevel: "warning",
});
