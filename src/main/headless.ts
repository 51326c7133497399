/** Node entry: the control center without a window of its own. */
import './shell/pool.ts'
import { runNodeShell } from './shell/node/run.ts'

await runNodeShell(process.argv.slice(2), process.env)
