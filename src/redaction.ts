const SECRETS = ['accessToken', 'authorization', 'cookie', 'hash', 'jwtSecret', 'password', 'refreshToken', 'token']

/** For the log: what is a secret by its name, should it ever get there, is blotted out. Nothing relies on it. */
export const REDACTION = {
  paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
  censor: '[secret]',
}
