import { foldText } from '../../src/text.ts'
import type { Draw } from './chances.ts'

const MONTH = 30 * 24 * 3_600_000 // ms

const FIRST_NAMES =
  'Anna Ben Carla David Elif Farid Greta Hugo Ines Jonas Kemal Lena Marek Nadia Olga Pavel Rosa Samir Tara Ulla Viktor Wanda Yara Zoé Aiko Björn Chloé Dmitri Eva Finn Gül Hana Ivan Jana Karim Lucía Mia Noah Otto Priya'.split(
    ' ',
  )
const LAST_NAMES =
  'Adler Berg Costa Dahl Eriksen Fischer Grau Haddad Ivanova Jansen Kaya Lindt Moreau Nowak Okafor Petrov Quist Rossi Sato Tamm Ueda Vogel Weber Xu Yilmaz Zeman Abbas Brandt Castro Doyle Engel Falk Garcia Horn Iqbal Jung Kraft Lang Meyer Novák'.split(
    ' ',
  )

/** Somebody who takes part in invented talks. */
export interface Person {
  id: string
  username: string
}

/** A row of the table User. */
export interface PersonRow extends Person {
  usernameKey: string
  displayName: string
  nameKey: string
  createdAt: Date
}

/**
 * @param before when all of them have registered
 * @param taken usernames that they can't have, in lower case; theirs are added
 */
export function inventPeople(draw: Draw, count: number, before: Date, taken: Set<string>): PersonRow[] {
  return Array.from({ length: count }, () => {
    const [first, last] = [draw.pick(FIRST_NAMES), draw.pick(LAST_NAMES)]
    const displayName = `${first} ${last}`
    const username = freeName(`${first}.${last}`, taken)
    const createdAt = new Date(before.getTime() - draw.next() * MONTH)
    return {
      id: draw.id(createdAt),
      username,
      usernameKey: username,
      displayName,
      nameKey: foldText(displayName),
      createdAt,
    }
  })
}

function freeName(wanted: string, taken: Set<string>): string {
  const ascii = wanted
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z.]/g, '')
  let name = ascii
  for (let number = 2; taken.has(name); number++) name = `${ascii}${number}`
  taken.add(name)
  return name
}
