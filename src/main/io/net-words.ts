/** What went wrong on the network, in words an operator can act on. `at` is the address as it may be shown: without secrets. */

export function inWords(error: Error & { code?: string }, at: string): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${at}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name in ${at} is not known`
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${at} cannot be reached`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${at} hung up`
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${at} does not speak TLS: try the address without the s in https or wss`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate of ${at} is not signed by anybody this machine trusts`
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${at} has expired`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${at} is for another name`
    default:
      return error.message
  }
}
