/** Where a config's private keys may go: over TLS, or nowhere that a network is. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { isPrivate } from "#wsrally/cluster/connect-nats.js";
import { requirePrivacy } from "#wsrally/cluster/proxy-elsewhere.js";

type Info = NonNullable<Parameters<typeof isPrivate>[0]["info"]>;

describe("a connection to a NATS server", () => {
  const rows: readonly (readonly [Partial<Info>, boolean])[] = [
    [{ tls_required: true, client_ip: "10.0.0.1" }, true],
    [{ tls_available: true, client_ip: "10.0.0.1" }, true],
    [{ client_ip: "127.0.0.1" }, true],
    [{ client_ip: "::1" }, true],
    [{ client_ip: "10.0.0.1" }, false],
    [{ client_ip: "1.127.0.0" }, false],
    [{}, false],
  ];
  for (const [info, expected] of rows)
    it(`${JSON.stringify(info)}: ${expected ? "is private" : "can be overheard"}`, () =>
      assert.equal(isPrivate({ info: info as Info }), expected));
});

describe("a config's files on their way to an agent", () => {
  const pem = (type: "rsa" | "ec"): Buffer => {
    const { privateKey } =
      type === "ec"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 1024 });
    return Buffer.from(privateKey.export({ format: "pem", type: type === "ec" ? "sec1" : "pkcs8" }));
  };
  const config = { path: "/etc/site.conf", content: Buffer.from("events {}") };
  const facts = { name: "proxy-1" };

  for (const type of ["rsa", "ec"] as const)
    it(`are not sent in the clear where an ${type} key is one of them, nor behind a certificate`, () => {
      const content = Buffer.concat([Buffer.from("-----BEGIN CERTIFICATE-----\n"), pem(type)]);
      const files = [config, { path: "/etc/site.pem", content }];
      assert.throws(
        () => requirePrivacy({ isPrivate: false, facts }, files),
        (thrown) =>
          thrown instanceof UsageError && /key in \/etc\/site\.pem to agent proxy-1/.test(thrown.message),
      );
      requirePrivacy({ isPrivate: true, facts }, files);
    });

  it("are sent where none is a key", () => requirePrivacy({ isPrivate: false, facts }, [config]));
});
