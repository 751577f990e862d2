/**
 * The backend as a run's own process: serves, and reports its counts on request.
 */
import { collectYoungGarbage } from "../base/collect-garbage.js";
import { messageOf } from "../base/errors.js";
import { createReporter } from "./create-reporter.js";
import type { BackendReply, BackendRequest } from "./messages.js";
import type { PongServer } from "./pong-server.js";
import { startPongServer } from "./start-pong-server.js";

let server: PongServer | null = null;
const report = createReporter(() => server);

const reply = (message: BackendReply): void => {
  process.send?.(message);
};

process.on("message", async (request: BackendRequest) => {
  switch (request.kind) {
    case "listen":
      try {
        server = await startPongServer(request.options);
        reply({
          kind: "listening",
          server: { engine: server.engine, host: server.host, ports: server.ports },
        });
      } catch (thrown) {
        reply({ kind: "failed", message: messageOf(thrown) });
      }
      return;
    case "reset":
      server?.resetCounts();
      collectYoungGarbage();
      reply({ kind: "report", report: report() });
      return;
    case "take":
      try {
        if (server?.take === undefined) throw new Error("the ws engine can only serve");
        server.take(request.posture);
        reply({ kind: "report", report: report() });
      } catch (thrown) {
        reply({ kind: "failed", message: messageOf(thrown) });
      }
      return;
    case "push":
      if (server?.push === undefined)
        reply({ kind: "failed", message: "the ws engine sends nothing unasked" });
      else {
        server.push(request.order);
        reply({ kind: "report", report: report() });
      }
      return;
    case "report":
      reply({ kind: "report", report: report() });
      return;
  }
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));
