/** Says why this Node cannot run the store, before better-sqlite3 is loaded: on Node 20 it ends the process instead of throwing. */
const least = [22, 12] as const

/** Null when all is well, else one sentence for the person who started us. */
export function runtimeTrouble(version: string = process.versions.node): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > least[0] || (major === least[0] && minor >= least[1])) return null
  return `Watchfloor needs Node ${least.join('.')} or newer; this is Node ${version}. Start it with npm start, which brings its own.`
}
