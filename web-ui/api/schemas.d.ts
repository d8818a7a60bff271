/** The bodies that forms edit, as JSON Schema; put in by scripts/build-ui.ts. */
declare module 'cordboard:schemas' {
  const schemas: Record<string, import('../components/schema-fields.ts').JsonSchema>;
  export default schemas;
}
