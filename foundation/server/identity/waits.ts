/**
 * How long wrong passwords make one wait. Counted twice, so that guessing is slow and nobody can shut another out:
 *
 * - by account and address: five in a row from one address, then a minute there, doubling to half an hour. Whoever
 *   guesses at a colleague's name keeps himself out, not the colleague at his own desk;
 * - by account alone: from fifty on, whatever the addresses, seconds that grow to a minute. That slows guessing from
 *   many addresses. An address from which the account has been opened in the last thirty days does not wait for it.
 *
 * Behind a reverse proxy all share its address unless the proxy is named as trusted (docs/reverse-proxy.md).
 */
export const FAILURES_BEFORE_WAIT = 5
export const FAILURES_BEFORE_ACCOUNT_WAITS = 50
export const KNOWN_ADDRESS_DAYS = 30

const MINUTE_SECONDS = 60
const LONGEST_MINUTES = 30
const ACCOUNT_WAIT_SECONDS = 5

/** The wait after this many failures in a row from one address; 0 before the fifth. */
export function addressWaitSeconds(failures: number): number {
  const beyond = failures - FAILURES_BEFORE_WAIT
  return beyond < 0 ? 0 : Math.min(LONGEST_MINUTES, 2 ** Math.min(beyond, 10)) * MINUTE_SECONDS
}

/** The wait of the whole account after this many failures from any address; 0 before the fiftieth. */
export function accountWaitSeconds(failures: number): number {
  const beyond = failures - FAILURES_BEFORE_ACCOUNT_WAITS
  return beyond < 0
    ? 0
    : Math.min(MINUTE_SECONDS, ACCOUNT_WAIT_SECONDS * 2 ** Math.min(Math.floor(beyond / 10), 10))
}
