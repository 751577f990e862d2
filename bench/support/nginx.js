/**
 * A one-worker nginx in front of a backend, plain or with TLS, from a config made here in a folder that the caller
 * removes.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../build/base/errors.js";
import { findFreePorts } from "../../build/proxy/free-port.js";
import { findNginx } from "../../build/proxy/nginx/run/find-nginx.js";
import { makeRunCertificate } from "../../build/proxy/run-certificate.js";
import { serveOn } from "./child-processes.js";
import { backendCpu } from "./cpus.js";
import { untilAccepting } from "./until-accepting.js";

/** @returns the program; null where there is none */
export async function findProgram() {
  try {
    return await findNginx();
  } catch (error) {
    if (error instanceof EnvironmentError) return null;
    throw error;
  }
}

export async function startNginx({ program, folder, backendPort, tls }) {
  const prefix = join(folder, `nginx-${backendPort}`);
  await mkdir(prefix, { recursive: true });
  const [port] = await findFreePorts(1);
  const certificate = tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  if (certificate !== null) {
    await writeFile(join(prefix, "certificate.pem"), certificate.certificatePem);
    await writeFile(join(prefix, "key.pem"), certificate.keyPem);
  }
  await writeFile(join(prefix, "nginx.conf"), config({ port, backendPort, tls }));
  const args = ["-p", prefix, "-c", "nginx.conf", "-e", "error.log"];
  const { pid, stop } = await serveOn(backendCpu, program.path, args, { speaks: false });
  await untilAccepting(port);
  return { pid, port, caPem: certificate?.caPem ?? null, stop };
}

/** One process that is its own worker, so that its processor time is that of one process id. */
function config({ port, backendPort, tls }) {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
master_process off;
pid nginx.pid;
events { worker_connections 20000; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port} backlog=4096${tls ? " ssl" : ""};
    ${tls ? "ssl_certificate certificate.pem;\n    ssl_certificate_key key.pem;" : ""}
    location / {
      proxy_pass http://127.0.0.1:${backendPort};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_read_timeout 3600s;
    }
  }
}
`;
}
