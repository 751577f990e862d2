/**
 * The order of several backends, before a proxy that takes them in turn.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inMixedOrder, portsToMix } from "#wsrally/cluster/agent-backend.js";

/** Who opens the n-th connection: one after the other, or so many at once. */
const openers = [1, 2, 4, 8].map((atOnce) => ({
  atOnce,
  of: (connection: number, agents: number) => Math.floor(connection / atOnce) % agents,
}));

describe("inMixedOrder()", () => {
  for (const agents of [1, 2, 3, 5, 8]) {
    const servers = Array.from({ length: agents }, (_, index) => ({
      host: `host-${index}`,
      ports: Array.from({ length: portsToMix(agents) }, (_, port) => port + 1),
    }));
    const order = inMixedOrder(servers);

    it(`has every address of ${agents} once`, () => {
      const wanted = servers.flatMap(({ host, ports }) => ports.map((port) => `${host}:${port}`));
      assert.deepEqual(order.map(({ host, port }) => `${host}:${port}`).sort(), wanted.sort());
    });

    for (const { atOnce, of } of openers) {
      it(`brings some of ${agents} home whoever begins, where each opens ${atOnce} at once`, () => {
        for (let ahead = 0; ahead < agents * atOnce; ahead++) {
          const connections = order.length * agents * atOnce;
          const homes = Array.from({ length: connections }, (_, index) => {
            const { host } = order[index % order.length] ?? {};
            return host === `host-${of(index + ahead, agents)}`;
          }).filter((isHome) => isHome).length;
          const share = (homes * agents) / connections;
          assert.ok(share > 0 && share < 2.5, `${share} of what chance brings, ${ahead} ahead`);
        }
      });
    }
  }
});
