/** Starts Electron's shell. */
import { contentSecurityPolicy } from './shell/policy.ts'

console.log(contentSecurityPolicy([]))
