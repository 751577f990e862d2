import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UserFacingError } from "#wsrally/base/errors.js";
import type { PreparedProxy } from "#wsrally/proxy/proxy.js";
import { withFolder } from "../../support/with-folder.js";
import { never } from "../support/upgrade-bench.js";
import { withHaproxy } from "./support/haproxy-bench.js";

/** Where a line of a hostile config stands. */
interface Lines {
  readonly global?: string;
  readonly frontend?: string;
  readonly backend?: string;
  readonly server?: string;
  readonly bind?: string;
  readonly sections?: string;
}

function configWith({
  global = "",
  frontend = "",
  backend = "",
  server = "",
  bind = "",
  sections = "",
}: Lines): string {
  return `global
  maxconn 100
  ${global}
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :80 ${bind}
  ${frontend}
  default_backend sockets
backend sockets
  ${backend}
  server s app.internal:9000 ${server}
${sections}
`;
}

/** A repository with a config, and what a stranger would like to have beside it. */
async function withRepository(
  test: (prepare: (lines: Lines) => Promise<PreparedProxy>, folder: string) => Promise<void>,
): Promise<void> {
  await withHaproxy(async (bench) => {
    await withFolder(async (folder) => {
      const repository = join(folder, "repository");
      mkdirSync(repository);
      writeFileSync(join(folder, "secret.txt"), "8d1f\n");
      writeFileSync(join(repository, "hosts.map"), "a sockets\n");
      symlinkSync("../secret.txt", join(repository, "link.map"));
      writeFileSync(join(repository, "mark.lua"), `io.open("${folder}/ran", "w"):close()\n`);
      const file = join(repository, "haproxy.cfg");
      await test((lines) => {
        writeFileSync(file, configWith(lines));
        return bench.prepare(
          { kind: "file", file },
          { confinedTo: [{ path: repository, tracked: null }], access: "opened" },
        );
      }, folder);
    });
  });
}

const refused: readonly (readonly [Lines, RegExp])[] = [
  [{ frontend: "acl a path -f ../secret.txt" }, /haproxy\.cfg:11: .* lies outside of/],
  [{ frontend: "acl a path -f /etc/passwd" }, /lies outside of/],
  [{ frontend: "acl a path -f link.map" }, /lies outside of/],
  [{ frontend: "acl a path -f missing.lst" }, /the file missing\.lst cannot be read/],
  [{ frontend: "use_backend %[path,map(/etc/passwd)]" }, /lies outside of/],
  [{ frontend: "http-request set-map(/etc/x.map) a b" }, /lies outside of/],
  [
    { frontend: "http-request return status 200 content-type text/plain file /etc/passwd" },
    /lies outside of/,
  ],
  [
    { frontend: "http-request return status 200 content-type text/plain lf-file /etc/passwd" },
    /lies outside of/,
  ],
  [{ frontend: "http-request deny errorfile /etc/passwd" }, /lies outside of/],
  [
    { frontend: "http-request set-var(txn.a) str(x),jwt_verify(alg,/etc/ssl/key.pem)" },
    /jwt_verify\(…\) may name a file/,
  ],
  [{ frontend: "http-request do-resolve(txn.ip,dns) req.hdr(host)" }, /do-resolve/],
  [{ frontend: "http-request set-dst str(10.0.0.1)" }, /set-dst/],
  [{ frontend: "http-request use-service stats" }, /use-service/],
  [{ frontend: "use_backend sockets if { lua.y -m found }" }, /decides by code/],
  [{ frontend: "filter magic" }, /filter magic/],
  [{ frontend: "option transparent" }, /leads requests elsewhere/],
  [{ frontend: "default_backen sockets" }, /harmless \(did you mean default_backend\?\), and a gate/],
  [{ frontend: "new-keyword thing" }, /what new-keyword does in a frontend section/],
  [{ global: "new-keyword thing" }, /haproxy\.cfg:3: what new-keyword does in a global section/],
  [{ global: "tune.new /etc/passwd" }, /more than plain words/],
  [{ global: "nbthread 100000" }, /more than a gate gives/],
  [{ global: "tune.bufsize 1g" }, /more than a gate gives/],
  [{ bind: "new-parameter" }, /what `new-parameter` does in a bind/],
  [{ server: "new-parameter" }, /what `new-parameter` does in a server/],
  [{ frontend: "http-request set-header X @wsrally-backend-0@" }, /a name that is wsrally's own/],
  [{ backend: "stick-table type ip size 900m store conn_cur" }, /stick-table/],
  [{ backend: "server-template s 1-100000 app:80" }, /more than 5000 servers/],
  [{ sections: "cache big\n  total-max-size 4000" }, /more than a gate gives/],
];

/** Taken, and nothing of it is left in what runs. */
const taken: readonly (readonly [Lines, RegExp])[] = [
  [{ global: "lua-load mark.lua" }, /lua|mark/],
  [{ global: "lua-load-per-thread mark.lua" }, /lua|mark/],
  [{ global: "stats socket /run/h.sock level admin" }, /h\.sock/],
  [{ global: "log 10.0.0.1:514 local0" }, /10\.0\.0\.1/],
  [
    { global: "chroot /var/lib\n  user root\n  group root\n  pidfile /run/x.pid\n  daemon" },
    /chroot|root|pidfile|daemon/,
  ],
  [{ global: "setenv LD_PRELOAD /tmp/x.so" }, /LD_PRELOAD/],
  [{ global: "ssl-engine rdrand\n  ssl-provider legacy" }, /rdrand|legacy/],
  [
    {
      global: "external-check\n  insecure-fork-wanted",
      backend: "option external-check\n  external-check command /bin/sh",
    },
    /external|\/bin\/sh|insecure/,
  ],
  [{ global: "server-state-file /etc/x\n  ca-base /etc\n  crt-base /etc" }, /\/etc/],
  [{ bind: "ssl crt /etc/ssl/private crt-list /etc/passwd ca-file /etc/passwd verify optional" }, /\/etc/],
  [
    {
      server:
        "check resolvers dns init-addr libc source 10.1.1.1 ssl verify required ca-file /etc/passwd crt /etc/x.pem",
    },
    /10\.1\.1\.1|\/etc|resolvers|app\.internal/,
  ],
  [{ backend: "errorfile 503 /etc/passwd" }, /passwd/],
  [{ backend: "source 10.9.9.9 usesrc clientip" }, /10\.9/],
  [{ sections: "program side\n  command /bin/sh -c id" }, /side|\/bin/],
  [{ sections: "resolvers dns\n  nameserver a 10.0.0.1:53\n  parse-resolv-conf" }, /nameserver|resolv/],
  [
    {
      sections:
        "peers p\n  peer a 10.0.0.1:1\nmailers m\n  mailer a 10.0.0.1:25\nring r\n  backing-file /etc/x\n  size 4096",
    },
    /10\.0\.0\.1|backing/,
  ],
  [{ sections: "http-errors e\n  errorfile 503 /etc/passwd" }, /passwd/],
  [{ frontend: `http-request set-header X "$WSRALLY_DECOY \${WSRALLY_DECOY}"` }, /8d1f|WSRALLY_DECOY/],
  [
    { frontend: "filter spoe engine e config /etc/passwd\n  http-request send-spoe-group e g" },
    /spoe|passwd/,
  ],
  [{ frontend: "stats enable\n  stats admin if TRUE" }, /stats admin/],
  [{ frontend: "log ring@x local0\n  log /run/secret.sock local0" }, /ring@|secret/],
];

describe("a stranger's HAProxy config", () => {
  it("is refused where it reaches out", async (test) => {
    await withRepository(async (prepare) => {
      for (const [lines, words] of refused) {
        await test.test(JSON.stringify(lines), async () => {
          await assert.rejects(
            prepare(lines).then(() => assert.fail("it was taken")),
            (thrown) => thrown instanceof UserFacingError && words.test(thrown.message),
          );
        });
      }
    });
  });

  it("runs without what reaches out", async (test) => {
    process.env.WSRALLY_DECOY = "8d1f";
    await withRepository(async (prepare, folder) => {
      for (const [lines, gone] of taken) {
        await test.test(JSON.stringify(lines), async () => {
          const { configText } = await prepare(lines);
          assert.doesNotMatch(configText ?? "", gone);
        });
      }
      assert.equal(existsSync(join(folder, "ran")), false, "no Lua of it ran");
    });
  });

  it("starts with nothing of the environment", async () => {
    process.env.WSRALLY_DECOY = "8d1f";
    await withRepository(async (prepare) => {
      const running = await (
        await prepare({
          frontend:
            'http-request return status 200 content-type text/plain lf-string "%[env(WSRALLY_DECOY)]|"',
        })
      ).start(never);
      const { host, port } = running.endpoint;
      assert.equal(await (await fetch(`http://${host}:${port}/`)).text(), "|");
      await running.stop();
    });
  });

  it("may use maps of its own repository", async () => {
    await withRepository(async (prepare) => {
      const { changes, configText } = await prepare({
        frontend: "use_backend %[req.hdr(host),map(hosts.map,sockets)]",
      });
      assert.match(configText ?? "", /map\(kept-0,sockets\)/);
      assert.ok(changes.length > 0);
    });
  });
});
