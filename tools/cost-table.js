/**
 * What a WebSocket message and an open WebSocket cost each proxy: `npm run cost-table -- [flags]`, or
 * `node tools/cost-table.js [flags]` after `npm run build`. Every figure is one of `wsrally run`, all proxies of a cell in
 * one run, interleaved in blocks. What is stored already is not measured again, so that a sitting may be taken in pieces.
 */
import { parseFlags } from "./cost-table/flags.js";
import { measureSitting } from "./cost-table/sitting.js";
import { storedTable } from "./cost-table/stored.js";
import { checkPublished, writeTable } from "./cost-table/write-table.js";

const flags = parseFlags(process.argv.slice(2));
if (flags.check) checkPublished();
const write = (leftOut) => writeTable(storedTable(flags), { ...flags, leftOut });
write(await measureSitting(flags, write));
