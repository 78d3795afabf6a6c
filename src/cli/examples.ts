/** What is shown below the help of each command. */
export const EXAMPLES: Readonly<Record<string, string>> = {
	reelay: `
Examples:
  $ reelay generate "A red kite over the sea at dawn"
  $ reelay doctor                            what can be used, and why not the rest
  $ reelay generate --help                   flags and more examples`,
	generate: `
Examples:
  $ reelay generate "A red kite over the sea at dawn" -o kite.mp4
  $ reelay generate "Zoom in slowly" --image harbour.jpg --duration 5
  $ reelay generate "Waves" -m fal:fal-ai/veo3.1 --fallback local:animatic
  $ reelay generate "Waves" --dry-run        which models, at what price
  $ reelay generate "Waves" --detach         submit only; resume it later
  $ reelay generate -- "-5 degrees outside"  a prompt that begins with "-"`,
	batch: `
Examples:
  $ reelay batch prompts.txt -o clips/
  $ reelay batch shots.csv -o "clips/{index}-{prompt}.mp4" -c 3
  $ reelay batch shots.jsonl --dry-run       what, and at what price
  $ reelay batch shots.jsonl --resume        go on where it ended`,
	jobs: `
Examples:
  $ reelay jobs -n 10
  $ reelay jobs --state running --state generated`,
	status: `
Exit codes: 0 done, 1 failed, 4 still running, 5 submission unknown,
130 cancelled

Example:
  $ reelay status job_…`,
	resume: `
Examples:
  $ reelay resume job_…                      an id that reelay jobs shows
  $ reelay resume rl1.… -o kite.mp4          a token, also on another machine`,
	download: `
Example:
  $ reelay download job_… -o copy.mp4`,
	cancel: `
Example:
  $ reelay cancel job_…`,
	resolve: `
Look into the service's own list first. Without a decision, reelay looks itself.

Examples:
  $ reelay resolve job_…                     look for it once more
  $ reelay resolve job_… --adopt <id>        the service has it, under this id
  $ reelay resolve job_… --resubmit          it has not: submit it again
  $ reelay resolve job_… --abandon           leave it at that`,
	models: `
TASK is what a model starts from, SECONDS the length of its clips, PRICE that of
a second. - stands for what is not known.

Examples:
  $ reelay models --task image-to-video
  $ reelay models --provider fal
  $ reelay models --json                     with everything that is known`,
	doctor: `
Sends nothing that costs. Exit code 3 when something that is set is wrong, or
the ledger cannot be written.

Example:
  $ reelay doctor --json`,
	probe: `
Example:
  $ reelay probe kite.mp4`,
	init: `
Example:
  $ reelay init && cp .env.example .env
  $ node --env-file=.env app.js`,
	completion: `
To have it in every shell:
  bash  eval "$(reelay completion bash)"      in ~/.bashrc
  zsh   source <(reelay completion zsh)       in ~/.zshrc, after compinit
  fish  reelay completion fish | source       in ~/.config/fish/config.fish`,
};
