/** The system's encryption as Electron offers it: the keychain, DPAPI, or a keyring of the Linux desktop. */
import { safeStorage } from 'electron'
import type { Protect } from '../../secrets.ts'

/** A keyring may ask its owner something first; receiving alerts does not wait for the answer. */
const patienceMs = 3000

/** Undefined where the system offers none. Only after `ready`: before, Electron does not know. */
export async function systemProtection(waitMs = patienceMs): Promise<Protect | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs)
  })
  const asked = safeStorage.isAsyncEncryptionAvailable().catch(() => false)
  const isAvailable = await Promise.race([asked, late])
  clearTimeout(timer)
  if (!isAvailable) return undefined
  return {
    backend: backendOf(process.platform),
    encrypt: async (text) => (await safeStorage.encryptStringAsync(text)).toString('base64'),
    async decrypt(text) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(text, 'base64'))
      return { text: result, isStale: shouldReEncrypt }
    },
  }
}

function backendOf(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'linux':
      return safeStorage.getSelectedStorageBackend()
    case 'darwin':
      return 'keychain'
    case 'win32':
      return 'dpapi'
    default:
      return platform
  }
}
