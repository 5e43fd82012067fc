package dev.copperplate.backup.postgres.load.script;

/** Finds the tag that ends a text in dollars. A tag has its dollars at its ends alone. */
final class DollarEnd {

  private final byte[] tag;
  private int matched;

  DollarEnd(byte[] tag) {
    this.tag = tag;
  }

  /** Whether the byte completes the tag. */
  boolean accept(int next) {
    if ((byte) next == tag[matched]) {
      matched++;
    } else {
      matched = next == '$' ? 1 : 0;
    }
    return matched == tag.length;
  }
}
