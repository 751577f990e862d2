/**
 * What a shell offers for a line that is being typed, asked of the shell itself: bash by its function, zsh by a Tab on a terminal of
 * its own, fish by its own `complete -C`.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** Reads lines, and prints for each what is offered in one line; `script` is in the current folder. */
const drivers: Readonly<Record<Shell, string>> = {
  bash: `
source ./script
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _wsrally
  echo "\${COMPREPLY[*]}"
done
`,
  // The inner shell tells what is offered to its line editor, and when that is ready for the next line.
  zsh: `
zmodload zsh/zpty zsh/zselect
cat > capture <<'END_OF_CAPTURE'
compadd() {
  local -a fitting
  # Another function asks what fits; nothing is offered yet.
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)(| *) ]]; then builtin compadd "$@"; return; fi
  builtin compadd -O fitting "$@"
  print -rn -- "$fitting " >> offered
  builtin compadd "$@"
}
zle-line-init() { print >> offered }
zle -N zle-line-init
END_OF_CAPTURE
: > offered
integer lines=0
ready() {
  local -a seen
  (( ++lines ))
  until (( $#seen >= lines )); do
    zpty -rt inner shown
    zselect -t 1
    seen=("\${(@f)$(<offered; print -n .)}")
    shift -p seen
  done
}
zpty -b inner zsh -f -i
zpty -w inner "PS1=; autoload -Uz compinit; compinit -u -D; source ./script; source ./capture"
ready
while IFS= read -r line; do
  zpty -w inner "$line"$'\\t\\C-u'
  ready
done
zpty -d inner
tail -n +2 offered
`,
  fish: `
source ./script
while read -l line
  echo (complete -C "$line" | string split -f 1 \\t)
end
`,
};

/** Without what the user has set up. */
const plain: Readonly<Record<Shell, readonly string[]>> = {
  bash: ["--norc"],
  zsh: ["-f"],
  fish: ["--no-config"],
};

/** @returns for each line the words that are offered, sorted */
export function offeredBy(
  shell: Shell,
  { script, folder, lines }: { script: string; folder: string; lines: readonly string[] },
): string[][] {
  writeFileSync(join(folder, "script"), script);
  const told = execFileSync(shell, [...plain[shell], "-c", drivers[shell]], {
    cwd: folder,
    input: lines.map((line) => `${line}\n`).join(""),
    encoding: "utf8",
    timeout: 60_000,
  });
  const offers = told.split("\n");
  return lines.map((_, index) =>
    (offers[index] ?? "")
      .split(" ")
      .filter((word) => word !== "")
      .sort(),
  );
}
