import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { resolveWorkload, type WorkloadInput, workloadSchema } from "#wsrally/scenario/workload.js";
import { type OwnHandshake, readOwnHandshake, routedPath } from "#wsrally/trial/own-handshake.js";
import { fillText } from "#wsrally/websocket/filled-text.js";
import { withFolder } from "../support/with-folder.js";

const environment = { TOKEN: "a+b/{{tenant}}", BROKEN: "a\r\nX: y", EMPTY: "" };
const data = 'tenant,user\nacme,"Ann, A."\nb & c,Bob\n';

/** With the data where the workload names any. */
async function handshakeOf(input: WorkloadInput, text = data): Promise<OwnHandshake> {
  const workload = resolveWorkload(workloadSchema.parse(input));
  if (workload.dataFile === null) return readOwnHandshake(workload, environment);
  const { dataFile } = workload;
  return withFolder(async (folder) => {
    const file = join(folder, dataFile);
    writeFileSync(file, text);
    return readOwnHandshake({ ...workload, dataFile: file }, environment);
  });
}

function linesOf({ path, fields, rows }: OwnHandshake): string[][] {
  return (rows.length === 0 ? [[]] : rows).map((row) => [
    ...(path === null ? [] : [fillText(path, row)]),
    ...fields.map(({ name, value }) => `${name}: ${fillText(value, row)}`),
  ]);
}

describe("readOwnHandshake()", () => {
  const rows: readonly (readonly [what: string, input: WorkloadInput, lines: string[][]])[] = [
    ["nothing", {}, [[]]],
    ["headers in their order", { header: ["A: 1", "b:  2 3 ", "A: 4"] }, [["A: 1", "b: 2 3", "A: 4"]]],
    ["a path with its query", { path: "/sock?room=1&x=%20" }, [["/sock?room=1&x=%20"]]],
    [
      "all cookies in one header",
      { header: ["cookie: a=1"], cookie: ["b=2", "c="] },
      [["Cookie: a=1; b=2; c="]],
    ],
    [
      "a variable as it is, encoded in a path, and read for no places",
      { path: `/s?t=\${env:TOKEN}`, header: [`A: Bearer \${env:TOKEN}`] },
      [["/s?t=a%2Bb%2F%7B%7Btenant%7D%7D", "A: Bearer a+b/{{tenant}}"]],
    ],
    [
      "columns, row by row",
      { path: "/{{tenant}}/s?u={{user}}", header: ["X: {{tenant}}-{{ user }}"], data: "d.csv" },
      [
        ["/acme/s?u=Ann%2C%20A.", "X: acme-Ann, A."],
        ["/b%20%26%20c/s?u=Bob", "X: b & c-Bob"],
      ],
    ],
    ["no column of the data", { header: ["A: 1"], data: "d.csv" }, [["A: 1"]]],
    ["what only looks like a place", { header: [`A: \${TOKEN} {x} $env`] }, [[`A: \${TOKEN} {x} $env`]]],
  ];
  for (const [what, input, lines] of rows) {
    it(`makes ${what}`, async () => assert.deepEqual(linesOf(await handshakeOf(input)), lines));
  }

  const faults: readonly (readonly [input: WorkloadInput, fault: RegExp, data?: string])[] = [
    [{ header: [`A: \${env:NONE}`] }, /^Cannot fill \$\{env:NONE\} in: the environment has no NONE/],
    [{ cookie: [`a=\${env:EMPTY}`] }, /has no EMPTY, or an empty one/],
    [
      { header: [`A: \${env:BROKEN}`] },
      /^Cannot put \$\{env:BROKEN\} into a header: want ASCII in one line$/,
    ],
    [{ subprotocol: [`\${env:BROKEN}`] }, /into a subprotocol: want a token/],
    [{ header: ["A: {{user}}"] }, /^Cannot fill \{\{user\}\} in: want --data FILE\.csv with a column user$/],
    [
      { header: ["A: {{users}}"], data: "d.csv" },
      /^Cannot fill \{\{users\}\} in: .*d\.csv has the columns tenant, user$/,
    ],
    [{ cookie: ["a={{user}}"], data: "d.csv" }, /^Cannot put the user of row 1 of .*d\.csv into a cookie/],
    [{ data: "d.csv" }, /want CSV with names in its first line and rows below/, "a,b\n"],
    [{ data: "d.csv" }, /row 2 has 1 values, the first line 2$/, "a,b\n1,2\n3\n"],
  ];
  for (const [input, fault, text] of faults) {
    it(`refuses ${JSON.stringify(input)}, and says ${fault.source.slice(0, 50)}`, async () => {
      await assert.rejects(handshakeOf(input, text), (thrown: unknown) => {
        assert.ok(thrown instanceof UsageError);
        assert.match(thrown.message, fault);
        assert.doesNotMatch(thrown.message, /X: y|Ann/);
        return true;
      });
    });
  }

  it("routes by the first connection's path, without its query", async () => {
    const input = { path: "/{{tenant}}/s?u={{user}}", data: "d.csv" };
    assert.equal(routedPath(await handshakeOf(input)), "/acme/s");
    assert.equal(routedPath(await handshakeOf({})), null);
  });
});

describe("the handshake's keys of a workload", () => {
  const refused: readonly (readonly [input: object, message: string])[] = [
    [{ header: "A" }, "want Name: value, in ASCII and one line"],
    [{ header: ["A: 1", "A b: 2"] }, "want Name: value, in ASCII and one line"],
    [{ header: "A: x\r\nB: y" }, "want Name: value, in ASCII and one line"],
    [{ header: "HOST: a" }, "want no HOST here: --host sets it"],
    [{ header: ["Sec-WebSocket-Protocol: a"] }, "want no Sec-WebSocket-Protocol here: --subprotocol sets it"],
    [{ cookie: "a=1; b=2" }, "want name=value, without blanks and semicolons"],
    [{ cookie: "a" }, "want name=value, without blanks and semicolons"],
    [{ subprotocol: "a b" }, "want one name, a token (RFC 6455, 4.1)"],
    [{ subprotocol: "{{a}}" }, "want one name, a token (RFC 6455, 4.1)"],
    [{ subprotocol: ["a", "a"] }, "want each of them once (RFC 6455, 4.1)"],
  ];
  for (const [input, message] of refused) {
    it(`refuse ${JSON.stringify(input)}`, () => {
      assert.deepEqual(
        workloadSchema.safeParse(input).error?.issues.map((issue) => issue.message),
        [message],
      );
    });
  }

  it("take one text or several, and what they gave once more", () => {
    const once = workloadSchema.parse({ header: "A: 1", cookie: ["a=1", "b=2"], subprotocol: "mqtt" });
    assert.deepEqual(once, { header: ["A: 1"], cookie: ["a=1", "b=2"], subprotocol: ["mqtt"] });
    assert.deepEqual(workloadSchema.parse(once), once);
  });
});
