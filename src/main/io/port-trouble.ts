/** Why a port could not be opened, in words that say what to try. */

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function portTrouble(error: unknown, host: string, port: number): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: end the other program, or choose another port for this link`
    case 'EACCES':
      return `port ${port} needs administrator rights: choose one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose 127.0.0.1, 0.0.0.0 or one of its own`
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
