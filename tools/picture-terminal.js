/**
 * A report in colour as a picture, for the README: reads what a terminal would get and writes a PNG.
 *
 *   FORCE_COLOR=1 node dist/cli.js report RUN | node tools/picture-terminal.js docs/terminal-matrix.png
 *
 * `--lines 1-30` takes those lines only. It needs the compiled tests (`npm test -- tidy`), whose Chromium it drives.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AnsiUp } from "ansi_up";
import { launchChromium } from "../dist-test/support/chromium.js";

const { values, positionals } = parseArgs({
  options: { lines: { type: "string", default: "1-200" } },
  allowPositionals: true,
});
const [file] = positionals;
const [, first, last] = /^(\d+)-(\d+)$/.exec(values.lines) ?? [];
if (file === undefined || first === undefined) {
  process.stderr.write("Want a file for the picture, and --lines FIRST-LAST\n");
  process.exit(2);
}

const text = readFileSync(0, "utf8")
  .split("\n")
  .slice(Number(first) - 1, Number(last))
  .join("\n")
  .trimEnd();
const converter = new AnsiUp();
converter.use_classes = true;
const page = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; width: max-content; background: #14181f; }
  pre { margin: 0; padding: 20px 24px; color: #d7dce2; font: 14px/1.4 "DejaVu Sans Mono", monospace; }
  .ansi-red-fg { color: #ff7b72; } .ansi-green-fg { color: #56d364; } .ansi-yellow-fg { color: #e3b341; }
  .ansi-cyan-fg { color: #6cc7d9; } .ansi-magenta-fg { color: #d2a8ff; }
  .ansi-red-bg { background: #a5312b; color: #fff; } .ansi-green-bg { background: #1f7a37; color: #fff; }
</style><pre>${converter.ansi_to_html(text)}</pre>`;

const browser = await launchChromium();
try {
  const view = await browser.newPage();
  await view.setContent(page);
  writeFileSync(file, await view.locator("body").screenshot());
} finally {
  await browser.close();
}
