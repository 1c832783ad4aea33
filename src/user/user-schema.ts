import type { User as UserRow } from '../generated/prisma/client.ts'
import { builder } from '../graphql/builder.ts'
import { type Context, requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { resolveKeyset } from '../graphql/keyset.ts'
import { passwordCost } from '../graphql/operation-cost.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId } from '../ids.ts'
import { listUsers, usernameOrder } from './user-directory.ts'
import type { UserKey } from './user-service.ts'

const SEEN_BY =
  'Seen by who shares a conversation with him, unless one of the two has blocked the other: to others he is offline, and was never seen.'

// Without a `select`, so that a plain row, from the log say, answers each field as it is.
export const User = builder.prismaNode('User', {
  description: 'Somebody who has an account.',
  id: { field: 'id', description: 'Opaque, and unique over all types.' },
  nullable: true,
  findUnique: (id, context) => {
    requireViewer(context)
    return { id }
  },
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'The name to sign in and to be found with: unique whatever its case.',
    }),
    displayName: t.exposeString('displayName', { description: 'The name to show.' }),
    avatarUrl: t.expose('avatarUrl', { type: 'URL', nullable: true, description: 'A picture of him.' }),
    email: t.string({
      extensions: viewerDependent,
      nullable: true,
      description: 'Only the user himself sees it: null to anyone else.',
      resolve: ({ id, email }, _, { viewer }) => (viewer?.userId === id ? email : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When he registered.' }),
    online: t.boolean({
      extensions: viewerDependent,
      description: `Whether he has a connection open. ${SEEN_BY}`,
      resolve: async (user, _, { viewer, presenceFeed }) => (await presenceFeed.look(viewer, user)).online,
    }),
    lastSeenAt: t.field({
      extensions: viewerDependent,
      type: 'DateTime',
      nullable: true,
      description: `When his last connection closed; null while online or before the first one. ${SEEN_BY}`,
      resolve: async (user, _, { viewer, presenceFeed }) => (await presenceFeed.look(viewer, user)).lastSeenAt,
    }),
  }),
})

export const UserRef = builder.inputType('UserRef', {
  description: 'Names a user: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'His id.' }),
    username: t.string({ description: 'His username, in any case.' }),
  }),
})

/**
 * @param field the argument that it came in, for the error
 * @throws ChatError NOT_FOUND where there is no such user, BAD_USER_INPUT where the id is no user's
 */
export async function resolveUserRef(
  context: Context,
  ref: typeof UserRef.$inferInput,
  field: string,
): Promise<UserRow> {
  return context.users.resolve(decodeUserRef(ref, field))
}

function decodeUserRef({ id, username }: typeof UserRef.$inferInput, field: string): UserKey {
  return id != null ? { id: decodeId(id, 'User', field) } : { username }
}

builder.queryFields((t) => ({
  viewer: t.field({
    type: User,
    description: 'Who is signed in.',
    resolve: (_, __, context) => context.users.resolve({ id: requireViewer(context).userId }),
  }),

  user: t.field({
    type: User,
    nullable: true,
    description: 'One user; null where there is none.',
    args: { by: t.arg({ type: UserRef, required: true, description: 'Whom.' }) },
    resolve: (_, { by }, context) => {
      requireViewer(context)
      return context.users.find(decodeUserRef(by, 'by'))
    },
  }),

  users: t.connection({
    type: User,
    extensions: rated('search'),
    description: 'Everybody who has an account, in the order of their usernames.',
    args: {
      search: t.arg.string({
        description: 'Only whose username or display name holds this, whatever its case and accents.',
      }),
    },
    resolve: (_, { search, ...page }, context) => {
      requireViewer(context)
      return resolveKeyset(page, usernameOrder, (range) => listUsers(context.database, search ?? '', range))
    },
  }),
}))

const UserPayload = builder.objectRef<{ user: UserRow }>('UserPayload').implement({
  description: 'What a change of a user comes to.',
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user as he is now.', resolve: ({ user }) => user }),
  }),
})

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  description: 'What is left out stays as it is.',
  fields: (t) => ({
    displayName: t.string({ description: 'The name to show, 1 to 64 characters.' }),
    avatarUrl: t.field({ type: 'URL', description: 'A picture of him; null removes it.' }),
    email: t.string({ description: 'Another email address to sign in with; null removes it.' }),
  }),
})

const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'What deleting an account needs.',
  fields: (t) => ({ password: t.string({ required: true, description: 'The account’s password.' }) }),
})

const DeleteAccountPayload = builder.objectRef<{ ok: boolean }>('DeleteAccountPayload').implement({
  description: 'What deleting an account comes to.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true: a failure is an error.' }) }),
})

builder.mutationFields((t) => ({
  updateProfile: t.field({
    type: UserPayload,
    description: 'Changes what others see of the viewer, or his email address.',
    args: { input: t.arg({ type: UpdateProfileInput, required: true, description: 'What to change.' }) },
    resolve: async (_, { input }, context) => ({
      user: await context.users.updateProfile(requireViewer(context), input),
    }),
  }),

  deleteAccount: t.field({
    type: DeleteAccountPayload,
    extensions: passwordCost,
    description:
      'Needs the password. Ends all sessions and memberships of groups, takes back his reactions, and frees the username. ' +
      'His messages stay, under a name that no longer tells who wrote them.',
    args: { input: t.arg({ type: DeleteAccountInput, required: true, description: 'The proof that it is he.' }) },
    resolve: async (_, { input }, context) => {
      await context.users.deleteAccount(requireViewer(context), input.password)
      return { ok: true }
    },
  }),
}))
