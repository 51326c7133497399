/**
 * The five ways data may move between main and a screen, each a delivery promise.
 *
 * | kind    | promise                              | slow reader             | after reconnect         |
 * |---------|--------------------------------------|-------------------------|-------------------------|
 * | call    | answered once, or a fault            | times out               | in flight: `link-lost`  |
 * | table   | the newest row per id                | rows coalesce by id     | full snapshot again     |
 * | journal | every entry, in order, from the disk | reader pulls next page  | continues after its seq |
 * | feed    | the newest frame, one in flight      | older frames dropped    | next frame              |
 * | upload  | the newest frame there is room for    | screen drops older ones | opened again, new credit |
 */
import { z } from 'zod'
import type { Role } from './roles.ts'

export { mayAct, type Role, roles } from './roles.ts'

export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call'
  readonly role: Role
  readonly input: I
  readonly output: O
  /** For the few that take longer than the usual limit; the screen that asks must be as patient. */
  readonly timeoutMs?: number
}

/** Rows carry their key in the field `id`. */
export interface Table<R extends z.ZodType = z.ZodType> {
  readonly kind: 'table'
  readonly role: Role
  readonly row: R
}

/** Entries carry their place in the field `seq`, ascending; gaps are allowed, going back is not. */
export interface Journal<E extends z.ZodType = z.ZodType> {
  readonly kind: 'journal'
  readonly role: Role
  readonly entry: E
}

/** A frame is a small typed header plus bytes (possibly none). `input` names which feed of its kind. */
export interface Feed<I extends z.ZodType = z.ZodType, H extends z.ZodType = z.ZodType> {
  readonly kind: 'feed'
  readonly role: Role
  readonly input: I
  readonly header: H
}

/** Frames from a screen to the app, each only when the app has asked for one. `input` names what they are of. */
export interface Upload<I extends z.ZodType = z.ZodType, H extends z.ZodType = z.ZodType> {
  readonly kind: 'upload'
  readonly role: Role
  readonly input: I
  readonly header: H
}

export type Spec = Call | Table | Journal | Feed | Upload
export type Contract = Readonly<Record<string, Spec>>

export type NamesOf<C extends Contract, K extends Spec['kind']> = {
  [N in keyof C]: C[N] extends { kind: K } ? N : never
}[keyof C] &
  string

export type InputOf<S> = S extends { input: infer I extends z.ZodType } ? z.output<I> : never
export type OutputOf<S> = S extends { output: infer O extends z.ZodType } ? z.output<O> : never
export type RowOf<S> = S extends { row: infer R extends z.ZodType } ? z.output<R> : never
export type EntryOf<S> = S extends { entry: infer E extends z.ZodType } ? z.output<E> : never
export type HeaderOf<S> = S extends { header: infer H extends z.ZodType } ? z.output<H> : never

/** For calls and feeds that need no input. */
export const nothing = z.strictObject({})

export function call<I extends z.ZodType, O extends z.ZodType>(
  role: Role,
  input: I,
  output: O,
  more: { timeoutMs?: number } = {},
): Call<I, O> {
  return { kind: 'call', role, input, output, ...more }
}
export function table<R extends z.ZodType>(role: Role, row: R): Table<R> {
  return { kind: 'table', role, row }
}
export function journal<E extends z.ZodType>(role: Role, entry: E): Journal<E> {
  return { kind: 'journal', role, entry }
}
export function feed<I extends z.ZodType, H extends z.ZodType>(role: Role, input: I, header: H): Feed<I, H> {
  return { kind: 'feed', role, input, header }
}
export function upload<I extends z.ZodType, H extends z.ZodType>(
  role: Role,
  input: I,
  header: H,
): Upload<I, H> {
  return { kind: 'upload', role, input, header }
}
