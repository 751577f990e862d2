/** A CI service's reading of a step's output, by what its runner's source says of it. */

/** GitHub's runner: a line that begins with `::` after white space and has a second one, or any with `##[` and `]`. */
export function commandsIn(output: string): string[] {
  return output
    .split(/\r\n|\r|\n/)
    .filter(
      (line) => /^[\s\u0085]*::.*::/.test(line) || /##\[.*\]/.test(line) || /##(vso|teamcity)\[/.test(line),
    );
}
