/** The serial ports of the machine the app runs on, looked at anew while somebody chooses one. */
import { useEffect, useState } from 'react'
import { type Output, useClient } from './client.ts'

export type SerialPorts = Output<'hardware.ports'>

/** A device that was just plugged in is there before one has looked up. */
const everyMs = 1500

/** Null until the first answer; the last answer while none comes. */
export function useSerialPorts(): SerialPorts | null {
  const client = useClient()
  const [ports, setPorts] = useState<SerialPorts | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const look = async () => {
      const answer = await client.call('hardware.ports', {}).catch(() => null)
      if (over) return
      if (answer !== null) setPorts(answer)
      timer = setTimeout(() => void look(), everyMs)
    }
    void look()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [client])
  return ports
}
