/** What of a rollout takes one machine is told before an agent is looked for. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireAgentsFor } from "#wsrally/trial/rollout/require-agents.js";
import type { RolloutEvent } from "#wsrally/trial/rollout/rollout-event.js";
import { rolloutWeather } from "#wsrally/trial/rollout/rollout-weather.js";

interface Asked {
  readonly event: RolloutEvent;
  readonly lossShare?: number;
  readonly toBinary?: string;
  readonly proxyAgent?: string;
}

function ask({ event, lossShare = 0, toBinary, proxyAgent }: Asked): void {
  const weather = rolloutWeather(event, { delay: null, lossShare: lossShare || null, lastsS: 3 });
  requireAgentsFor({ event, weather, toBinary: toBinary ?? null }, { proxyAgent: proxyAgent ?? null });
}

describe("a rollout with agents", () => {
  const refused: readonly (readonly [Asked, RegExp])[] = [
    [{ event: "delay" }, /^Cannot roll out --event delay with agents: its line .* want .* without --nats$/],
    [{ event: "loss" }, /--event loss with agents/],
    [{ event: "dead-peers", proxyAgent: "proxy-1" }, /--event dead-peers with agents/],
    [{ event: "reload", lossShare: 0.01 }, /^Cannot roll out with --delay or --loss with agents/],
    [
      { event: "upgrade", toBinary: "/opt/nginx", proxyAgent: "proxy-1" },
      /^Cannot have agent proxy-1 go over to --to-binary \/opt\/nginx, a program of this machine: want/,
    ],
  ];
  for (const [asked, words] of refused)
    it(`${JSON.stringify(asked)}: ${words.source}`, () => {
      assert.throws(() => ask(asked), { name: "UsageError", message: words });
    });

  const taken: readonly Asked[] = [
    { event: "reload", proxyAgent: "proxy-1" },
    { event: "upgrade", proxyAgent: "proxy-1" },
    { event: "upgrade", toBinary: "/opt/nginx" },
    { event: "storm" },
  ];
  for (const asked of taken)
    it(`${JSON.stringify(asked)}: is had there`, () => {
      assert.doesNotThrow(() => ask(asked));
    });
});
