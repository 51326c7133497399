/** The gateway as a driver. Accounts and a key that cannot be read are a state of the link, not a crash. */

import { Fault } from '../../../contract/fault.ts'
import { Standby } from '../../accounts/standby.ts'
import type { Driver } from '../../link.ts'
import { Gateway, socketAddress } from './gateway.ts'
import { gatewayLimits } from './limits.ts'
import type { GatewayProfile } from './profile.ts'
import { testGateway } from './test-link.ts'

export const oht50Gateway: Driver<GatewayProfile> = {
  name: 'oht50-gateway',
  role: 'listens',
  async open(context) {
    const { host, port } = context.profile
    const standby = new Standby(context, socketAddress(host, port), () => {
      const view = context.vehicles?.view
      if (view === undefined) throw new Fault('bug', 'There are no vehicles in this installation')
      return Gateway.open(context, view, gatewayLimits)
    })
    return (await standby.open()) ?? standby
  },
  test: testGateway,
}
