import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TestUser } from '../support/testkit.ts'
import { listenToReactions, reactionsInGroup, removeReaction } from './operations.ts'
import { reactionScene } from './scene.ts'

const EMOJI = ['👍', '🧀', '❤️']

/** Somebody leaves an emoji on a message, or takes it back. */
const change = fc.record({
  who: fc.nat({ max: 2 }),
  which: fc.nat({ max: 1 }),
  emoji: fc.constantFrom(...EMOJI),
  adds: fc.boolean(),
})

test('whatever is left and taken back side by side, and whatever the cuts, a listener that resumes holds what is so at the end', async () => {
  const { tom, jerry, spike, groupId, messageId, cursor, say, react } = await reactionScene()
  const other = await say('Milk?')
  const people = [tom, jerry, spike]
  const messages = [messageId, other.message.id]
  let after = cursor
  const held = new Map<string, unknown>()
  let round = 0

  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
      async (changes, cuts) => {
        const last = `round ${++round}`
        const changing = Promise.all(
          changes.map(({ who, which, emoji, adds }) => {
            const person = people[who] as TestUser
            const id = messages[which] ?? ''
            return adds ? react(person, emoji, id) : person.request(removeReaction, { messageId: id, emoji })
          }),
        ).then(() => say(last))

        let told = ''
        for (const events of [...cuts, Infinity]) {
          const ear = tom.listen(listenToReactions, { groupId, after })
          for (let taken = 0; taken < events && told !== last; taken++) {
            const { groupMessages } = await ear.next()
            after = groupMessages.cursor
            told = groupMessages.message.content ?? ''
            held.set(groupMessages.message.id, groupMessages.message.reactions)
          }
          ear.close()
        }
        await changing

        const { group } = await tom.request(reactionsInGroup, { groupId, last: 200 })
        for (const { node } of group?.messages.edges ?? []) {
          if (held.has(node.id)) expect(held.get(node.id)).toEqual(node.reactions)
        }
        expect(held.get(other.message.id)).toBeDefined()
      },
    ),
    { numRuns: 15 },
  )
})
