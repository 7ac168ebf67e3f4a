export function ForcePage() {
  return null
}
