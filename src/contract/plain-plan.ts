/** A camera that is only shown. Free of zod, so that a screen may use it at run time. */
export const plainPlan = {
  record: false,
  faces: 'off',
  faceLink: null,
  fallback: true,
  fit: 'letterbox',
  facesPerSecond: 15,
  blueLight: false,
} as const
