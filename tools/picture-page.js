/**
 * An HTML report as a picture, for the README and docs/: writes a PNG of its top, or from one of its headings on.
 *
 *   node tools/picture-page.js results/RUN/report.html docs/report-dark.png --dark --from "Over time"
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
    from: { type: "string" },
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
  const heading = view.locator("h2", { hasText: values.from }).first();
  const y = values.from === undefined ? 0 : ((await heading.boundingBox())?.y ?? 0) - 20;
  const part = values.full ? {} : { clip: { x: 0, y, width, height } };
  await view.screenshot({ path: file, fullPage: true, ...part });
} finally {
  await browser.close();
}
