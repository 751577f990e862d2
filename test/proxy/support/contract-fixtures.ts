/**
 * Every kind of proxy, as the contract tests are told of it: a kind that is added cannot be forgotten here.
 */
import type { ProxyKind } from "#wsrally/scenario/proxy-kind.js";
import { apacheFixture } from "../apache/contract-fixture.js";
import { caddyFixture } from "../caddy/contract-fixture.js";
import { envoyFixture } from "../envoy/contract-fixture.js";
import { haproxyFixture } from "../haproxy/contract-fixture.js";
import { nginxFixture } from "../nginx/contract-fixture.js";
import { traefikFixture } from "../traefik/contract-fixture.js";
import type { ContractFixture } from "./contract-fixture.js";

export const contractFixtures: Readonly<Record<ProxyKind, ContractFixture>> = {
  nginx: nginxFixture,
  haproxy: haproxyFixture,
  caddy: caddyFixture,
  envoy: envoyFixture,
  traefik: traefikFixture,
  apache: apacheFixture,
};
