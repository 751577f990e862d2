/**
 * The commands of the README and of the guides, as they are written: those whose answer stands there too run to their end, all others
 * are stopped before their first load, which every flag, arm, config and SLO has to come through.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { InterruptedError } from "#wsrally/base/errors.js";
import { exitCodes } from "#wsrally/base/exit-codes.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { fillDocumentsFolder } from "../support/documents-folder.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import {
  type DocumentedCommand,
  documentedCommands,
  documents,
  fencedBlocks,
  triedElsewhere,
  wordsBehindProgram,
} from "../support/shell-blocks.js";
import { withFolder } from "../support/with-folder.js";

const blocks = documents.flatMap(fencedBlocks);
/** Each once, wherever it stands first. */
const commands = documents
  .flatMap(documentedCommands)
  .filter(({ line }, index, all) => all.findIndex((other) => other.line === line) === index);

/** What runs to its end: with its exit code, and what is added so that it does soon. */
const whole: Readonly<Record<string, { readonly code: number; readonly added: readonly string[] }>> = {
  "npx wsrally probe nginx:site.conf": { code: exitCodes.failed, added: ["--quick"] },
  "npx wsrally gate --baseline old.conf --candidate new.conf": { code: exitCodes.failed, added: [] },
  "npx wsrally compare nginx --set proxy_buffering=off --connections 200 --max-seconds 60": {
    code: exitCodes.ok,
    // A rate of its own, so that none is sought.
    added: ["--connections", "10", "--rate", "500", "--blocks", "1", "--duration", "0.1", "--warmup", "0"],
  },
};

describe("the README", () => {
  it("opens with the two commands that do everything, and fits a page", () => {
    const shell = commands.filter(({ document }) => document === "README.md").map(({ line }) => line);
    assert.deepEqual(shell.slice(0, 2), ["npm ci && npm start", "npm ci && npm test"]);
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.match(scripts.start, /dist\/cli\.js demo$/);
    assert.ok(readFileSync("README.md", "utf8").split("\n").length <= 151);
  });
});

describe("the documents' commands", () => {
  const root = process.cwd();
  let release: () => void = () => undefined;
  before(async () => {
    await new Promise<void>((ready) => {
      void withFolder(async (folder) => {
        fillDocumentsFolder(folder);
        process.chdir(folder);
        ready();
        await new Promise<void>((done) => {
          release = done;
        });
      });
    });
  });
  after(() => {
    process.chdir(root);
    release();
  });

  it("have those that run to their end", () => {
    const missing = Object.keys(whole).filter((line) => !commands.some((one) => one.line === line));
    assert.deepEqual(missing, []);
  });

  /** Answers by command, of those that ran to their end. */
  const answers: string[] = [];
  describe("run to their end", { concurrency: true }, () => {
    for (const [line, { code, added }] of Object.entries(whole)) {
      it(line, async () => {
        const {
          code: ended,
          stdout,
          stderr,
        } = await runHere([...(wordsBehindProgram(line) ?? []), ...added]);
        assert.equal(ended, code, stderr);
        answers.push(stdout);
      });
    }
  });

  it("are answered as the documents show", () => {
    const shown = blocks
      .filter(({ language, text }) => language === "" && /^(FAULT|Gate: )/.test(text))
      .flatMap(({ document, text }) => text.split("\n").map((line) => ({ document, line })));
    assert.ok(shown.length > 20);
    const said = answers.map(oneLine).join(" ");
    // What nginx adds by itself hangs on its version.
    const amiss = shown.filter(({ line }) => !/backend received/.test(line) && !said.includes(oneLine(line)));
    assert.deepEqual(amiss, []);
  });

  const begun = commands.filter(
    ({ line }) =>
      whole[line] === undefined && wordsBehindProgram(line) !== null && triedElsewhere(line) === null,
  );
  describe("begin", { concurrency: 4 }, () => {
    for (const command of begun) it(`${command.document}: ${command.line}`, () => assertBegins(command));
  });
});

/** Whatever is wrong with its words is told before anything is stopped. */
async function assertBegins({ line }: DocumentedCommand): Promise<void> {
  const signal = AbortSignal.abort(new InterruptedError("Stopped by the test"));
  const { code, stderr } = await runHere(wordsBehindProgram(line) ?? [], {
    signal,
    env: { TOKEN: "a-token-of-the-test" },
  });
  assert.ok(code === exitCodes.interrupted || code === exitCodes.ok, `${code}: ${stderr}`);
}

function oneLine(text: string): string {
  return text.split(/\s+/).join(" ").trim();
}

describe("the documents' scenarios", () => {
  it("read", () => {
    const yaml = blocks.filter(({ language, text }) => language === "yaml" && /^arms:/m.test(text));
    assert.ok(yaml.length >= 3);
    for (const { document, text } of yaml)
      resolveAsWritten(parseScenario(text, document), { name: "documents", overrides: {} });
  });
});

describe("wsrally demo", () => {
  it("measures the embedded relay, and says that it is no proxy, where nginx and Python are missing", async () => {
    await withFolder(async (folder) => {
      const env = { PATH: folder, HOME: folder, XDG_CACHE_HOME: folder, WSRALLY_NGINX: "" };
      const short = ["--connections", "5", "--blocks", "1", "--duration", "0.1", "--warmup", "0"];
      const args = ["demo", ...short, "--rate", "100", "--json", "--out", join(folder, "results")];
      const { code, stdout, stderr } = await runCli(args, { env });
      // Distributions put nginx into folders that are looked into without PATH; then there is nothing to fall back from.
      if (!stderr.includes("No nginx here")) return assert.match(stdout, /"kind": "nginx"/);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /python3/);
      assert.match(stderr, /no proxy of the real world/);
      const document = JSON.parse(stdout);
      assert.deepEqual(
        document.arms.map((arm: { proxy: { kind: string } }) => arm.proxy.kind),
        ["direct", "embedded"],
      );
      assert.ok(
        document.warnings.some(({ code: warning }: { code: string }) => warning === "embedded-relay"),
      );
    });
  });
});
