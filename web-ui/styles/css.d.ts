/** Style sheets are bundled by esbuild; importing one is for its effect only. */
declare module '*.css';
