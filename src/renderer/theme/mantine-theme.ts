/** How Mantine's components behave here. Their looks come from the tokens in CSS, never from injected styles. */
import { createTheme, Drawer, Modal } from '@mantine/core'

/** `lockScroll` would inject a <style> element, which the page's CSP forbids; the page itself never scrolls. */
const overlay = { lockScroll: false, transitionProps: { duration: 0 }, shadow: 'none' } as const

export const mantineTheme = createTheme({
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: Modal.extend({ defaultProps: overlay }),
    Drawer: Drawer.extend({ defaultProps: overlay }),
  },
})
