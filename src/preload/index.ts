/** Hands the port from main on to the page, and nothing else. It never grows: what a page may do is decided behind the port. */
import { ipcRenderer } from 'electron'

ipcRenderer.on('watchfloor:port', ({ ports }) => {
  const [port, ...more] = ports
  if (port === undefined || more.length > 0) return
  if (location.origin !== 'app://control' || window.top !== window) return
  const pass = () => window.postMessage('watchfloor:port', location.origin, [port])
  if (document.readyState === 'complete') pass()
  else window.addEventListener('load', pass, { once: true })
})
