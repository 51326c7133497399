/** Command-line switches that would take the protection off an installed app; it refuses to start with them. */
const refused = [
  /^--inspect/,
  /^--remote-debugging/,
  /^--remote-allow-origins/,
  /^--no-sandbox/,
  /^--disable-(web-security|setuid-sandbox|site-isolation-trials|namespace-sandbox|seccomp-filter-sandbox)/,
  /^--load-extension/,
  /^--js-flags/,
  /^--host-(resolver-)?rules/,
  /^--proxy-/,
  /^--ignore-certificate-errors/,
  /^--allow-(running-insecure-content|file-access-from-files)/,
  /^--(gpu|renderer|utility)-(launcher|cmd-prefix)/,
  /^--renderer-cmd-prefix/,
  /^--user-data-dir/,
]

export function refusedSwitch(argv: readonly string[]): string | undefined {
  return argv.find((arg) => refused.some((pattern) => pattern.test(arg.toLowerCase())))
}
