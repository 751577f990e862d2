/** `wsrally completion`: a script that lets a shell complete what is typed. */
import { Argument, Command } from "commander";
import { bashScript } from "./completion/bash-script.js";
import { typedCommands } from "./completion/command-tree.js";
import { fishScript } from "./completion/fish-script.js";
import { zshScript } from "./completion/zsh-script.js";
import type { CommandContext } from "./terminal.js";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof scripts;

/** Its parent has every other command, read in full. */
export function completionCommand({ terminal }: CommandContext): Command {
  return new Command("completion")
    .description(
      "Prints a script for bash, zsh or fish that completes commands, flags, their values, arms, scenarios and stored runs",
    )
    .addArgument(new Argument("<shell>", "the shell that it is for").choices(Object.keys(scripts)))
    .addHelpText("after", examples)
    .action((shell: Shell, _flags: unknown, command: Command) => {
      terminal.stdout.write(scripts[shell](typedCommands(command.parent ?? command)));
    });
}

const examples = `
Examples:
  source <(wsrally completion bash)
  wsrally completion bash > ~/.local/share/bash-completion/completions/wsrally
  wsrally completion zsh > ~/.zfunc/_wsrally
  wsrally completion fish > ~/.config/fish/completions/wsrally.fish
`;
