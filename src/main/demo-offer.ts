/** What a demo site tells the app, checked against the contract. */
import { z } from 'zod'
import { Credentials } from '../contract/accounts.ts'
import { Wall } from '../contract/cameras.ts'
import { PersonName, PhotoUpload } from '../contract/faces.ts'
import { LinkProfile } from '../contract/links.ts'
import { CameraPlan } from '../contract/plans.ts'

/** What a demo site has to be connected to. Ids begin with `demo-`, names of people end in `(demo)`: so they are found and taken away. */
export const DemoOffer = z.object({
  links: z.array(z.object({ profile: LinkProfile, credentials: Credentials.nullable() })),
  plans: z.array(CameraPlan),
  walls: z.array(Wall),
  /** For the face engine of this installation. */
  people: z.array(z.object({ name: PersonName, photos: z.array(PhotoUpload) })),
})
export type DemoOffer = z.output<typeof DemoOffer>

export const noOffer: DemoOffer = { links: [], plans: [], walls: [], people: [] }
