import { builder } from '../graphql/builder.ts'
import { type Context, requireViewer } from '../graphql/context.ts'
import { viewerDependent } from '../graphql/dependence.ts'
import { passwordCost } from '../graphql/operation-cost.ts'
import { LARGEST_PAGE } from '../graphql/pages.ts'
import { rated } from '../graphql/rated-fields.ts'
import { decodeId, encodeId } from '../ids.ts'
import type { SignedIn } from './session-service.ts'

const Session = builder.prismaNode('Session', {
  description: 'A signed-in device.',
  id: { field: 'id', description: 'Opaque, and unique over all types.' },
  nullable: true,
  findUnique: (id, context) => ({ id, userId: requireViewer(context).userId }),
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it signed in.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', description: 'When it was last refreshed.' }),
    userAgent: t.exposeString('userAgent', { nullable: true, description: 'What it called itself then.' }),
    current: t.boolean({
      extensions: viewerDependent,
      description: 'Whether it is the one that asks.',
      resolve: ({ id }, _, { viewer }) => viewer?.sessionId === id,
    }),
  }),
})

const SessionPayload = builder.objectRef<SignedIn>('SessionPayload').implement({
  description: 'A session, and what its client needs to go on with it.',
  fields: (t) => ({
    user: t.prismaField({
      type: 'User',
      description: 'Who is signed in.',
      resolve: (query, { userId }, _, { database }) =>
        database.read.user.findUniqueOrThrow({ ...query, where: { id: userId } }),
    }),
    accessToken: t.exposeString('accessToken', { description: 'Send it as "Authorization: Bearer …".' }),
    accessTokenExpiresAt: t.expose('accessTokenExpiresAt', {
      type: 'DateTime',
      description: 'Before then, get the next one with refreshSession.',
    }),
    refreshToken: t.exposeString('refreshToken', { description: 'Good for one refreshSession. Keep it secret.' }),
    refreshTokenExpiresAt: t.expose('refreshTokenExpiresAt', {
      type: 'DateTime',
      description: 'When the session ends where it isn’t refreshed.',
    }),
  }),
})

const LogoutPayload = builder.objectRef<{ ok: boolean }>('LogoutPayload').implement({
  description: 'What signing out comes to.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'Always true: a failure is an error.' }) }),
})

const EndSessionPayload = builder.objectRef<{ endedSessionId: string }>('EndSessionPayload').implement({
  description: 'What ending a session comes to.',
  fields: (t) => ({ endedSessionId: t.exposeID('endedSessionId', { description: 'The id that the session had.' }) }),
})

const RegisterInput = builder.inputType('RegisterInput', {
  description: 'A new account.',
  fields: (t) => ({
    username: t.string({
      required: true,
      description: '3 to 32 letters, digits, `_`, `.` and `-`, unique whatever their case.',
    }),
    email: t.string({ description: 'To sign in with as well. Nobody else sees it.' }),
    password: t.string({ required: true, description: '8 to 72 bytes in UTF-8.' }),
    displayName: t.string({ description: 'The name to show, 1 to 64 characters: the username unless given.' }),
  }),
})

const LoginInput = builder.inputType('LoginInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    login: t.string({ required: true, description: 'A username or an email address.' }),
    password: t.string({ required: true, description: 'The account’s password.' }),
  }),
})

const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'The session to go on with.',
  fields: (t) => ({
    refreshToken: t.string({ required: true, description: 'The newest one that the session was given.' }),
  }),
})

const EndSessionInput = builder.inputType('EndSessionInput', {
  description: 'A device to sign out.',
  fields: (t) => ({ sessionId: t.id({ required: true, description: 'One of the viewer’s `sessions`.' }) }),
})

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'The old password and the new one.',
  fields: (t) => ({
    currentPassword: t.string({ required: true, description: 'The password until now.' }),
    newPassword: t.string({ required: true, description: 'The one from now on: 8 to 72 bytes in UTF-8.' }),
  }),
})

/** From here on it is he who asks: the rest of the operation shows him what is his own. */
async function becomeViewer(context: Context, signedIn: SignedIn): Promise<SignedIn> {
  const { userId, sessionId, accessTokenExpiresAt } = signedIn
  await context.loginGuard.know(userId, context.network)
  context.viewer = { userId, sessionId, expiresAt: accessTokenExpiresAt.getTime() }
  return signedIn
}

builder.queryField('sessions', (t) =>
  t.prismaField({
    type: [Session],
    description: 'The viewer’s signed-in devices, the last used first.',
    resolve: (query, _, __, context) =>
      context.database.read.session.findMany({
        ...query,
        where: { userId: requireViewer(context).userId, expiresAt: { gt: new Date() } },
        orderBy: { lastUsedAt: 'desc' },
        take: LARGEST_PAGE,
      }),
  }),
)

builder.mutationFields((t) => ({
  register: t.field({
    type: SessionPayload,
    extensions: { ...rated('register'), ...passwordCost },
    description: 'Makes an account and signs in.',
    args: { input: t.arg({ type: RegisterInput, required: true, description: 'The account.' }) },
    resolve: async (_, { input }, context) =>
      becomeViewer(context, await context.users.register(input, context.userAgent)),
  }),

  login: t.field({
    type: SessionPayload,
    extensions: { ...rated(null), ...passwordCost },
    description: 'Signs in on one more device.',
    args: { input: t.arg({ type: LoginInput, required: true, description: 'Who, and the proof.' }) },
    resolve: async (_, { input: { login, password } }, context) =>
      becomeViewer(context, await context.credentials.login(login, password, context)),
  }),

  refreshSession: t.field({
    type: SessionPayload,
    extensions: rated('refresh'),
    description:
      'Rotates: the refresh token that it is given is spent, and one spent twice ends the whole session. ' +
      'Where the answer was lost, trying again with the same token is safe until the next one is used.',
    args: { input: t.arg({ type: RefreshSessionInput, required: true, description: 'The session.' }) },
    resolve: async (_, { input: { refreshToken } }, context) =>
      becomeViewer(context, await context.sessions.refresh(refreshToken, context.userAgent)),
  }),

  logout: t.field({
    type: LogoutPayload,
    extensions: rated(null),
    description: 'Ends the session that asks, its connections included.',
    resolve: async (_, __, context) => {
      await context.sessions.end(requireViewer(context).sessionId)
      return { ok: true }
    },
  }),

  endSession: t.field({
    type: EndSessionPayload,
    extensions: rated(null),
    description: 'Signs one of the viewer’s devices out, its connections included.',
    args: { input: t.arg({ type: EndSessionInput, required: true, description: 'Which device.' }) },
    resolve: async (_, { input }, context) => {
      const { userId } = requireViewer(context)
      const sessionId = decodeId(input.sessionId, 'Session', 'sessionId')
      await context.sessions.endOwn(userId, sessionId)
      return { endedSessionId: encodeId('Session', sessionId) }
    },
  }),

  logoutEverywhere: t.field({
    type: LogoutPayload,
    extensions: rated(null),
    description: 'Ends all sessions of the viewer, this one included.',
    resolve: async (_, __, context) => {
      await context.sessions.endAll(requireViewer(context).userId)
      return { ok: true }
    },
  }),

  changePassword: t.field({
    type: SessionPayload,
    extensions: passwordCost,
    description: 'Ends all sessions of the viewer, this one included, and opens a new one.',
    args: { input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }) },
    resolve: async (_, { input }, context) =>
      becomeViewer(context, await context.credentials.changePassword(requireViewer(context), input, context.userAgent)),
  }),
}))
