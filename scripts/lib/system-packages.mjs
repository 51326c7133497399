/** What the tests need from the system. Installed on Debian as root; elsewhere named, with the tests that will not run without it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

function inPath(names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name)
      if (existsSync(file)) return file
    }
  }
  return null
}

/** The browser the end-to-end tests drive: the one named by CHROMIUM, else what the system has. */
export function findChromium() {
  const named = process.env.CHROMIUM
  if (named !== undefined && named !== '') return existsSync(named) ? named : null
  return inPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
}

function hasFont(folder = '/usr/share/fonts') {
  if (process.platform !== 'linux') return true
  if (!existsSync(folder)) return false
  return readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf)$/i.test(String(name)))
}

/** The RTSP server of GStreamer, its encoders and a decoder: plugins are files, named after what they hold. */
function hasGstreamer() {
  if (process.platform !== 'linux') return true
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  const found = (path) => folders.some((folder) => existsSync(join(folder, path)))
  return (
    ['x264', 'openh264', 'rtp'].every((plugin) => found(`gstreamer-1.0/libgst${plugin}.so`)) &&
    found('girepository-1.0/GstRtspServer-1.0.typelib') &&
    inPath(['gst-launch-1.0']) !== null
  )
}

/** `needs` tells which tests fall away; none of them keeps the rest from running. */
const wanted = [
  {
    name: 'Chromium',
    packages: ['chromium'],
    found: () => findChromium() !== null,
    needs: 'end-to-end tests',
  },
  {
    name: 'strace',
    packages: ['strace'],
    found: () => process.platform !== 'linux' || inPath(['strace']) !== null,
    needs: 'the tests that count fsync calls',
  },
  {
    name: 'GStreamer’s RTSP server',
    packages: [
      'gir1.2-gst-rtsp-server-1.0',
      'python3-gi',
      'gstreamer1.0-tools',
      'gstreamer1.0-plugins-base',
      'gstreamer1.0-plugins-good',
      'gstreamer1.0-plugins-bad',
      'gstreamer1.0-plugins-ugly',
    ],
    found: hasGstreamer,
    needs: 'tests of RTSP against a server and a decoder of others',
  },
  {
    name: 'ffmpeg',
    packages: ['ffmpeg'],
    found: () => process.platform !== 'linux' || inPath(['ffmpeg']) !== null,
    needs: 'test of H.265, nor the cameras’ figures beside it',
  },
  {
    name: 'socat',
    packages: ['socat'],
    found: () => process.platform !== 'linux' || inPath(['socat']) !== null,
    needs: 'tests of serial ports, nor vehicles in the demo',
  },
  {
    name: 'pymodbus',
    packages: ['python3-pymodbus', 'python3-serial', 'python3-serial-asyncio'],
    found: () =>
      process.platform !== 'linux' ||
      (existsSync('/usr/lib/python3/dist-packages/pymodbus') &&
        existsSync('/usr/lib/python3/dist-packages/serial_asyncio')),
    needs: 'tests of vehicle modules against a Modbus of others',
  },
  {
    name: 'a font',
    packages: ['fonts-dejavu-core'],
    found: () => hasFont(),
    needs: 'readable text in the browser',
  },
]

function isDebian() {
  if (!existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*\bdebian\b/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Installs what is missing where that is ours to do. Resolves to what is still missing. */
export async function provideSystemPackages() {
  const missing = wanted.filter((each) => !each.found())
  if (missing.length === 0) return []
  const names = missing.flatMap((each) => each.packages)
  if (isDebian() && process.getuid?.() === 0) {
    console.log(`installing ${names.join(', ')}`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    const update = await run('apt-get', ['update', '-q'], { env })
    const install = await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], {
      env,
    })
    if (!install.ok) console.log(`${update.ok ? '' : update.output}${install.output}`)
  }
  const still = wanted.filter((each) => !each.found())
  for (const each of still)
    console.log(
      `missing: ${each.name} (Debian: apt-get install ${each.packages.join(' ')}); without it: no ${each.needs}`,
    )
  return still
}
