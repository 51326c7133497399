/** Which tests there are: `unit` is part of every check; the others start the built app or open many sockets, and run in `npm test`. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/**
 * Store threads and processes that tests start run the sources as they are, and most of their start was Node stripping and compiling the same
 * files again: half of the processor time of every test with a store, and with that most of what a busy machine made late.
 */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url))

/** Mirrors of src that start processes, fill disks or count fsyncs for many seconds: too slow for a check before every commit. */
const slowUnits = [
  'test/unit/store/{crash,trouble,file,closing}.test.ts',
  'test/unit/main/{app,http,dispatch,export}.test.ts',
  'test/unit/main/{detections-app,faces-app,cameras-api,rule-engine,site-statistics,ingest}.test.ts',
  'test/unit/main/recorder/{kill,recorder,export}.test.ts',
  'test/unit/drivers/blue-light/{hostile,hub}.test.ts',
  'test/unit/drivers/openeye/server/patience.test.ts',
  'test/unit/drivers/rtsp/{camera,hostile,peer}.test.ts',
  'test/unit/drivers/openeye/client/{login,polling,cameras,sim}.test.ts',
  'test/unit/main/{links,camera-blue,appearances}.test.ts',
  'test/unit/store/{alerts,events,event-pages,records,rules-follow,trends}.test.ts',
  'test/unit/drivers/owt/{link,key,correlation}.test.ts',
  'test/unit/drivers/cameras/{mjpeg,webcam}.test.ts',
  'test/unit/drivers/modbus/{fuzz,pty}.test.ts',
  'test/unit/drivers/device-faces/engine.test.ts',
  'test/unit/drivers/modbus/{bus,bus-writes,bus-slave}.test.ts',
  'test/unit/io/{serial,serial-hang}.test.ts',
  'test/unit/drivers/rplidar/{driver,slips}.test.ts',
  'test/unit/drivers/oht50/{link,orders,backend,rest}.test.ts',
  'test/unit/drivers/oht50-gateway/hostile.test.ts',
  'test/unit/vehicles/{commands,watch,stop-requests,bus-recorder,trends}.test.ts',
  'test/unit/main/vehicles-api.test.ts',
]

function group(
  name: string,
  testTimeout: number,
  more: { include?: string[]; exclude?: string[]; isolate?: boolean; retry?: number } = {},
) {
  const include = [`test/${name}/**/*.test.{ts,tsx}`, ...(more.include ?? [])]
  const exclude = more.exclude ?? []
  // A second try where real sockets, disks and processes are waited for; see playwright.config.ts.
  const { isolate = true, retry = 1 } = more
  return {
    extends: true as const,
    test: { name, include, exclude, isolate, retry, testTimeout, hookTimeout: testTimeout },
  }
}

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'node',
    pool: 'forks',
    projects: [
      // One process for many files: they keep no state in modules, and it takes a third off the check before a commit.
      group('unit', 20_000, { exclude: slowUnits, isolate: false, retry: 0 }),
      group('integration', 60_000, { include: slowUnits }),
      group('electron', 60_000),
      group('bad-input', 60_000),
    ],
  },
})
