/**
 * The backend as a run's own process: serves, and reports its counts on request.
 */
import { monotonicClock } from "../base/clock.js";
import { collectYoungGarbage } from "../base/collect-garbage.js";
import { messageOf } from "../base/errors.js";
import { StandstillWatch } from "../base/standstill-watch.js";
import type { BackendReply, BackendReport, BackendRequest } from "./messages.js";
import type { PongServer } from "./pong-server.js";
import { startPongServer } from "./start-pong-server.js";

let server: PongServer | null = null;
const standstill = new StandstillWatch();

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
    case "report":
      reply({ kind: "report", report: report() });
      return;
  }
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));

function report(): BackendReport {
  const { user, system } = process.cpuUsage();
  return {
    engine: server?.engine ?? null,
    counts: server?.counts() ?? null,
    cpuNs: (user + system) * 1000,
    standstillNs: standstill.take(),
    atNs: monotonicClock.now(),
    loop: server?.loop() ?? null,
  };
}
