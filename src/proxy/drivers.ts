/**
 * Every proxy that wsrally runs, by its kind.
 */
import type { ProxyKind } from "../scenario/proxy-kind.js";
import { apacheDriver } from "./apache/driver.js";
import { caddyDriver } from "./caddy/driver.js";
import type { ProxyDriver } from "./driver.js";
import { envoyDriver } from "./envoy/driver.js";
import { haproxyDriver } from "./haproxy/driver.js";
import { nginxDriver } from "./nginx/driver.js";
import { traefikDriver } from "./traefik/driver.js";

export const drivers: Readonly<Record<ProxyKind, ProxyDriver>> = {
  nginx: nginxDriver,
  haproxy: haproxyDriver,
  caddy: caddyDriver,
  envoy: envoyDriver,
  traefik: traefikDriver,
  apache: apacheDriver,
};
