/**
 * Imported first by every script: ends with one clear line on a Node too old for the product.
 * On Node 20 better-sqlite3 does not throw, it crashes the process, so nothing may load before this.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `Watchfloor needs Node 22.12 or newer; run \`npm ci\`, it brings its own (this is Node ${process.versions.node}). ` +
      'Then start it through npm: `npm start`, `npm test`, `npm run demo`.',
  )
  process.exit(1)
}
