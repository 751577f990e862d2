/** What a gate reads of a checkout: the same whatever lies in it that git does not track, or around it. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { readableFolder } from "#wsrally/commands/gate/tracked-files.js";
import { adoptNginxConfig } from "#wsrally/proxy/nginx/adopt/adopt-nginx-config.js";
import { namedFiles } from "#wsrally/proxy/nginx/language/named-files.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import type { ReadableFolder } from "#wsrally/scenario/arm.js";
import { createScratchRepository, type ScratchRepository } from "../support/scratch-repository.js";
import { withFolder } from "../support/with-folder.js";

const secret = "8d1f2c";

interface Checkout {
  readonly path: string;
  /** Outside of the checkout. */
  readonly outside: string;
  readonly repository: ScratchRepository;
  write(file: string, text: string): void;
  link(file: string, target: string): void;
  /** What comes of the config with a line in its server: its text, changes and files, or the refusal. */
  read(line: string, allowed?: readonly ReadableFolder[]): Promise<string>;
}

async function withCheckout(test: (checkout: Checkout) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "checkout");
    mkdirSync(path);
    const repository = createScratchRepository(path);
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    };
    write("deploy/nginx.conf", "");
    repository.commitAll("config");
    await test({
      path,
      outside: join(folder, "outside"),
      repository,
      write,
      link(file, target) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        symlinkSync(target, join(path, file));
      },
      async read(line, allowed = []) {
        write("deploy/nginx.conf", configWith(line));
        const folders = [await readableFolder(path, new AbortController().signal), ...allowed];
        return outcome(join(path, "deploy/nginx.conf"), folders);
      },
    });
  });
}

function configWith(line: string): string {
  return `events {}
http {
  server {
    listen 80;
    location / { proxy_pass http://app; }
    ${line}
  }
}
`;
}

async function outcome(file: string, folders: readonly ReadableFolder[]): Promise<string> {
  const { configs, others } = await namedFiles(file, { folders });
  const named = JSON.stringify(
    [...configs, ...others].map(([name, text]) => [name, text.toString("latin1")]),
  );
  try {
    const adopted = await adoptNginxConfig(file, {
      connections: 1,
      backend: { host: "127.0.0.1", port: 9 },
      path: null,
      serverName: null,
      host: null,
      keepsAccess: true,
      confinedTo: folders,
    });
    const copies = [...adopted.originals.keys()].map((name) => adopted.files.get(name)?.toString("latin1"));
    return [printNginxConfig(adopted.tree).text, ...adopted.changes(), ...copies, named].join("\n");
  } catch (thrown) {
    return `${thrown}\n${named}`;
  }
}

/** Kept from git, in all the ways there are; each holds the secret. */
const untracked = [
  ".envrc",
  "ignored/.env",
  "deploy/other.conf",
  "deploy/snippets/x.conf",
  "certs/rsa.crt",
  "certs/rsa.key",
];

/** Tracked links that lead to what is not. */
const links: Readonly<Record<string, string>> = {
  "deploy/to-untracked.conf": "other.conf",
  "deploy/to-ignored.conf": "../ignored/.env",
  "deploy/to-git.conf": "../.git/config",
  "deploy/to-link.conf": "to-untracked.conf",
  "deploy/to-itself.conf": "to-itself.conf",
  "deploy/to-outside.conf": "../../outside/secret.conf",
  "deploy/to-folder": "../ignored",
  "deploy/out": "../../outside",
};

const lines: readonly string[] = [
  ...["../.envrc", "../ignored/.env", "other.conf", "snippets/x.conf", "../.git/config", "../.git/HEAD"],
  ...["../../outside/secret.conf", "OUTSIDE/secret.conf", "OUTSIDE/../checkout/deploy/nginx.conf"],
  ...[
    "out/secret.conf",
    "out/../checkout/.envrc",
    "to-folder/.env",
    ...Object.keys(links).map((name) => `../${name}`),
  ],
  ...["*.conf", "to-*", "../.env*", "../ign*/.e*", "../*/.env", "../.git/*", "../.g*/config", "snippets/*"],
  ...[
    "out/*",
    "o*/secret.conf",
    "o*/*",
    "*/../../outside/*",
    "../*/../../outside/secret.conf",
    "OUTSIDE/*",
    "OUTSIDE/*/../*",
  ],
]
  .map((path) => `include ${path};`)
  .concat([
    "map $host $x { include ../.envrc; }",
    'types { include "../ignored/.env"; }',
    "auth_basic x; auth_basic_user_file ../.envrc;",
    "auth_basic x; auth_basic_user_file to-ignored.conf;",
    "ssl_certificate ../certs/rsa.crt; ssl_certificate_key ../certs/rsa.key; listen 443 ssl;",
    "ssl_certificate OUTSIDE/rsa.crt; ssl_certificate_key OUTSIDE/rsa.key; listen 443 ssl;",
    "ssl_certificate out/rsa.crt; ssl_certificate_key out/rsa.key; listen 443 ssl;",
    "ssl_certificate ../certs/rsa.crt;",
    "ssl_certificate_key ../certs/rsa.key;",
    ...[
      "ssl_client_certificate",
      "ssl_trusted_certificate",
      "ssl_dhparam",
      "ssl_crl",
      "ssl_password_file",
      "ssl_session_ticket_key",
      "ssl_stapling_file",
      "proxy_ssl_certificate",
      "proxy_ssl_trusted_certificate",
      "auth_jwt_key_file",
      "js_import",
      "root",
    ].flatMap((name) => [`${name} ../certs/rsa.crt;`, `${name} out/rsa.crt;`]),
  ]);

describe("a checkout that a gate reads", () => {
  it("tells nothing of what git does not track, nor of the machine around it, whatever names it", async () => {
    await withCheckout(async ({ path, outside, repository, write, link, read }) => {
      write(".gitignore", "ignored/\n.envrc\n");
      for (const [file, target] of Object.entries(links)) link(file, target);
      repository.commitAll("links");
      const rsa = await makeRunCertificate({ kind: "rsa", bits: 2048 });
      const put = (): void => {
        for (const file of untracked) write(file, `set $x ${secret};\n`);
        write("certs/rsa.crt", `${rsa.certificatePem}# ${secret}\n`);
        write("certs/rsa.key", rsa.keyPem);
        mkdirSync(join(outside, "folder"), { recursive: true });
        for (const name of ["rsa.crt", "rsa.key"]) writeFileSync(join(outside, name), rsa.certificatePem);
        writeFileSync(join(outside, "secret.conf"), `set $x ${secret};\n`);
      };
      const take = (): void => {
        for (const file of untracked) rmSync(join(path, file));
        rmSync(outside, { recursive: true });
      };
      for (const line of lines.map((one) => one.replaceAll("OUTSIDE", outside))) {
        put();
        const withThem = await read(line);
        take();
        const without = await read(line);
        assert.equal(withThem, without, line);
        assert.ok(!withThem.includes(secret), line);
      }
    });
  });

  it("says which file is not in git, and reads it once it is added", async () => {
    await withCheckout(async ({ path, repository, write, read }) => {
      write("deploy/new.conf", "set $new yes;\n");
      assert.match(
        await read("include new.conf;"),
        /open\(\) ".*\/deploy\/new\.conf" failed .*git tracks no such file\) in .*nginx\.conf:6/,
      );
      repository.git("add", "-N", "deploy/new.conf");
      assert.match(await read("include new.conf;"), /set \$new yes;/);
      write("deploy/new.conf", "set $new again;\n");
      assert.match(await read("include n*.conf;"), /set \$new again;/, "as it stands on the disk");
      for (const flag of ["--assume-unchanged", "--skip-worktree"]) {
        repository.git("update-index", flag, "deploy/new.conf");
        assert.match(await read("include new.conf;"), /set \$new again;/, flag);
      }
      unlinkSync(join(path, "deploy/new.conf"));
      assert.match(await read("include new.conf;"), /git tracks no such file/, "as in a sparse checkout");
    });
  });

  it("follows tracked links to tracked files, and reads names as they are written", async () => {
    await withCheckout(async ({ path, repository, write, link, read }) => {
      write("common/a b.conf", "set $blank yes;\n");
      write("common/größe-文.conf", "set $wide yes;\n");
      write("common/-q.conf", "set $dash yes;\n");
      link("deploy/common", "../common");
      link("deploy/one.conf", "common/-q.conf");
      link("deploy/absolute.conf", join(path, "common/-q.conf"));
      repository.commitAll("links");
      assert.match(
        await read('include "common/a b.conf"; include common/größe-文.conf;'),
        /blank yes.*wide yes/s,
      );
      assert.match(await read("include common/*.conf;"), /dash yes.*blank yes.*wide yes/s);
      assert.match(await read("include one.conf; include absolute.conf;"), /dash yes.*dash yes/s);
      assert.match(await read("include common/../../common/-q.conf;"), /dash yes/);
      assert.match(await read("include COMMON/-q.conf;"), /git tracks no such file/);
      // In place of the folder that git knows, a link to elsewhere.
      renameSync(join(path, "common"), join(path, "moved"));
      link("common", "moved");
      assert.match(await read("include common/-q.conf;"), /git tracks no such file/);
    });
  });

  it("has the files of a submodule where its folder is allowed, and never what git keeps", async () => {
    await withCheckout(async ({ path, repository, write, read }) => {
      const inner = join(path, "inner");
      mkdirSync(inner);
      const submodule = createScratchRepository(inner);
      write("inner/inner.conf", "set $inner yes;\n");
      submodule.commitAll("inner");
      repository.git("add", "inner");
      repository.git("commit", "-qm", "a folder of another repository");
      const allowed = [{ path: inner, tracked: null }];
      assert.match(await read("include ../inner/inner.conf;"), /git tracks no such file/);
      assert.match(await read("include ../inner/inner.conf;", allowed), /set \$inner yes;/);
      assert.match(await read("include ../inner/*.conf;", allowed), /set \$inner yes;/);
      assert.match(await read("include ../inner/.git/config;", allowed), /No such file or directory\)/);
      assert.doesNotMatch(await read("include ../inner/.git/*;", allowed), /repositoryformatversion/);
      assert.match(await read("include ../.git/config;", allowed), /git tracks no such file/);
    });
  });

  it("is all there where it is no repository", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "nginx.conf");
      writeFileSync(file, configWith("include beside.conf;"));
      writeFileSync(join(folder, "beside.conf"), "set $beside yes;\n");
      const here = await readableFolder(folder, new AbortController().signal);
      assert.deepEqual(here, { path: folder, tracked: null });
      assert.match(await outcome(file, [here]), /set \$beside yes;/);
    });
  });
});
