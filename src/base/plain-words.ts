/** What OpenSSL says, in the words that are meant for people. */

/** Its own sentence out of `80DC…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/…:350:`. */
export function plainWords(words: string): string {
  return /^[^:]*:error:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(words)?.[1] ?? words;
}
