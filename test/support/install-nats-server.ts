/** Fetches the pinned NATS server, unless there is one already: before the tests, and only for them. */
import { installProgram } from "#wsrally/proxy/program/install-program.js";
import { natsProgram } from "./nats-program.js";

await installProgram(natsProgram, { onProgress: (line) => process.stderr.write(`${line}\n`) });
