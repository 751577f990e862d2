/**
 * The README's commands as they are written, cut short, and `wsrally demo`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const readme = readFileSync("README.md", "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text ?? "",
}));
const commands = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ text }) => text.split("\n"))
  .filter((line) => line.startsWith("npx wsrally "));

describe("the README", () => {
  it("opens with the two commands that do everything", () => {
    const shell = blocks.filter(({ language }) => language === "sh").map(({ text }) => text.trim());
    assert.deepEqual(shell.slice(0, 2), ["npm ci && npm start", "npm ci && npm test"]);
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.match(scripts.start, /dist\/cli\.js demo$/);
  });

  it("shows some commands", () => assert.ok(commands.length >= 3));

  for (const command of commands) {
    it(`has a command that works: ${command}`, async () => {
      await withFolder(async (out) => {
        const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, bare]) => quoted ?? bare ?? "",
        );
        const args = words.slice(2);
        // A search has no blocks; its time ends it.
        const end = args[0] === "capacity" ? ["--max-seconds", "1"] : ["--blocks", "1"];
        const short = ["--connections", "10", ...end, "--duration", "0.1", "--warmup", "0"];
        const isProbe = args[0] === "probe";
        if (args[0] === "rollout") short.splice(2);
        const { code, stderr } = await runHere([...args, ...(isProbe ? [] : short), "--out", out]);
        assert.equal(code, 0, stderr);
      });
    });
  }

  it("has scenarios that read", () => {
    const yaml = blocks.filter(({ language }) => language === "yaml");
    assert.equal(yaml.length, 2);
    for (const { text } of yaml) {
      resolveAsWritten(parseScenario(text, "README.md"), {
        name: "readme",
        overrides: {},
      });
    }
  });

  it("links to files that are there", () => {
    for (const [, file] of readme.matchAll(/\]\(((?!http)[^)#]+)\)/g)) readFileSync(file ?? "");
  });
});

describe("wsrally demo", () => {
  it("measures the embedded relay, and says that it is no proxy, where nginx and Python are missing", async () => {
    await withFolder(async (folder) => {
      const env = { PATH: folder, HOME: folder, XDG_CACHE_HOME: folder, WSRALLY_NGINX: "" };
      const args = [
        "demo",
        "--connections",
        "5",
        "--blocks",
        "1",
        "--duration",
        "0.1",
        "--warmup",
        "0",
        "--rate",
        "100",
      ];
      const { code, stdout, stderr } = await runCli([...args, "--json", "--out", join(folder, "results")], {
        env,
      });
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
