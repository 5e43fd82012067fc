package dev.copperplate.backup;

/** How far a snapshot was proved, weakest first. */
public enum Proof {
  /** Everything that it names is stored. */
  STRUCTURE,
  /** Every byte was read and authenticated. */
  DATA,
  /** It was restored, and the restored system answered. */
  RESTORED
}
