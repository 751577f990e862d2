/** The page that shows the cost table is made of the runs that are stored with it, and their figures follow from them. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { runHere } from "./support/run-here.js";

const run = promisify(execFile);

describe("docs/cost-of-a-message.md", () => {
  it("shows the stored table", async () => {
    // Rejects with what it said where it ends with another code than 0.
    const { stderr } = await run(process.execPath, ["tools/cost-table.js", "--check"]);
    assert.equal(stderr, "");
  });

  it("rests on runs that every figure follows from", async () => {
    const { code, stdout } = await runHere(["verify", "paper"]);
    assert.equal(code, 0, stdout);
  });

  it("is asked for with flags that there are, and says so else", async () => {
    const asked = run(process.execPath, ["tools/cost-table.js", "--proxies", "nginx,squid"]);
    await assert.rejects(asked, { code: 2, stderr: /"squid" is none of nginx, haproxy/ });
  });
});
