import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countHeld } from "#wsrally/trial/rollout/held-connections.js";

const title =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const row = (local: string, remote: string, state: string, inode: number): string =>
  `   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 00000000606a1333 20 4 31 11 -1`;

/** 127.0.0.1:8080, 10.77.0.1 and 10.77.0.3 as the table has them. */
const [proxy, near, far] = ["0100007F:1F90", "01004D0A:9E18", "03004D0A:9E18"];

describe("countHeld()", () => {
  const rows = [
    { what: "the proxy's end", table: [row(proxy, far, "01", 26_342_950)], held: 1 },
    { what: "an end that the other side has closed", table: [row(proxy, far, "08", 5)], held: 1 },
    { what: "an end that no process holds any more", table: [row(proxy, far, "04", 0)], held: 0 },
    { what: "the client's end", table: [row(near, "03004D0A:1F90", "01", 5)], held: 0 },
    { what: "an end of another client's", table: [row(proxy, "02004D0A:9E18", "01", 5)], held: 0 },
    { what: "a listening socket", table: [row(proxy, "00000000:0000", "0A", 5)], held: 0 },
    {
      what: "an end within IPv6",
      table: [row(`0000000000000000FFFF0000${proxy}`, `0000000000000000FFFF0000${far}`, "01", 5)],
      held: 1,
    },
  ];
  for (const { what, table, held } of rows)
    it(`${held === 0 ? "leaves out" : "counts"} ${what}`, () => {
      assert.equal(countHeld([title, ...table, ""].join("\n"), "10.77.0.3", "10.77.0.1"), held);
    });
});
