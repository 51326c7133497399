/** A saved picture's name says which camera and when, on every file system. */
import { expect, test } from 'vitest'
import { snapshotName } from '../../../../src/renderer/features/cameras/snapshot.ts'

const at = Date.UTC(2026, 10, 21, 7, 32, 7, 85)

test('camera and local time of the site with its offset', () => {
  expect(snapshotName('Entrance', at, 'Asia/Ho_Chi_Minh')).toBe('Entrance_2026-11-21T14-32-07.085+0700.jpg')
  expect(snapshotName('Entrance', at, 'UTC', 'png')).toBe('Entrance_2026-11-21T07-32-07.085+0000.png')
})

test('signs a file system refuses are replaced, other letters stay', () => {
  expect(snapshotName('Cổng chính: A/B*?', at, 'UTC')).toMatch(/^Cổng chính- A-B-_/)
  expect(snapshotName('..', at, 'UTC')).toMatch(/^camera_/)
  expect(snapshotName('..\\..\\etc\u0000', at, 'UTC')).not.toMatch(/[\\/\u0000]|^\./)
})
