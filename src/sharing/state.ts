/** False while the other nodes cannot be reached, so that each node uses its own. */
export interface SharedState {
  readonly shared: boolean;
}
