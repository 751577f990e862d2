/**
 * One trial where there are few local ports: more connections than nginx can have to a backend of one port, while the
 * client has two addresses to come from. Prints what is needed of its record.
 */
import { createThreadPool } from "#wsrally/load/generator-pool.js";
import { runOneTrial } from "../../support/trial-bench.js";

const pool = createThreadPool(1);
const { failures, connections, proxyLogEntries } = await runOneTrial(pool, {
  arm: "nginx",
  workload: { connections: 80, ramp: 400 },
  durationS: 0.2,
});
await pool.close();
process.stdout.write(JSON.stringify({ failures, connections, proxyLogEntries }));
