import type { Plot } from './suite.ts'

const WIDTH = 720
const HEIGHT = 400
const FRAME = { left: 80, right: 20, top: 70, bottom: 50 }
const COLOURS = ['#4c72b0', '#c44e52', '#55a868', '#8172b3']

/** Where values lie on an axis, and which of them have a tick. */
interface Axis {
  place(value: number): number
  ticks: number[]
}

/** A plot as SVG, readable on light and dark pages. */
export function lineChart({ title, x, y, logarithmic, curves }: Plot): string {
  const points = curves.flatMap((curve) => curve.points)
  const across = axis(
    points.map(([value]) => value),
    logarithmic.x,
    FRAME.left,
    WIDTH - FRAME.right,
  )
  const up = axis(
    points.map(([, value]) => value),
    logarithmic.y,
    HEIGHT - FRAME.bottom,
    FRAME.top,
  )
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 24, title, 'middle', '16'),
    text(WIDTH / 2, HEIGHT - 10, x, 'middle'),
    text(12, FRAME.top - 12, y, 'start'),
    ...across.ticks.flatMap((tick) => [
      line(across.place(tick), FRAME.top, across.place(tick), HEIGHT - FRAME.bottom),
      text(across.place(tick), HEIGHT - FRAME.bottom + 18, label(tick), 'middle'),
    ]),
    ...up.ticks.flatMap((tick) => [
      line(FRAME.left, up.place(tick), WIDTH - FRAME.right, up.place(tick)),
      text(FRAME.left - 8, up.place(tick) + 4, label(tick), 'end'),
    ]),
    ...curves.flatMap(({ name, points }, index) => {
      const colour = COLOURS[index % COLOURS.length]
      const places = points.map(([a, b]) => `${across.place(a).toFixed(1)},${up.place(b).toFixed(1)}`)
      const legend = FRAME.left + index * 200
      return [
        `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...places.map((place) => `<circle cx="${place.replace(',', '" cy="')}" r="3" fill="${colour}"/>`),
        `<circle cx="${legend}" cy="42" r="5" fill="${colour}"/>`,
        text(legend + 10, 46, name, 'start'),
      ]
    }),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function axis(values: number[], isLogarithmic: boolean, from: number, to: number): Axis {
  const finite = values.filter((value) => Number.isFinite(value) && value > 0)
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  if (!isLogarithmic) {
    const step = 10 ** Math.floor(Math.log10(most / 2))
    const ticks = Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
    const end = ticks.at(-1) ?? 1
    return { ticks, place: (value) => from + (value / end) * (to - from) }
  }
  const [low, high] = [
    Math.floor(Math.log10(least)),
    Math.max(Math.ceil(Math.log10(most)), Math.floor(Math.log10(least)) + 1),
  ]
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  }
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`
}

function text(x: number, y: number, content: string, anchor: string, size = '13'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#333">${content}</text>`
}

function label(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US')
}
