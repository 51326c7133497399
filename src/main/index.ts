/** Electron entry. */
import './shell/pool.ts'
import { startElectron } from './shell/electron/life-cycle.ts'

startElectron()
