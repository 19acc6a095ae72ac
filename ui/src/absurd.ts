/** Ends a switch that has a case for everything: the compiler refuses a value that is left over. */
export function absurd(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
