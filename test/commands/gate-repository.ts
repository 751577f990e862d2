/** A scratch git repository with a config that WebSockets go through, for the gate's tests. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const configFile = "deploy/nginx.conf";
export const snippetFile = "deploy/snippets/websocket.conf";

export const nginxFiles: Readonly<Record<string, string>> = {
  [configFile]: `worker_processes 1;
events { worker_connections 1024; }
http {
  include snippets/upgrade.conf;
  server {
    listen 80;
    server_name app.example.com;
    location /sock {
      proxy_pass http://app.internal:9000;
      include snippets/web*.conf;
      proxy_read_timeout 3600s;
    }
  }
}
`,
  "deploy/snippets/upgrade.conf": `map $http_upgrade $connection_upgrade {
  default upgrade;
  '' close;
}
`,
  [snippetFile]: `proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_buffer_size 16k;
proxy_buffers 8 16k;
proxy_busy_buffers_size 32k;
`,
};

/** What a pull request does to the snippet. */
export const pullRequests = {
  comment: (text: string) => `# WebSockets\n${text}`,
  reorder: (text: string) => `${text.trim().split("\n").reverse().join("\n")}\n`,
  noUpgrade: (text: string) => text.replace(/^proxy_set_header Upgrade.*\n/m, ""),
  smallBuffers: (text: string) =>
    text.replace("size 16k", "size 1k").replace("8 16k", "8 1k").replace("size 32k", "size 2k"),
};

export interface ScratchRepository {
  readonly path: string;
  git(...args: readonly string[]): string;
  write(file: string, text: string): void;
  /** Changes a file of the working tree, from what main has. */
  change(file: string, by: (text: string) => string): void;
}

/** `main` holds the config; the working tree is of a branch beside it. */
export function makeRepository(
  path: string,
  files: Readonly<Record<string, string>> = nginxFiles,
): ScratchRepository {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: path,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  mkdirSync(path, { recursive: true });
  git("init", "-q", "-b", "main");
  for (const [file, text] of Object.entries(files)) write(file, text);
  git("add", "-A");
  git("commit", "-qm", "config");
  git("checkout", "-qb", "change");
  return {
    path,
    git,
    write,
    change(file, by) {
      git("checkout", "-q", "main", "--", ".");
      write(file, by(readFileSync(join(path, file), "utf8")));
    },
  };
}
