/** Hands the one port from main to the page, once, and is done. Nothing else is ever exposed here. */
import { ipcRenderer } from 'electron'

ipcRenderer.once('watchfloor:port', (event) => {
  const [port] = event.ports
  if (port === undefined || location.origin !== 'app://control' || window.top !== window) return
  const pass = () => window.postMessage('watchfloor:port', location.origin, [port])
  if (document.readyState === 'complete') pass()
  else window.addEventListener('load', pass, { once: true })
})
