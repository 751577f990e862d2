/** What is being measured now: on a terminal, one line that the next one overwrites. */

export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

export function clearProgress() {
  progress("");
}
