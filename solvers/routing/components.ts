/**
 * Numbers the strongly connected components from 1 and gives each node its number: within one of them every node
 * can be reached from every other. Tarjan (1972) without recursion, since a motorway is deeper than any call stack.
 */
export function stronglyConnected(
  nodeCount: number,
  firstOut: Uint32Array,
  outHead: Uint32Array,
): Uint32Array {
  const UNSEEN = 0
  const order = new Uint32Array(nodeCount)
  const low = new Uint32Array(nodeCount)
  const onStack = new Uint8Array(nodeCount)
  const component = new Uint32Array(nodeCount)
  const nextArc = firstOut.slice(0, nodeCount)
  const path: number[] = []
  const stack: number[] = []
  let clock = 0
  let components = 0

  for (let root = 0; root < nodeCount; root++) {
    if (order[root] !== UNSEEN) continue
    path.push(root)
    while (path.length > 0) {
      const node = path[path.length - 1]!
      if (order[node] === UNSEEN) {
        order[node] = low[node] = ++clock
        onStack[node] = 1
        stack.push(node)
      }
      let descended = false
      while (nextArc[node]! < firstOut[node + 1]!) {
        const head = outHead[nextArc[node]!]!
        nextArc[node]!++
        if (order[head] === UNSEEN) {
          path.push(head)
          descended = true
          break
        }
        if (onStack[head] && order[head]! < low[node]!) low[node] = order[head]!
      }
      if (descended) continue
      path.pop()
      const parent = path[path.length - 1]
      if (parent !== undefined && low[node]! < low[parent]!) low[parent] = low[node]!
      if (low[node] !== order[node]) continue
      components++
      let member: number
      do {
        member = stack.pop()!
        onStack[member] = 0
        component[member] = components
      } while (member !== node)
    }
  }
  return component
}
