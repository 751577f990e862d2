/**
 * What is connected to where nothing is sent: the C server itself and, where there is an nginx, that server with TLS in
 * front of it. They share the backend's processor, so the server sleeps while it waits.
 */
import { startPongServer } from "./backend.js";
import { startNginx } from "./nginx.js";

/** @returns {Promise<{ list: { kind: "plain" | "wss", job: () => object }[], notes: string[], stop: () => Promise }>} */
export async function startEnds({ cPrograms, nginx, folder }) {
  const backend = await startPongServer(cPrograms, "sleep");
  const plain = { kind: "plain", job: () => ({ port: backend.port, address: backend.nextAddress() }) };
  if (nginx === null) {
    const notes = ["No wss: there is no nginx for the other end (`wsrally proxies install nginx`)."];
    return { list: [plain], notes, stop: () => backend.stop() };
  }
  const front = await startNginx({ program: nginx, folder, backendPort: backend.port, tls: true });
  const wss = { kind: "wss", job: () => ({ port: front.port, caPem: front.caPem }) };
  return {
    list: [plain, wss],
    notes: [`wss: nginx ${nginx.version} in front, TLS 1.3 with an ECDSA P-256 certificate.`],
    async stop() {
      await front.stop();
      await backend.stop();
    },
  };
}
