import type { Draw } from './chances.ts'

const LEAN = 2.2 // towards the first of the words, as in any language
const MIDDLE = 2 // the logarithm of how many words most texts have
const SPREAD = 0.8
const LONGEST = 150 // words

const WORDS =
  'the I you to a it and that is in of for we on not this have be but with so at if what just they can do there all was about out up one will no like time when know think see good go now get make new then here today tomorrow maybe really still some more work people need great right back look again later meeting would could should late early build test train coffee lunch question answer week day night morning weekend photo link file room table door window kitchen garden music film book chapter page version release server client message group plan idea problem reason fix change moment minute hour number list order price ticket holiday city street station airport bus bicycle rain sun snow wind summer winter cake bread cheese soup apple tea dinner party birthday present family friend neighbour cat dog mouse game match score team goal choir song concert guitar piano office desk chair lamp computer keyboard screen cable phone battery paper pencil colour green blue red yellow quiet loud fast slow heavy light open closed empty full wonderful strange possible certain careful curious thirsty'.split(
    ' ',
  )
const SHORT = [
  'Yes',
  'No',
  'Ok',
  'Thanks!',
  'On my way',
  '😂',
  '👍',
  'Sounds good',
  'Why?',
  'Me too',
  'Good morning',
  '?',
]
const ENDS = ['.', '.', '.', '!', '?', ' 🙂', '', '', '…']

/** What people might write: a word or two, most often a sentence, now and then a page. */
export function inventText(draw: Draw): string {
  if (draw.next() < 0.15) return draw.pick(SHORT)
  const left = Math.min(LONGEST, Math.max(1, Math.round(Math.exp(MIDDLE + SPREAD * draw.normal()))))
  const sentences: string[] = []
  for (let words = left; words > 0; ) {
    const length = Math.min(words, 4 + draw.below(10))
    sentences.push(inventSentence(draw, length))
    words -= length
  }
  const link = draw.next() < 0.01 ? [`https://example.com/${draw.pick(WORDS)}`] : []
  return [...sentences, ...link].join(sentences.length > 6 ? '\n' : ' ')
}

function inventSentence(draw: Draw, length: number): string {
  const text = Array.from({ length }, () => draw.pick(WORDS, LEAN)).join(' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${draw.pick(ENDS)}`
}
