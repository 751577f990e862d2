/** What a reader is told before a soak's figures. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { soakWarnings } from "#wsrally/judge/soak/soak-warnings.js";
import { makeSoakDocument } from "../report/search-documents.js";

describe("windows of a soak that do not count", () => {
  const document = makeSoakDocument();
  const { soak } = document;
  assert.ok(soak !== undefined);
  const reason = "Agent load-1 said something that did not come";
  const [first, second, ...rest] = soak.windows;
  const voidWindows = [first, second].flatMap((one) =>
    one === undefined ? [] : [{ atS: one.atS, durationS: one.durationS, reason }],
  );

  it("are told of with their number and reason, and only where there are any", () => {
    const told = (lost: typeof voidWindows): string[] =>
      soakWarnings(document, { ...soak, windows: rest, ...(lost.length === 0 ? {} : { voidWindows: lost }) })
        .filter(({ code }) => code === "windows-void")
        .map(({ message }) => message);
    assert.deepEqual(told([]), []);
    assert.deepEqual(told(voidWindows), [
      `${soak.arm}: 2 of ${soak.windows.length} windows do not count, the first after 0 s: ${reason}`,
    ]);
  });
});
