/**
 * Which certificate new clients see, while the proxy is given another: a fresh TLS connection every 50 ms.
 */
import { isIP } from "node:net";
import { connect } from "node:tls";
import { monotonicClock } from "../../base/clock.js";
import type { ProxyEndpoint } from "../../proxy/proxy.js";
import type { SeenCertificate } from "./certificate-bill.js";

const everyMs = 50;
const longestMs = 5000;

interface CertificateWatch {
  /** In the order of their beginnings, those that are over. */
  seen(): readonly SeenCertificate[];
  /** Takes no new looks, and waits for those that are under way. */
  stop(): Promise<void>;
}

/** @param hostHeader its name is asked for, as clients ask for it */
export async function watchCertificate(
  endpoint: () => ProxyEndpoint,
  hostHeader: string,
): Promise<CertificateWatch> {
  const seen: SeenCertificate[] = [];
  const underWay = new Set<Promise<void>>();
  const look = (): Promise<void> => {
    const done = handshake(endpoint(), hostHeader).then((one) => {
      seen.push(one);
      underWay.delete(done);
    });
    underWay.add(done);
    return done;
  };
  await look();
  const timer = setInterval(() => void look(), everyMs);
  return {
    seen: () => seen.toSorted((a, b) => a.atNs - b.atNs),
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

function handshake({ host, port }: ProxyEndpoint, hostHeader: string): Promise<SeenCertificate> {
  const atNs = monotonicClock.now();
  const name = hostHeader.replace(/:\d+$/, "");
  return new Promise((resolve) => {
    // What is asked is which one it shows: whether it is good is for the clients to say.
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(name) === 0 && !name.startsWith("[") ? { servername: name } : {}),
    });
    const end = (serial: string | null): void => {
      resolve({ atNs, serial });
      socket.destroy();
    };
    socket.setTimeout(longestMs, () => end(null));
    socket.once("secureConnect", () => end(socket.getPeerX509Certificate()?.serialNumber ?? null));
    socket.once("error", () => end(null));
    socket.once("close", () => end(null));
  });
}
