/**
 * An HTML report as a picture, for the README and docs/: writes a PNG of its top.
 *
 *   node tools/picture-page.js results/RUN/report.html docs/report-dark.png --dark
 *
 * `--width 1100 --height 1200` in CSS pixels; `--full` takes the whole page. It needs the compiled tests
 * (`npm test -- tidy`), whose Chromium it drives.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launchChromium } from "../dist-test/support/chromium.js";

const { values, positionals } = parseArgs({
  options: {
    dark: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    width: { type: "string", default: "1100" },
    height: { type: "string", default: "1200" },
  },
  allowPositionals: true,
});
const [report, file] = positionals;
const [width, height] = [Number(values.width), Number(values.height)];
if (file === undefined || !(width > 0 && height > 0)) {
  process.stderr.write("Want a report.html, a file for the picture, and sizes above 0\n");
  process.exit(2);
}

const browser = await launchChromium();
try {
  const colorScheme = values.dark ? "dark" : "light";
  const view = await browser.newPage({ viewport: { width, height }, colorScheme });
  await view.goto(pathToFileURL(resolve(report)).href);
  await view.screenshot({ path: file, fullPage: values.full });
} finally {
  await browser.close();
}
