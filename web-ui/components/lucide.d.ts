/** lucide ships its types for the whole set in one file of two megabytes; we import the single drawings. */
declare module 'lucide/dist/esm/icons/*.mjs' {
  const drawing: [tag: string, attributes: Record<string, string>][];
  export default drawing;
}
