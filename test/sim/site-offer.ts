/** What the app is told to connect to, look for and show while the demo site runs. The app checks it against its contract. */

interface Server {
  readonly url: string
}

interface Site {
  readonly openEye: Server & { readonly user: string; readonly password: string }
  readonly lobby: Server & { readonly user: string; readonly password: string }
  readonly yard: Server
  readonly owt: Server
  readonly vehicle: {
    readonly httpUrl: string
    readonly socketUrl: string
    readonly token: string
    readonly ports: { readonly bus: string; readonly lidar: string } | null
  }
  /** JPEG of the person in the lobby, base64. */
  readonly photo: string
}

export function demoOffer({ openEye, lobby, yard, owt, vehicle, photo }: Site) {
  const rtsp = { driver: 'rtsp-camera', enabled: true, ladder: 'lan' }
  const plan = {
    record: true,
    faces: 'off',
    faceLink: null,
    fallback: true,
    fit: 'letterbox',
    facesPerSecond: 5,
    blueLight: false,
  }
  const tile = (camera: string, column: number, row: number) => ({ camera, column, row, span: 1 })
  return {
    links: [
      {
        profile: {
          id: 'demo-openeye',
          driver: 'openeye-client',
          name: 'Demo OpenEye',
          enabled: true,
          url: openEye.url,
          ladder: 'lan',
          pollMs: 5000,
          zone: 'utc',
          recognitionZone: 'local',
          // Four small streams on this very machine: each sighting then has the picture it was made on.
          keepStreams: true,
        },
        credentials: { is: 'password', user: openEye.user, password: openEye.password },
      },
      {
        profile: {
          id: 'demo-owt',
          driver: 'owt-client',
          name: 'Demo face server',
          enabled: true,
          url: owt.url,
          dialect: 'auto',
          boxFormat: 'auto',
          ladder: 'lan',
          zone: 'utc',
        },
        credentials: null,
      },
      {
        profile: { id: 'demo-lobby', name: 'Main lobby', url: lobby.url, location: 'Ground floor', ...rtsp },
        credentials: { is: 'password', user: lobby.user, password: lobby.password },
      },
      {
        profile: { id: 'demo-yard', name: 'Ambulance yard', url: yard.url, location: 'Yard south', ...rtsp },
        credentials: null,
      },
      ...vehicleLinks(vehicle),
    ],
    plans: [
      { ...plan, id: 'demo-lobby/main', faces: 'device' },
      { ...plan, id: 'demo-yard/main', blueLight: true },
      { ...plan, id: 'demo-openeye/front_door', faces: 'server', faceLink: 'demo-owt' },
    ],
    walls: [
      {
        id: 'demo-wall',
        name: 'Demo wall',
        columns: 2,
        tiles: [
          tile('demo-lobby/main', 0, 0),
          tile('demo-yard/main', 1, 0),
          tile('demo-openeye/front_door', 0, 1),
          tile('demo-openeye/lobby', 1, 1),
        ],
      },
    ],
    people: [{ name: 'Eileen Collins (demo)', photos: [{ mime: 'image/jpeg', base64: photo }] }],
  }
}

/** Its modules and LiDAR over serial ports, its firmware over the network, and the gateway others watch it through. */
function vehicleLinks({ httpUrl, socketUrl, token, ports }: Site['vehicle']) {
  const vehicle = 'OHT-50-001'
  const serial = (port: string) => ({ enabled: true, vehicle, port })
  return [
    {
      profile: {
        id: 'demo-vehicle',
        driver: 'oht50-client',
        name: 'OHT-50 network',
        enabled: true,
        vehicle,
        httpUrl,
        socketUrl,
        backendUrl: '',
        ladder: 'lan',
        pollMs: 1000,
      },
      credentials: { is: 'token', token },
    },
    ...(ports === null
      ? []
      : [
          {
            profile: {
              id: 'demo-bus',
              driver: 'modbus-bus',
              name: 'OHT-50 bus',
              ...serial(ports.bus),
              baudRate: 115_200,
              parity: 'none',
              stopBits: 1,
              timeoutMs: 500,
              units: [2, 3, 4, 5],
              maps: [],
              writable: true,
            },
            credentials: null,
          },
          {
            profile: {
              id: 'demo-lidar',
              driver: 'rplidar',
              name: 'LiDAR',
              ...serial(ports.lidar),
              model: 'c1',
              mode: 'standard',
              mountDeg: 0,
              zones: { emergencyMm: 500, warningMm: 1000, cautionMm: 2000 },
            },
            credentials: null,
          },
        ]),
    {
      profile: {
        id: 'demo-gateway',
        driver: 'oht50-gateway',
        name: 'Vehicle gateway',
        enabled: true,
        host: '127.0.0.1',
        port: 8081,
        origins: [],
        viewersNeedToken: false,
        tokenMinutes: 60,
      },
      credentials: null,
    },
  ]
}
