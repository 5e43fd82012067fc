package dev.copperplate.backup.verify;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;

/** What one verification of a snapshot reads. Used by the walking thread alone. */
interface Sample {

  /** Makes the sample of a snapshot. */
  @FunctionalInterface
  interface Choice {
    Sample of(SnapshotReader snapshot, RestoreContext context) throws IOException;
  }

  /** What is read of a file. Asked once for each, in the order of the walk. */
  Pieces of(Entry file) throws IOException;

  /** How far a snapshot is proved of which that was read; asked at the end. */
  Proof proof();

  /** The same of every file. */
  static Choice same(Pieces pieces, Proof proof) {
    return (snapshot, context) ->
        new Sample() {
          @Override
          public Pieces of(Entry file) {
            return pieces;
          }

          @Override
          public Proof proof() {
            return proof;
          }
        };
  }

  /** One of several stable shares, which together are everything. */
  static Choice share(int number, int of) {
    if (number < 1 || number > of) {
      throw new IllegalArgumentException("There is no share " + number + " of " + of);
    }
    if (of == 1) {
      return same(Pieces.ALL, Proof.DATA);
    }
    return (snapshot, context) ->
        new Sample() {
          @Override
          public Pieces of(Entry file) {
            long first = Pieces.hash(file.path(), "");
            return piece -> (first + piece) % of == number - 1;
          }

          @Override
          public Proof proof() {
            return Proof.STRUCTURE;
          }
        };
  }
}
