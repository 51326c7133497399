/** Credentials and users as typed: what is refused, and that what passes fits the contract. */
import { describe, expect, test } from 'vitest'
import { Credentials, NewPassword, UserName } from '../../../../src/contract/accounts.ts'
import {
  type CredentialsDraft,
  credentialsComplaint,
  credentialsOf,
  untyped,
} from '../../../../src/renderer/features/links/accounts/credentials-form.ts'
import {
  nameComplaint,
  passwordComplaint,
} from '../../../../src/renderer/features/links/accounts/user-form.ts'

describe('credentials', () => {
  test.each<[Partial<CredentialsDraft>, string | null]>([
    [{}, null],
    [{ how: 'password' }, 'user'],
    [{ how: 'password', user: ' ' }, 'user'],
    [{ how: 'password', user: 'anna' }, 'password'],
    [{ how: 'password', user: 'anna', password: ' ' }, null],
    [{ how: 'token' }, 'token'],
    [{ how: 'token', token: 'abc' }, 'token'],
    [{ how: 'token', token: 'a.b.c d' }, 'token'],
    [{ how: 'token', token: ' eyJh.eyJz.sig-_ ' }, null],
    [{ how: 'key' }, 'key'],
    [{ how: 'key', token: 'two words' }, 'key'],
    [{ how: 'key', token: ' k-3f2 ' }, null],
  ])('%j: %s', (change, expected) => {
    const draft = { ...untyped, ...change }
    expect(credentialsComplaint(draft)).toBe(expected)
    const credentials = credentialsOf(draft)
    expect(credentials !== undefined).toBe(expected === null && draft.how !== 'keep')
    if (credentials) expect(Credentials.safeParse(credentials).success).toBe(true)
  })

  test('a password is taken as it is, with its spaces', () => {
    const draft: CredentialsDraft = { ...untyped, how: 'password', user: ' anna ', password: ' x ' }
    expect(credentialsOf(draft)).toEqual({ is: 'password', user: 'anna', password: ' x ' })
  })
})

test.each([
  'abc',
  'Ab1!',
  'alllower1!',
  'ALLUPPER1!',
  'NoDigits!!',
  'NoOther123',
  'Good-pass1',
  'Đường phố 9',
])('the screen and the app agree on the password %j', (password) => {
  expect(passwordComplaint(password) === null).toBe(NewPassword.safeParse(password).success)
})

test.each(['ab', 'anna', 'anna b', 'nguyễn', 'a'.repeat(61), 'x@y.z', 'semi;colon'])(
  'the screen and the app agree on the name %j',
  (name) => {
    expect(nameComplaint(name, []) === null).toBe(UserName.safeParse(name).success)
  },
)

test('a name that is taken is refused, whatever its case', () => {
  expect(nameComplaint('Anna', ['anna'])).toBe('taken')
})
