/**
 * `wsrally proxies` by itself.
 */
import { proxiesCommand } from "#wsrally/commands/proxies.js";

await proxiesCommand().parseAsync();
