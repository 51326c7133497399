/** Electron entry. */
import { startElectron } from './shell/electron/life-cycle.ts'

startElectron()
