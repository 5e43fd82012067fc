package dev.copperplate.backup.testkit.network;

import java.time.Duration;

/** Small pieces, with a pause before each. */
record Trickle(Direction direction, int bytes, Duration interval) implements NetworkFault {

  Trickle {
    if (bytes < 1 || interval.isNegative()) {
      throw new IllegalArgumentException("Nothing would pass: " + bytes + " bytes in " + interval);
    }
  }

  @Override
  public void before(Piece piece) throws InterruptedException {
    if (piece.direction() == direction) {
      piece.endAt(piece.position() + bytes);
      piece.pause(interval);
    }
  }
}
