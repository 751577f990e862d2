/**
 * A folder with all that the documents' commands name: configs, scenarios, values, and a repository whose `origin/main` has them.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chat, harOf } from "./recorded.js";

/** As somebody writes it who does not know yet what an upgrade needs. */
const siteConf = `upstream app { server 127.0.0.1:9000; }
server {
  listen 80;
  server_name chat.example.com;
  location /sock {
    proxy_pass http://app;
    proxy_http_version 1.1;
  }
}
`;

const goodConf = `events { worker_connections 8192; }
http {
  map $http_upgrade $connection_upgrade { default upgrade; "" close; }
  server {
    listen 80;
    server_name chat.example.com;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    location /sock {
      proxy_pass http://127.0.0.1:9000;
      proxy_read_timeout 1h;
    }
  }
}
`;

/** A header more, by which the location inherits none. */
const brokenConf = goodConf.replace("1h;", "1h;\n      proxy_set_header X-Request-Id $request_id;");

const siteCfg = `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
frontend web
  bind :80
  default_backend sockets
backend sockets
  server app 127.0.0.1:9000
`;

const scenario = "workload: { connections: 10 }\narms: [nginx, direct]\n";

const files: Readonly<Record<string, string>> = {
  "site.conf": siteConf,
  "old.conf": goodConf,
  "new.conf": brokenConf,
  "prod.conf": goodConf,
  "site.cfg": siteCfg,
  "ci.yaml": scenario,
  "recorded.har": harOf([chat]),
  "word.txt": "a-word-of-the-test\n",
  "users.csv": "room,tenant\none,a\n",
  "deploy/nginx.conf": goodConf,
  "deploy/ci.yaml": scenario,
};

export function fillDocumentsFolder(folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const git = (...args: string[]): unknown =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "configs");
  git("update-ref", "refs/remotes/origin/main", "main");
}
