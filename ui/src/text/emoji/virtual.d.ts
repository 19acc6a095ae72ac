declare module "virtual:emoji" {
  /** See `scripts/emoji.ts`. */
  const table: string;
  export default table;
}
