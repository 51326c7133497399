/** Simulated OpenEye servers in a process of their own, told by messages: their work must not be taken for the app's. */
import { startOpenEye } from '../test/sim/openeye/server.ts'

export type SimTask = { readonly do: 'refuse' } | { readonly do: 'accept' }

export interface SimReady {
  readonly urls: readonly string[]
  readonly password: string
}

/** `node openeye-sim.ts SERVERS USERS CAMERAS`; the users are `user0`, `user1`, …, and all have one password. */
const [servers = 1, users = 1, cameras = 1] = process.argv.slice(2).map(Number)
const password = 'Bench-pass-1'
const sims = await Promise.all(
  Array.from({ length: servers }, (_, server) =>
    startOpenEye({
      users: Array.from({ length: users }, (_, n) => ({
        user: `user${n}`,
        password,
        role: 'admin' as const,
      })),
      cameras: Array.from({ length: cameras }, (_, n) => ({ camera: `cam_${server}_${n}` })),
      builtIn: 'none',
      // All clients of a bench share one address; the deployed server would answer its 101st request with a 500.
      requestsPerMinute: 1_000_000,
    }),
  ),
)
const ready: SimReady = { urls: sims.map((sim) => sim.url), password }
process.send?.(ready)
process.on('message', (task: SimTask) => {
  void Promise.all(sims.map((sim) => (task.do === 'refuse' ? sim.refuse() : sim.accept()))).then(() =>
    process.send?.(performance.timeOrigin + performance.now()),
  )
})
