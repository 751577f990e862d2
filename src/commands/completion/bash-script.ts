/**
 * Completion for bash. Words of the line are compared and never evaluated, and of stored runs only those with plain names
 * are offered: `compgen -W` would run what a folder's name holds.
 */
import type { TypedCommand } from "./command-tree.js";

export function bashScript(commands: readonly TypedCommand[]): string {
  const below = commands.filter(({ path }) => path.length > 0);
  const steps = below.map(({ path }) => {
    const [name = "", ...above] = [...path].reverse();
    return `      '${above.reverse().join(" ")}/${name}') key='${path.join(" ")}' ;;`;
  });
  const values = commands.flatMap(({ path, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values: words }) => {
        const patterns = names.map((name) => `'${path.join(" ")}/${name}'`).join("|");
        return `    ${patterns}) ${words.length === 0 ? "files=1" : `words='${words.join(" ")}'`} value=1 ;;`;
      }),
  );
  const flags = commands.map(
    (command) =>
      `    '${command.path.join(" ")}') words='${command.flags.flatMap(({ names }) => names).join(" ")}' ;;`,
  );
  const words = commands.map(({ path, words: own, takesRuns, takesFiles }) => {
    const runs = takesRuns ? ' words+=" $(_wsrally_runs)"' : "";
    const files = takesFiles ? " files=1" : "";
    return `    '${path.join(" ")}') words='${own.map(({ word }) => word).join(" ")}'${runs}${files} ;;`;
  });
  return `# bash completion of wsrally: source <(wsrally completion bash)
_wsrally_runs() {
  local file
  for file in results/*/run.json results/*/probe.json; do
    file=\${file%/*}
    file=\${file#results/}
    [[ $file =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] && printf '%s ' "$file"
  done
}

_wsrally() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} key='' words='' value='' files='' i
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$key/\${COMP_WORDS[i]}" in
${steps.join("\n")}
    esac
  done
  COMPREPLY=()
  # Behind KIND: stands a file.
  if [[ $cur == ':' || $prev == ':' ]]; then
    COMPREPLY=($(compgen -f -- "\${cur#:}"))
    return
  fi
  case "$key/$prev" in
${values.join("\n")}
  esac
  if [[ -z $value && $cur == -* ]]; then
    case "$key" in
${flags.join("\n")}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    return
  fi
  [[ -n $value ]] || case "$key" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2> /dev/null
  [[ -n $files ]] && compopt -o default 2> /dev/null
  return 0
}

complete -F _wsrally wsrally
`;
}
