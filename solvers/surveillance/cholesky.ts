/** Solves A x = b for each right side by Cholesky; A is symmetric and positive definite, row by row, and is overwritten. */
export function solveInPlace(a: Float64Array, size: number, ...rightSides: Float64Array[]): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!
      a[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j * size + j]!
    }
  }
  for (const b of rightSides) {
    for (let i = 0; i < size; i++) {
      let sum = b[i]!
      for (let k = 0; k < i; k++) sum -= a[i * size + k]! * b[k]!
      b[i] = sum / a[i * size + i]!
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[i]!
      for (let k = i + 1; k < size; k++) sum -= a[k * size + i]! * b[k]!
      b[i] = sum / a[i * size + i]!
    }
  }
}
