/** Completion for zsh: what there is with what it is for. */
import type { TypedCommand, TypedFlag } from "./command-tree.js";

export function zshScript(commands: readonly TypedCommand[]): string {
  const below = commands.filter(({ path }) => path.length > 0);
  const steps = below.map(({ path }) => {
    const above = path.slice(0, -1).join(" ");
    return `      ${quoted(`${above}/${path.at(-1)}`)}) key=${quoted(path.join(" "))} ;;`;
  });
  const values = commands.flatMap(({ path, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values: words }) => {
        const patterns = names.map((name) => quoted(`${path.join(" ")}/${name}`)).join("|");
        return words.length === 0
          ? `    ${patterns}) _files; return ;;`
          : `    ${patterns}) compadd ${words.some((word) => word.endsWith("=")) ? "-S '' " : ""}-- ${words.map(quoted).join(" ")}; return ;;`;
      }),
  );
  const own = commands.map((command) => {
    const flags = command.flags.flatMap(described).map(quoted).join(" ");
    const words = command.words.map(({ word, about }) => quoted(item(word, about))).join(" ");
    const runs = command.takesRuns ? "; words_+=(results/*/(run|probe).json(N:h:t))" : "";
    const files = command.takesFiles ? "; files=1" : "";
    return `    ${quoted(command.path.join(" "))}) flags=(${flags}); words_=(${words})${runs}${files} ;;`;
  });
  return `#compdef wsrally
# zsh completion of wsrally: put it as _wsrally into a folder of $fpath, or source <(wsrally completion zsh)
_wsrally() {
  local key='' files='' i
  local -a flags words_
  for ((i = 2; i < CURRENT; i++)); do
    case "$key/\${words[i]}" in
${steps.join("\n")}
    esac
  done
  case "$key/\${words[CURRENT-1]}" in
${values.join("\n")}
  esac
  case "$key" in
${own.join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o flag flags
    return
  fi
  if compset -P '*:'; then
    _files
    return
  fi
  (( \${#words_} )) && _describe word words_
  [[ -n $files ]] && _files
}

if [[ \${funcstack[1]} == _wsrally ]]; then
  _wsrally "$@"
else
  compdef _wsrally wsrally
fi
`;
}

function described({ names, about }: TypedFlag): string[] {
  return names.map((name) => item(name, about));
}

/** A colon parts a word from what it is for. */
function item(word: string, about: string): string {
  const escaped = word.replace(/:/g, "\\:");
  return about === "" ? escaped : `${escaped}:${about}`;
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
