/**
 * Questions to a child process over its channel, one at a time: it answers in order, so its next message is the answer.
 */
import type { ChildProcess } from "node:child_process";
import { EnvironmentError } from "./errors.js";

/**
 * @param name of the process, as in "the backend process"
 * @returns rejects with an EnvironmentError once it has ended
 */
export function createAsker<Request extends object, Reply>(
  child: ChildProcess,
  name: string,
): (request: Request) => Promise<Reply> {
  let last: Promise<unknown> = Promise.resolve();
  const askNow = (request: Request): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const gone = (): void => {
        child.off("message", answered);
        reject(
          new EnvironmentError(`The ${name} process has ended; its last words are above, if it had any`),
        );
      };
      const answered = (reply: unknown): void => {
        child.off("exit", gone);
        child.off("error", gone);
        resolve(reply as Reply);
      };
      if (child.exitCode !== null || child.signalCode !== null) return gone();
      child.once("message", answered);
      child.once("exit", gone);
      child.once("error", gone);
      child.send(request, (error) => {
        if (error) gone();
      });
    });
  return (request) => {
    const answer = last.then(() => askNow(request));
    last = answer.catch(() => undefined);
    return answer;
  };
}
