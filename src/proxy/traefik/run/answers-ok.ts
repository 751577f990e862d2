/**
 * Asks a Traefik for one of its own paths.
 */
import { type ClientRequest, type RequestOptions, request } from "node:http";
import { request as requestTls } from "node:https";

interface Question {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly path: string;
}

const limitMs = 1000;

/** Whether the answer is 200; false for any other, and for none. */
export function answersOk({ host, port, tls, path }: Question): Promise<boolean> {
  const options: RequestOptions = {
    ...{ host, port, path, agent: false },
    signal: AbortSignal.timeout(limitMs),
  };
  return new Promise((resolve) => {
    // Who answers is not what is asked: the certificate is the run's own, or a user's.
    const asked: ClientRequest = tls
      ? requestTls({ ...options, rejectUnauthorized: false })
      : request(options);
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
