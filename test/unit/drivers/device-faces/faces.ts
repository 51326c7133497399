/** Faces as numbers, made from a seed: near ones are one person's, far ones are strangers'. */
import { numbers } from '../../../../src/main/drivers/device-faces/matching.ts'
import { Random } from '../../../fakes/random.ts'

/** `apart` is the distance of the result from the face of that seed. */
export function faceOf(seed: number, apart = 0): Float32Array {
  const random = new Random(seed)
  const face = Float32Array.from({ length: numbers }, () => random.next() * 2)
  const step = apart / Math.sqrt(numbers)
  return face.map((value) => value + step)
}

export function base64Of(face: Float32Array): string {
  const bytes = Buffer.alloc(face.length * 4)
  for (const [at, value] of face.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes.toString('base64')
}
