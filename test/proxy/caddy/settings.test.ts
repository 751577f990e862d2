import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseCaddySettings } from "#wsrally/proxy/caddy/run/settings.js";
import { builtInConfig } from "#wsrally/proxy/caddy/run/template.js";

describe("--set on the built-in Caddy config", () => {
  it("puts each name where it stands in a Caddyfile", () => {
    const set = {
      tls: "on",
      "tls protocols": "tls1.2 tls1.3",
      "timeouts read_header": "10s",
      protocols: "h1 h2",
      grace_period: "3s",
      encode: "gzip",
      stream_close_delay: "1m",
      read_timeout: "30s",
      GOGC: "400",
    };
    assert.equal(
      builtInConfig(parseCaddySettings(set), 2, "2.11.7"),
      `{
	admin unix/admin.sock
	persist_config off
	auto_https off
	skip_install_trust
	grace_period 3s
	servers {
		timeouts {
			read_header 10s
		}
		protocols h1 h2
	}
}
https://:@wsrally-port-0@ {
	bind 127.0.0.1
	tls run.crt run.key {
		protocols tls1.2 tls1.3
	}
	encode gzip
	reverse_proxy @wsrally-backend-0@ @wsrally-backend-1@ {
		stream_close_delay 1m
		transport http {
			read_timeout 30s
		}
	}
}
`,
    );
  });

  it("leaves out what an old Caddy has no word for", () => {
    assert.doesNotMatch(builtInConfig(parseCaddySettings({}), 1, "2.6.2"), /persist_config/);
  });

  it("asks for as many processors as GOMAXPROCS says, else for one", () => {
    assert.deepEqual(
      [parseCaddySettings({}).workers, parseCaddySettings({ GOMAXPROCS: "3" }).workers],
      [1, 3],
    );
  });

  const refused: readonly (readonly [set: Readonly<Record<string, string>>, says: RegExp])[] = [
    [{ stream_timeot: "5s" }, /Did you mean stream_timeout\?/],
    [{ read_header: "5s" }, /Did you mean timeouts read_header\?/],
    [{ GOMAXPROCS: "all" }, /want a whole number from 1/],
    [{ GOMAXPROCS: "0" }, /want a whole number from 1/],
    [{ log: "yes" }, /want on or off/],
    [{ "tls curves": "x25519" }, /without TLS/],
    [{ stream_timeout: "5s\n}" }, /cannot stand in a value/],
    [{ encode: "gzip { level 5 }" }, /"\{" cannot stand in a value/],
    [{ lb_policy: " " }, /to nothing/],
  ];
  for (const [set, says] of refused)
    it(`refuses ${JSON.stringify(set)}`, () => {
      assert.throws(
        () => parseCaddySettings(set),
        (thrown) => thrown instanceof UsageError && says.test(thrown.message),
      );
    });
});
