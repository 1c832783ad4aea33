interface Planned {
  at: number
  order: number
  run: () => void
}

/** Time that jumps from one planned event to the next: a binary heap, in which what is planned alike keeps its order. */
export class Timeline {
  /** Units as the simulation likes. */
  now = 0
  /** How many events there have been. */
  events = 0
  #planned = 0
  readonly #heap: Planned[] = []

  plan(at: number, run: () => void): void {
    const heap = this.#heap
    const event = { at, order: this.#planned++, run }
    let place = heap.push(event) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (isBefore(heap[parent] as Planned, event)) break
      heap[place] = heap[parent] as Planned
      place = parent
    }
    heap[place] = event
  }

  /** Runs what is planned, up to a time or to the end of all. */
  run(end = Infinity): void {
    for (let first = this.#heap[0]; first && first.at <= end; first = this.#heap[0]) {
      this.#removeFirst()
      this.now = first.at
      this.events++
      first.run()
    }
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop() as Planned
    if (heap.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Planned, heap[child] as Planned)) child++
      if (isBefore(last, heap[child] as Planned)) break
      heap[place] = heap[child] as Planned
      place = child
    }
    heap[place] = last
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
