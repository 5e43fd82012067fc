package dev.copperplate.backup.testkit.network;

import java.util.List;

/**
 * A connection or an exchange, and what befalls it.
 *
 * @param upstream how many bytes of the connection had gone upstream when it began
 * @param downstream the same for the other direction
 */
record Scope(List<NetworkFault> faults, long upstream, long downstream) {

  static final Scope HEALTHY = new Scope(List.of(), 0, 0);

  long start(Direction direction) {
    return direction == Direction.UPSTREAM ? upstream : downstream;
  }

  /** Lets all faults see a piece before it passes. */
  void before(Piece piece, long passed) throws InterruptedException {
    for (NetworkFault fault : faults) {
      piece.startsAt(passed - start(piece.direction()));
      fault.before(piece);
    }
  }

  /** What the worst of the faults makes of the connection. */
  Fate after(Piece piece, long passed) {
    Fate worst = Fate.LIVES;
    for (NetworkFault fault : faults) {
      piece.startsAt(passed - start(piece.direction()));
      worst = worst.or(fault.after(piece));
    }
    return worst;
  }
}
